"""Two rows of numbered boxes with arrows between them: which number reads which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from bmcourse.plots.figure import COLOURS

Link = tuple[int, int, int]
HEIGHT, BOX = 2.2, 0.82
LINES = ("-", "--", ":")  # besides the colour: for those who do not see it


def strips(
    ax: Axes,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    links: Sequence[Link],
    *,
    at: Sequence[float],
    labels: tuple[str, str],
    down: bool = False,
    weights: Sequence[str] = (),
) -> Axes:
    """Draw two rows of numbers and an arrow for each product between them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    lower : array_like of shape (n,)
        The lower row, one box after the other from 0 on.
    upper : array_like of shape (places,)
        The upper row.
    links : sequence of (lower index, upper index, weight index)
        One arrow each; its weight gives it colour and line.
    at : sequence of float
        Where the boxes of the upper row stand, counted in boxes of the lower row.
    labels : (str, str)
        Names of the lower and of the upper row, written at their left.
    down : bool
        Arrows point down, from the upper row to the lower one, instead of up.
    weights : sequence of str
        Names of the weights for a legend; none is drawn without them.
    """
    low, high = (np.asarray(row, dtype=float) for row in (lower, upper))
    for y, numbers, places in ((0.0, low, range(len(low))), (HEIGHT, high, at)):
        for place, number in zip(places, numbers, strict=True):
            _box(ax, place, y, number)
    for below, above, weight in links:
        ends = [(at[above], HEIGHT - BOX / 2), (below, BOX / 2)]
        head, tail = ends[::-1] if down else ends
        ax.annotate("", xy=head, xytext=tail, arrowprops=_look(weight))
    for weight, name in enumerate(weights):
        look = _look(weight)
        ax.plot([], [], color=look["color"], linestyle=look["linestyle"], label=name)
    if weights:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=len(weights))
    for y, label in zip((0.0, HEIGHT), labels, strict=True):
        ax.text(-0.75, y, label, ha="right", va="center", fontsize=11)
    ax.set(xlim=(-1.6, len(low) - 0.4), ylim=(-0.6, HEIGHT + 0.6))
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _box(ax: Axes, place: float, y: float, number: float) -> None:
    corner = (place - BOX / 2, y - BOX / 2)
    grey = "#F2F2F2" if number else "white"
    ax.add_patch(Rectangle(corner, BOX, BOX, facecolor=grey, edgecolor="#555555"))
    ax.text(place, y, f"{number:g}", ha="center", va="center", fontsize=11)


def _look(weight: int) -> dict[str, Any]:
    style = {"arrowstyle": "-|>", "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    return {**style, "color": COLOURS[weight], "linestyle": LINES[weight % len(LINES)]}
