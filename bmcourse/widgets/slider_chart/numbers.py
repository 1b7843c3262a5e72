"""From values to places in the drawing, and the marks of an axis. No widget is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from bmcourse import checks

WIDTH, HEIGHT = 600, 300
"""Size of the drawing, without the marks of its axes."""


@dataclass(frozen=True)
class Axis:
    """From a value to a place: `low` is at 0, `high` at `length`.

    Attributes
    ----------
    low, high : float
    length : int
        In units of the drawing.
    log : bool
        Equal factors are equal distances.
    """

    low: float
    high: float
    length: int
    log: bool = False

    def __post_init__(self) -> None:
        """Refuse an axis that has no extent, or a logarithm of what is not positive."""
        if not (np.isfinite([self.low, self.high]).all() and self.low < self.high):
            checks.fail("range of an axis", "low below high", f"{self.low} to {self.high}")
        if self.log and self.low <= 0:
            checks.fail("range of a logarithmic axis", "above 0", f"{self.low} to {self.high}")

    def place(self, values: ArrayLike) -> npt.NDArray[np.float64]:
        """Return where the values lie; beyond the ends they are not cut off."""
        found = np.asarray(values, float)
        low, high = self.low, self.high
        if self.log:
            found = np.log(np.where(found > 0, found, np.nan))
            low, high = np.log([low, high])
        return np.asarray((found - low) / (high - low) * self.length)

    def _multiples(self, step: float) -> npt.NDArray[np.float64]:
        """Return the multiples of `step` within the axis."""
        first, last = np.ceil(self.low / step - 1e-9), np.floor(self.high / step + 1e-9)
        return np.asarray(step * np.arange(first, last + 1))

    def marks(self, most: int = 6) -> list[tuple[float, str]]:
        """Return round values within the axis as (place, text), at most `most` unless logarithmic.

        Examples
        --------
        >>> [text for _, text in Axis(0, 1, 300).marks()]
        ['0', '0.2', '0.4', '0.6', '0.8', '1']
        >>> [text for _, text in Axis(1, 1e4, 300, log=True).marks()]
        ['1', '10', '100', '1,000', '10,000']
        """
        if self.log:
            first, last = np.ceil(np.log10(self.low) - 1e-9), np.floor(np.log10(self.high) + 1e-9)
            step = max(1, int(np.ceil((last - first + 1) / most)))
            round_values = 10.0 ** np.arange(first, last + 1, step)
        else:
            rough = (self.high - self.low) / (most - 1)
            power = 10.0 ** np.floor(np.log10(rough))
            steps = [factor * power for factor in (0.5, 1, 2, 5, 10)]
            found = [self._multiples(step) for step in steps]
            round_values = next(values for values in found if len(values) <= most)
        places = self.place(round_values)
        return [(round(float(p), 1), text(v)) for p, v in zip(places, round_values, strict=True)]


def text(value: float) -> str:
    """Return a value as the mark of an axis.

    Examples
    --------
    >>> text(0.30000000000000004), text(-2.0), text(25000), text(1e-5), text(3e7)
    ('0.3', '-2', '25,000', '1e-05', '3e+07')
    """
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}"
    return f"{round(float(value), 10) + 0.0:,.10g}"  # no minus before 0


def span(values: ArrayLike, log: bool = False) -> tuple[float, float]:
    """Return the lowest and the highest finite value with a little room around them."""
    found = np.asarray(values, float)
    found = found[np.isfinite(found) & ((found > 0) | (not log))]
    if not found.size:
        checks.fail("values", "one finite number or more", "none")
    low, high = float(found.min()), float(found.max())
    if log:
        return low / 1.1, high * 1.1
    room = 0.04 * (high - low) or 0.5
    return low - room, high + room


def path(across: Axis, up: Axis, x: ArrayLike, y: ArrayLike) -> str:
    """Return a line as an SVG path in half units of the drawing; a missing value is a gap.

    After the first point of each piece the steps are relative, in whole numbers: short texts.

    Examples
    --------
    >>> path(Axis(0, 2, 600), Axis(0, 1, 300), [0, 1, 2], [0, np.nan, 1])
    'M0,600M1200,0'
    >>> path(Axis(0, 2, 600), Axis(0, 1, 300), [0, 1, 2], [0, 0.5, 1])
    'M0,600l600,-300 600,-300'
    """
    left = 2 * across.place(x)
    down = 2 * (up.length - up.place(y))
    parts, last = [], None
    for a, b in zip(left, down, strict=True):
        if not np.isfinite([a, b]).all():
            last = None
            continue
        here = round(a), round(min(max(b, -2 * up.length), 4 * up.length))  # far outside: cut
        if last is None:
            parts.append(f"M{here[0]},{here[1]}")
        else:
            lead = "l" if parts[-1].startswith("M") else " "
            parts.append(f"{lead}{here[0] - last[0]},{here[1] - last[1]}")
        last = here
    return "".join(parts)
