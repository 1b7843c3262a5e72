"""Answers to an exercise: get one, and compare any two of them without an error."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

TEXTS = (str, bytes, type(None))
SINGLE = 1e-5  # tolerance for numbers computed in float32, relative to the largest of them


@dataclass(frozen=True)
class Raised:
    """Stands for an answer that did not come: which error, and its text.

    Examples
    --------
    >>> short = call(lambda sizes: sizes[2], ([1, 2],))
    >>> print(short)
    IndexError: list index out of range
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"

    def like(self, other: object) -> bool:
        """Say whether another error differs in the numbers of its text at most."""
        return isinstance(other, Raised) and _without_numbers(self) == _without_numbers(other)


def _without_numbers(error: Raised) -> str:
    return re.sub(r"\d+", "#", str(error))


def call(function: Callable[..., Any], case: tuple[Any, ...]) -> Any:
    """Return what a function answers to a copy of a case, or the error that it raised."""
    try:
        return function(*copy.deepcopy(case))
    except Exception as error:
        return Raised(type(error).__name__, str(error))


def equal(left: Any, right: Any, *, rtol: float, atol: float) -> bool:
    """Say whether two answers are the same; two that cannot be compared are not.

    Lists and tuples are compared part by part, dictionaries key by key, errors by their kind
    and text, anything that is an array of numbers by shape and value, with NaN equal to NaN.
    Numbers in float32 need agree as far only as float32 can.

    Examples
    --------
    >>> equal([1.0, [2.0, 3.0]], (1.0, np.array([2.0, 3.0])), rtol=0, atol=1e-9)
    True
    >>> equal([1.0, [2.0, 3.0]], np.ones(2), rtol=0, atol=1e-9)
    False
    >>> equal(np.float32(0.1), 0.1, rtol=0, atol=1e-9)
    True
    """
    try:
        return _equal(left, right, rtol, atol)
    except Exception:  # an object's own == may raise anything
        return False


def numbers(value: Any) -> npt.NDArray[Any] | None:
    """Return a value as an array of numbers, or None if it is not one.

    Examples
    --------
    >>> numbers([1, 2])
    array([1., 2.])
    >>> print(numbers("1"), numbers([[1, 2], [3]]), numbers({1}))
    None None None
    """
    try:
        array = np.asarray(value)
        texts = array.dtype.kind == "O" and any(isinstance(part, TEXTS) for part in array.flat)
        if texts or array.dtype.kind in "USmM":
            return None
        return array if array.dtype.kind == "c" else array.astype(float)
    except Exception:  # a tensor without values raises an error of its own kind
        return None


def is_number(value: Any) -> bool:
    """Say whether a value is one number.

    Examples
    --------
    >>> is_number(np.float64(3)), is_number([3]), is_number("3")
    (True, False, False)
    """
    array = numbers(value) if not isinstance(value, (tuple, list)) else None
    return array is not None and array.shape == ()


def are_lists(*values: Any) -> bool:
    """Say whether all values are lists or tuples."""
    return all(isinstance(value, (tuple, list)) for value in values)


def _equal(left: Any, right: Any, rtol: float, atol: float) -> bool:
    if isinstance(left, Raised):
        return left.like(right)
    if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        return len(left) == len(right) and all(
            _equal(a, b, rtol, atol) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            _equal(left[key], right[key], rtol, atol) for key in left
        )
    if isinstance(left, TEXTS) or isinstance(right, TEXTS):
        return type(left) is type(right) and bool(left == right)
    a, b = numbers(left), numbers(right)
    if a is None or b is None:
        return bool(np.array_equal(left, right))
    if a.shape != b.shape:
        return False
    if _is_single(left) or _is_single(right):
        rtol, atol = max(rtol, SINGLE), max(atol, SINGLE * _largest(b))
    return np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True)


def _is_single(value: Any) -> bool:
    kind = np.asarray(value).dtype
    return kind.kind in "fc" and kind.itemsize <= (4 if kind.kind == "f" else 8)


def _largest(values: npt.NDArray[Any]) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else 0.0
