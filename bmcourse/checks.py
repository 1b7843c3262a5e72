"""Validate arguments with one wording: what was expected, and what came.

Every function returns the value it checked, so that a check can stand where
the value is used. The message is always::

    <argument> must be <expected>, got <received>
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Sequence
from typing import Any, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


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
    if isinstance(value, (bool, np.bool_, str, bytes)):
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


def instance(argument: str, value: object, kind: type, example: str) -> None:
    """Refuse a `value` that is not an object of class `kind`, such as the class itself.

    Examples
    --------
    >>> instance("steps", 3, int, "3")
    >>> instance("steps", int, int, "3")
    Traceback (most recent call last):
    ...
    ValueError: steps must be an object such as 3, got <class 'int'>
    """
    if not isinstance(value, kind):
        fail(argument, f"an object such as {example}", repr(value))


def generator(
    argument: str, value: np.random.Generator | int | None, *, fresh: bool = False
) -> np.random.Generator:
    """Return a generator as it is, and a whole number as a new generator with that seed.

    With `fresh`, None stands for a new generator without a seed.

    Examples
    --------
    >>> generator("rng", 0).integers(100) == np.random.default_rng(0).integers(100)
    np.True_
    """
    if isinstance(value, np.random.Generator):
        return value
    if value is None and fresh:
        return np.random.default_rng()
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 0:
        return np.random.default_rng(int(value))
    fail(argument, "a numpy.random.Generator or a seed, a whole number of at least 0", repr(value))


def plain(argument: str, value: npt.ArrayLike) -> Array:
    """Return `value` as an array of any type; a mask or rows of different lengths are refused.

    NumPy would drop a mask without a word. Objects become numbers where all of them are numbers.

    Examples
    --------
    >>> plain("x", np.ma.masked_less([1, 2], 2))
    Traceback (most recent call last):
    ...
    ValueError: x must be an array without a mask, got a masked array
    """
    parts = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(part, np.ma.MaskedArray) for part in parts):
        fail(argument, "an array without a mask", "a masked array")
    try:
        result = np.asarray(value)
    except ValueError:
        fail(argument, "an array whose rows have one length", "rows of different lengths")
    if result.dtype.kind == "O":
        items = _items(result)
        if items and all(isinstance(item, (bool, int, float)) for item in items):
            return np.array(items).reshape(result.shape)
    return result


def array(
    argument: str,
    value: npt.ArrayLike,
    *,
    ndim: int | None = None,
    shape: Sequence[int | None] | None = None,
    finite: bool = True,
    empty: bool = False,
) -> Array:
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
    result = plain(argument, value)
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


def class_labels(argument: str, value: npt.ArrayLike) -> Array:
    """Return one class label a row, shape (n_samples,): whole numbers, booleans or strings.

    Raises
    ------
    ValueError
        If it is empty, not one-dimensional, or holds fractions, NaN or mixed kinds.

    Examples
    --------
    >>> class_labels("y_true", ["cat", "dog"])
    array(['cat', 'dog'], dtype='<U3')
    """
    result = plain(argument, value)
    if result.dtype.kind == "U" and not isinstance(value, np.ndarray):
        result = np.asarray(value, dtype=object)  # NumPy turned numbers and NaN into words
    if result.ndim != 1:
        fail(argument, "an array of shape (n_samples,), one label a row", f"shape {result.shape}")
    if result.size == 0:
        fail(argument, "an array of shape (n_samples,), not empty", f"shape {result.shape}")
    if result.dtype.kind == "O":
        kinds = {type(item).__name__ for item in _items(result)}
        if kinds != {"str"}:
            fail(argument, "class labels of one kind (whole numbers or strings)", _listed(kinds))
        return result.astype(str)
    if result.dtype.kind not in "biufU":
        fail(argument, "class labels (whole numbers or strings)", f"dtype {result.dtype}")
    if result.dtype.kind == "f":
        wrong = result[~np.isfinite(result) | (result != np.floor(result))]
        if wrong.size:
            fail(argument, "class labels (whole numbers or strings)", wrong[0])
    return result


def same_length(**arrays: Array) -> int:
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


def _items(objects: Array) -> list[Any]:
    """Return the objects of an array; NumPy's own numbers and words as Python's."""
    flat = objects.ravel().tolist()
    return [item.item() if isinstance(item, np.generic) else item for item in flat]


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _fits(actual: tuple[int, ...], wanted: Sequence[int | None]) -> bool:
    return len(actual) == len(wanted) and all(
        w is None or a == w for a, w in zip(actual, wanted, strict=True)
    )


def _refuse_not_finite(argument: str, values: Array) -> None:
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        fail(argument, "an array of finite numbers", f"{values[index]} at index {index}")
