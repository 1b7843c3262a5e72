"""A chart with a slider; every position was computed before, so it needs no kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from bmcourse import checks
from bmcourse.widgets.slider_chart.numbers import HEIGHT, WIDTH, Axis, path, span

FOLDER = Path(__file__).parent
MOST = 7
"""Lines that colours and dashes can tell apart."""


class SliderChart(anywidget.AnyWidget):
    """Lines over one axis, and a slider for a number that changes them.

    Parameters
    ----------
    name : str
        What the slider changes, such as ``"degree of the polynomial"``.
    values : sequence
        Its positions, as they are to be read.
    x : array_like of shape (n,)
    lines : dict of str to array_like
        Each of shape (positions, n), or (n,) for one that stays. At most 7; not finite: a gap.
    axes : tuple of str
        What stands along the two axes, units included.
    says : sequence of str
        One sentence for each position: what to see there.
    dots : dict of str to (x, y)
        Points that stay.
    y_range : tuple of float, optional
        Lowest and highest place upwards (default: all that there is).
    log : str
        ``""``, ``"x"``, ``"y"`` or ``"xy"``: the logarithmic axes.
    start : int
        Position shown first.

    Examples
    --------
    >>> chart = SliderChart("power", [1, 2], [0, 1, 2], {"y": [[0, 1, 2], [0, 1, 4]]},
    ...                     ("x", "y"), ["A line.", "A parabola."])
    >>> chart
    SliderChart(power: 2 positions, 1 line)
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    scene: Any = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        name: str,
        values: Sequence[Any],
        x: ArrayLike,
        lines: Mapping[str, ArrayLike],
        axes: tuple[str, str],
        says: Sequence[str],
        *,
        dots: Mapping[str, tuple[ArrayLike, ArrayLike]] | None = None,
        y_range: tuple[float, float] | None = None,
        log: str = "",
        start: int = 0,
        **options: Any,
    ) -> None:
        across = checks.array("x", x, ndim=1)
        drawn = {key: _every(key, line, len(values), len(across)) for key, line in lines.items()}
        points = {
            key: (np.asarray(a, float), np.asarray(b, float))
            for key, (a, b) in (dots or {}).items()
        }
        _check(values, drawn, says, log, start)
        xs = [across, *(a for a, _ in points.values())]
        ys = [*drawn.values(), *(b for _, b in points.values())]
        first = Axis(*_ends(xs, "x" in log), WIDTH, "x" in log)
        all_of_them = span(np.concatenate([np.ravel(y) for y in ys]), "y" in log)
        second = Axis(*(y_range or all_of_them), HEIGHT, "y" in log)
        scene = {
            "name": name,
            "values": [str(value) for value in values],
            "says": list(says),
            "axes": list(axes),
            "start": start,
            "marks": [first.marks(), second.marks()],
            "lines": [
                {"name": key, "paths": [path(first, second, across, one) for one in line]}
                for key, line in drawn.items()
            ],
            "dots": [
                {"name": key, "places": _places(first, second, a, b)}
                for key, (a, b) in points.items()
            ],
        }
        super().__init__(scene=scene, **options)

    def __repr__(self) -> str:
        positions, count = len(self.scene["values"]), len(self.scene["lines"])
        plural = "s" if count > 1 else ""
        return f"SliderChart({self.scene['name']}: {positions} positions, {count} line{plural})"


def _every(key: str, line: ArrayLike, positions: int, n: int) -> np.ndarray:
    """Return a line at each position; one that stays is kept once."""
    found = np.asarray(line, float)
    if found.shape not in {(n,), (positions, n)}:
        checks.fail(f"line {key!r}", f"shape ({positions}, {n}) or ({n},)", found.shape)
    return np.atleast_2d(found)


def _check(
    values: Sequence[Any], lines: Mapping[str, Any], says: Sequence[str], log: str, start: int
) -> None:
    if len(values) < 2:
        checks.fail("values", "two positions or more", len(values))
    if not 1 <= len(lines) <= MOST:
        checks.fail("lines", f"1 to {MOST}", len(lines))
    if len(says) != len(values):
        checks.fail("says", f"a sentence for each of {len(values)} positions", len(says))
    checks.one_of("log", log, ("", "x", "y", "xy"))
    if not 0 <= checks.integer("start", start, at_least=0) < len(values):
        checks.fail("start", f"a position from 0 to {len(values) - 1}", start)


def _ends(xs: Sequence[np.ndarray], log: bool) -> tuple[float, float]:
    found = np.concatenate(xs)
    if log:
        return span(found, log)
    return float(found.min()), float(found.max())


def _places(first: Axis, second: Axis, a: np.ndarray, b: np.ndarray) -> list[list[float]]:
    places = np.column_stack([first.place(a), second.length - second.place(b)])
    return [[round(float(value), 1) for value in place] for place in places]
