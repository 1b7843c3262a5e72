"""Assert a number, and show the reader that it holds.

Every function checks one claim. If it holds, a line says so: the line is the same on
every machine, the measured value stands behind it. If it fails, `ClaimError` names the
claim, the measured value and the bound. The test run counts the claims of a notebook.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.outputs import show


class ClaimError(AssertionError):
    """A claim does not hold."""


def at_least(name: str, value: float, bound: float) -> None:
    """Claim that `value` is at least `bound`.

    Examples
    --------
    >>> at_least("held-out accuracy", 0.9912, 0.985)
    ✓ held-out accuracy is at least 0.985 (measured 0.9912)
    """
    _claim(f"{name} is at least {_text(bound)}", float(value) >= bound, value)


def at_most(name: str, value: float, bound: float) -> None:
    """Claim that `value` is at most `bound`.

    Examples
    --------
    >>> at_most("largest error", 2e-9, 1e-8)
    ✓ largest error is at most 1e-08 (measured 2e-09)
    """
    _claim(f"{name} is at most {_text(bound)}", float(value) <= bound, value)


def equal(name: str, value: float, expected: float, *, tolerance: float = 0.0) -> None:
    """Claim that `value` is `expected`, or within `tolerance` (absolute) of it.

    Both are shown with as many digits as the tolerance needs.

    Examples
    --------
    >>> equal("parameters", 93322, 93322)
    ✓ parameters: 93,322
    >>> equal("mean squared error", 0.2500001, 0.25, tolerance=1e-6)
    ✓ mean squared error is 0.25 within 1e-06 (measured 0.2500001)
    """
    if tolerance == 0:
        _claim(f"{name}: {_text(expected)}", value == expected, value, repeat=False)
        return
    holds = abs(float(value) - expected) <= tolerance
    digits = (_digits(number, tolerance) for number in (expected, value))
    statement = f"{name} is {_text(expected, next(digits))} within {_text(tolerance)}"
    _claim(statement, holds, value, digits=next(digits))


def close(
    name: str,
    value: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    rtol: float | None = None,
    atol: float = 0.0,
) -> None:
    """Claim that two arrays have one shape and agree element by element.

    They agree where ``|value - expected| <= atol + rtol * |expected|``. Without `rtol` it is 0
    if `atol` is given, else 1e-7. Empty arrays are refused: there is nothing to agree on.

    Examples
    --------
    >>> close("revenue, two ways", [2.000001e6, 0.0], [2e6, 0.0], rtol=1e-6)
    ✓ revenue, two ways agree: 2 numbers, to 1e-06 of their size (largest relative difference 5e-07)
    >>> close("both ways of adding", [0.1 + 0.2, 1.0], [0.3, 1.0], atol=1e-12)
    ✓ both ways of adding agree: 2 numbers, to 1e-12 (largest difference 5.6e-17)
    """
    arrays = f"the arrays of {name!r}"
    left, right = (checks.plain(arrays, side).astype(float) for side in (value, expected))
    if left.shape != right.shape:
        raise ClaimError(f"{name}: shapes {left.shape} and {right.shape} differ")
    if left.size == 0:
        checks.fail(arrays, "not empty", f"shape {left.shape}")
    relative = rtol if rtol is not None else (0.0 if atol else 1e-7)
    difference, size = np.abs(left - right), np.abs(right)
    holds = bool(np.all(difference <= atol + relative * size))
    label = "largest difference"
    if relative and not atol:
        label = "largest relative difference"
        with np.errstate(divide="ignore", invalid="ignore"):
            difference = np.where(difference > 0, difference / size, difference)
    count = f"{left.size:,} number" + ("s" if left.size != 1 else "")
    statement = f"{name} agree: {count}, {_bound(atol, relative, left.size)}"
    _claim(statement, holds, float(np.max(difference, initial=0.0)), label=label, digits=2)


def holds(name: str, condition: bool) -> None:
    """Claim that a statement is true; `condition` is a boolean, Python's or NumPy's.

    Anything else is refused: the text "False" would count as true.

    Examples
    --------
    >>> holds("no image is in both sets", True)
    ✓ no image is in both sets
    """
    if np.ndim(condition) != 0 or np.asarray(condition).dtype != np.bool_:
        checks.fail(f"the condition of {name!r}", "True or False", repr(condition))
    _claim(name, bool(condition), bool(condition), repeat=False)


def _claim(
    statement: str,
    true: bool,
    value: float,
    *,
    label: str = "measured",
    repeat: bool = True,
    digits: int = 4,
) -> None:
    if not true:
        raise ClaimError(f"this claim does not hold: {statement}; {label} {float(value)!r}")
    detail = f"{label} {_text(value, digits)}" if repeat else ""
    show(statement, detail, mark="✓", claim=statement)


def _bound(atol: float, rtol: float, count: int) -> str:
    share = f"{rtol:g} of {'its' if count == 1 else 'their'} size"
    if atol and rtol:
        return f"to {atol:g} plus {share}"
    return f"to {atol:g}" if atol else f"to {share}" if rtol else "exactly"


def _digits(value: float, tolerance: float) -> int:
    """Digits that show `value` to one place below the first digit of `tolerance`, at least 4."""
    if value == 0 or not math.isfinite(value):
        return 4
    decimals = max(math.floor(-math.log10(tolerance)) + 1, 0)
    return max(4, math.floor(math.log10(abs(value))) + 1 + decimals)


def _text(value: float, digits: int = 4) -> str:
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return f"{int(number):,}"
    if abs(number) < 1000 or digits > 4:
        return f"{number:,.{digits}g}"
    return f"{number:,.0f}"
