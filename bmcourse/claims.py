"""Assert a number, and show the reader that it holds.

Every function checks one claim. If it holds, a line says so: the line is the same on
every machine, the measured value stands behind it. If it fails, `ClaimError` names the
claim, the measured value and the bound. The test run counts the claims of a notebook.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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

    Examples
    --------
    >>> equal("parameters", 93322, 93322)
    ✓ parameters: 93,322
    >>> equal("mean squared error", 0.2500001, 0.25, tolerance=1e-6)
    ✓ mean squared error is 0.25 within 1e-06 (measured 0.25)
    """
    if tolerance == 0:
        _claim(f"{name}: {_text(expected)}", value == expected, value, repeat=False)
        return
    holds = abs(float(value) - expected) <= tolerance
    _claim(f"{name} is {_text(expected)} within {_text(tolerance)}", holds, value)


def close(
    name: str,
    value: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    rtol: float = 1e-7,
    atol: float = 0.0,
) -> None:
    """Claim that two arrays have one shape and agree element by element.

    They agree where ``|value - expected| <= atol + rtol * |expected|``.

    Examples
    --------
    >>> close("both ways of adding", [0.1 + 0.2, 1.0], [0.3, 1.0], atol=1e-12)
    ✓ both ways of adding agree: 2 numbers, to 1e-12 (largest difference 5.6e-17)
    """
    left, right = np.asarray(value, dtype=float), np.asarray(expected, dtype=float)
    if left.shape != right.shape:
        raise ClaimError(f"{name}: shapes {left.shape} and {right.shape} differ")
    difference = float(np.max(np.abs(left - right), initial=0.0))
    holds = bool(np.all(np.abs(left - right) <= atol + rtol * np.abs(right)))
    count = f"{left.size:,} number" + ("s" if left.size != 1 else "")
    _claim(
        f"{name} agree: {count}, to {max(rtol if not atol else 0.0, atol):g}",
        holds,
        difference,
        label="largest difference",
        digits=2,
    )


def holds(name: str, condition: bool) -> None:
    """Claim that a statement is true.

    Examples
    --------
    >>> holds("no image is in both sets", True)
    ✓ no image is in both sets
    """
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


def _text(value: float, digits: int = 4) -> str:
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return f"{int(number):,}"
    return f"{number:.{digits}g}" if abs(number) < 1000 else f"{number:,.0f}"
