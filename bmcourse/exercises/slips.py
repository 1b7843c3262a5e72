"""Slips that can happen in every exercise with numbers: sign, per cent, rounding, a sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.answers import Raised, numbers

Array = npt.NDArray[Any]
Same = Callable[[Any, Any], bool]
MOST_DIGITS = 6
TOGETHER: dict[str, Callable[[Array], Any]] = {
    "Those are the parts. Return their sum.": np.sum,
    "Those are the parts. Return their mean.": np.mean,
    "Return only the last of these numbers.": lambda parts: parts[-1],
}


def numeric_slip(expected: Sequence[Any], answers: Sequence[Any], same: Same) -> str | None:
    """Return a hint if all answers differ from the right ones in one simple way, or None.

    Parameters
    ----------
    expected, answers : sequence
        The right and the given answer to each case.
    same : callable
        Says whether two answers are the same.

    Examples
    --------
    >>> close = lambda a, b: bool(np.allclose(np.ravel(a), np.ravel(b)))
    >>> numeric_slip([0.25, -2.5], [-0.25, 2.5], same=close)
    'The size is right, the sign is not.'
    >>> numeric_slip([0.123, 0.456], [0.12, 0.46], same=close)
    'Right, but rounded. Return all digits.'
    >>> numeric_slip([3.0, 6.0], [[3.0], [1.0, 5.0]], same=close)
    'Those are the parts. Return their sum.'
    """
    right, given = _arrays(expected), _arrays(answers)
    if right is None or given is None:
        return None
    if [a.shape for a in right] == [b.shape for b in given]:
        return _of_values(right, given, same)
    lists = all(b.ndim == 1 and b.size for b in given) and any(b.size > 1 for b in given)
    if lists and all(a.shape == () for a in right):
        return next((h for h, f in TOGETHER.items() if same([f(b) for b in given], right)), None)
    return None


def _of_values(right: list[Array], given: list[Array], same: Same) -> str | None:
    if not any(np.any(b) for b in given):
        return None
    if same([-a for a in right], given):
        return "The size is right, the sign is not."
    if all(np.all(a <= 1) for a in right) and same([100 * a for a in right], given):
        return "Right, but in per cent. Divide by 100."
    values = np.concatenate([np.ravel(b) for b in given])
    if len(np.unique(values)) > 1 and any(
        same([np.round(a, digits) for a in right], given) for digits in range(1, MOST_DIGITS + 1)
    ):
        return "Right, but rounded. Return all digits."
    return None


def _arrays(values: Sequence[Any]) -> list[Array] | None:
    found = [None if isinstance(value, Raised | dict) else numbers(value) for value in values]
    arrays = [array for array in found if array is not None and array.dtype.kind == "f"]
    return arrays if len(arrays) == len(values) else None
