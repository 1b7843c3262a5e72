"""Validate arguments with one wording: what was expected, and what came.

Every function returns the value it checked, so that a check can stand where
the value is used. The message is always::

    <argument> must be <expected>, got <received>
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt


def fail(argument: str, expected: str, received: object) -> NoReturn:
    """Raise the one `ValueError` of this package.

    Examples
    --------
    >>> fail("rate", "a number in [0, 1)", 2)
    Traceback (most recent call last):
    ...
    ValueError: rate must be a number in [0, 1), got 2
    """
    raise ValueError(f"{argument} must be {expected}, got {received}")


def integer(argument: str, value: object, *, at_least: int = 1) -> int:
    """Return `value` as a whole number of at least `at_least`; booleans are refused.

    Examples
    --------
    >>> integer("units", 3)
    3
    """
    expected = f"a whole number of at least {at_least}"
    if isinstance(value, (bool, np.bool_)):
        fail(argument, expected, repr(value))
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        fail(argument, expected, repr(value))
    if number < at_least:
        fail(argument, expected, repr(value))
    return number


def number(
    argument: str,
    value: object,
    *,
    at_least: float | None = None,
    above: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """Return `value` as a finite float within the given bounds.

    Examples
    --------
    >>> number("learning_rate", 0.1, above=0)
    0.1
    """
    limits = {"at least": at_least, "above": above, "at most": at_most, "below": below}
    stated = [f"{words} {bound}" for words, bound in limits.items() if bound is not None]
    expected = " ".join(["a finite number", " and ".join(stated)]).strip()
    if isinstance(value, (bool, np.bool_)):
        fail(argument, expected, repr(value))
    try:
        result = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        fail(argument, expected, repr(value))
    inside = (
        np.isfinite(result)
        and (at_least is None or result >= at_least)
        and (above is None or result > above)
        and (at_most is None or result <= at_most)
        and (below is None or result < below)
    )
    if not inside:
        fail(argument, expected, repr(value))
    return result


def one_of(argument: str, value: Any, choices: Collection[Any]) -> Any:
    """Return `value` if it is one of `choices`.

    Examples
    --------
    >>> one_of("padding", "same", ("valid", "same"))
    'same'
    """
    if value not in choices:
        fail(argument, "one of " + ", ".join(map(repr, choices)), repr(value))
    return value


def array(
    argument: str,
    value: npt.ArrayLike,
    *,
    ndim: int | None = None,
    shape: Sequence[int | None] | None = None,
    finite: bool = True,
    empty: bool = False,
) -> npt.NDArray[Any]:
    """Return `value` as a numeric array of the given rank or shape.

    Parameters
    ----------
    argument : str
        Name for the message.
    value : array_like
    ndim : int, optional
        Required number of dimensions.
    shape : sequence of int or None, optional
        Required shape; None stands for any length.
    finite : bool
        Refuse NaN and infinity.
    empty : bool
        Accept an array without elements.

    Raises
    ------
    ValueError
        If any requirement is not met.

    Examples
    --------
    >>> array("x", [[1, 2]], shape=(None, 2)).shape
    (1, 2)
    """
    result = np.asarray(value)
    if result.dtype.kind not in "biuf":
        fail(argument, "an array of numbers", f"dtype {result.dtype}")
    if ndim is not None and result.ndim != ndim:
        fail(argument, f"an array with {ndim} dimensions", f"shape {result.shape}")
    if shape is not None and not _fits(result.shape, shape):
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        fail(argument, f"an array of shape ({wanted})", f"shape {result.shape}")
    if not empty and result.size == 0:
        fail(argument, "an array that is not empty", f"shape {result.shape}")
    # A sum is NaN or infinite as soon as one element is: the quick test first.
    if finite and result.dtype.kind == "f":
        with np.errstate(invalid="ignore", over="ignore"):
            suspicious = not np.isfinite(np.sum(result))
        if suspicious:
            _refuse_not_finite(argument, result)
    return result


def labels(argument: str, value: npt.ArrayLike, *, classes: int) -> npt.NDArray[np.intp]:
    """Return `value` as class numbers, shape (n,), each in [0, classes).

    Examples
    --------
    >>> labels("y", [0, 2], classes=3)
    array([0, 2])
    """
    result = array(argument, value, ndim=1)
    expected = f"whole numbers from 0 to {classes - 1}"
    if result.dtype.kind == "b" or (result.dtype.kind == "f" and np.any(result % 1 != 0)):
        fail(argument, expected, f"dtype {result.dtype}")
    if result.min() < 0 or result.max() >= classes:
        bad = result[(result < 0) | (result >= classes)][0]
        fail(argument, expected, bad)
    return result.astype(np.intp, copy=False)


def same_length(**arrays: npt.NDArray[Any]) -> int:
    """Return the common length of the named arrays.

    Examples
    --------
    >>> same_length(x=np.zeros(3), y=np.ones(3))
    3
    """
    lengths = {name: len(values) for name, values in arrays.items()}
    if len(set(lengths.values())) != 1:
        received = ", ".join(f"{name}: {n}" for name, n in lengths.items())
        fail(" and ".join(lengths), "of the same length", received)
    return next(iter(lengths.values()))


def _fits(actual: tuple[int, ...], wanted: Sequence[int | None]) -> bool:
    return len(actual) == len(wanted) and all(
        w is None or a == w for a, w in zip(actual, wanted, strict=True)
    )


def _refuse_not_finite(argument: str, values: npt.NDArray[Any]) -> None:
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        fail(argument, "an array of finite numbers", f"{values[index]} at index {index}")
