"""Leakage: a test row that training has seen is no test."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.imbalance.inputs import count_classes


class LeakageError(AssertionError):
    """Training and test rows are not apart."""


def assert_no_leakage(
    train: npt.ArrayLike,
    test: npt.ArrayLike,
    groups: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> None:
    """Raise an error if a test row, or its group, is also on the training side.

    Rows are compared exactly, value by value (0 and -0 are equal, NaN equals NaN), so hand
    over both sides in the same form: 0.1 in float32 is not 0.1 in float64. A rotated or
    interpolated copy is another row: give each row the group it was made from, and groups
    are compared as well.

    Parameters
    ----------
    train, test : array_like of shape (n_train, ...) and (n_test, ...)
        Feature rows or images, numbers.
    groups : pair of array_like, optional
        The groups of the training rows and of the test rows, shapes (n_train,), (n_test,):
        numbers on both sides, or strings on both.

    Raises
    ------
    LeakageError
        Says how many test rows (and groups) are on both sides.
    ValueError
        If shapes or lengths do not fit, or groups are numbers on one side only.

    Examples
    --------
    >>> assert_no_leakage([[1, 2], [3, 4]], [[5, 6]])
    >>> assert_no_leakage([[1, 2], [3, 4]], [[3, 4], [5, 6]])
    Traceback (most recent call last):
    ...
    bmcourse.imbalance.leakage.LeakageError: 1 of 2 test rows is also in the training rows
    """
    left = checks.array("train", train, finite=False)
    right = checks.array("test", test, finite=False)
    if left.ndim == 0 or left.shape[1:] != right.shape[1:] or right.ndim == 0:
        expected = "rows of the same shape"
        checks.fail("train and test", expected, f"shapes {left.shape} and {right.shape}")
    found = []
    shared_rows = int(np.isin(*_row_numbers(right, left)).sum())
    if shared_rows:
        found.append(_say(shared_rows, len(right), "test row", "in the training rows"))
    if groups is not None:
        shared, total = _shared_groups(groups, len(left), len(right))
        if shared:
            found.append(_say(shared, total, "test group", "among the training groups"))
    if found:
        raise LeakageError("; ".join(found))


def _row_numbers(first: Array, second: Array) -> tuple[Array, Array]:
    """Number the distinct rows of both arrays: equal rows get equal numbers."""
    kind = np.result_type(first, second)
    both = np.concatenate([a.reshape(len(a), -1).astype(kind) for a in (first, second)])
    if kind.kind == "f":  # one form of zero and one of NaN, so that bytes can be compared
        both = np.where(np.isnan(both), np.nan, both + 0).astype(kind)
    as_bytes = both.view(np.dtype((np.void, both.dtype.itemsize * both.shape[1]))).ravel()
    _, numbers = np.unique(as_bytes, return_inverse=True)
    return numbers[: len(first)], numbers[len(first) :]


def _shared_groups(
    groups: tuple[npt.ArrayLike, npt.ArrayLike], n_train: int, n_test: int
) -> tuple[int, int]:
    """Return how many of the test side's groups are on both sides, and how many it has."""
    if len(groups) != 2:
        checks.fail(
            "groups", "a pair, of the training and of the test rows", f"{len(groups)} items"
        )
    sides = [count_classes(f"groups[{i}]", side) for i, side in enumerate(groups)]
    for name, side, expected in zip(("train", "test"), sides, (n_train, n_test), strict=True):
        checks.same_length(**{f"groups of {name}": side.codes, name: np.empty(expected)})
    kinds = [side.names.dtype for side in sides]
    if (kinds[0].kind == "U") != (kinds[1].kind == "U"):  # NumPy would call 1 and "1" equal
        received = f"dtypes {kinds[0]} and {kinds[1]}"
        checks.fail("groups", "numbers on both sides, or strings on both", received)
    shared = np.intersect1d(sides[0].names, sides[1].names)
    return len(shared), len(sides[1].names)


def _say(shared: int, total: int, what: str, where: str) -> str:
    verb = "is" if shared == 1 else "are"
    plural = "" if total == 1 else "s"
    return f"{shared} of {total} {what}{plural} {verb} also {where}"
