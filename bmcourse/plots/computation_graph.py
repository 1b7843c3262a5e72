"""Computational graphs: values flow along the arrows, gradients against them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

FORWARD, BACKWARD = "#0072B2", "#B34700"
DISC: Any = {"boxstyle": "circle,pad=0.35", "facecolor": "#DCEBF5", "edgecolor": FORWARD, "lw": 1.5}
ARROW: Any = {"arrowstyle": "-|>", "color": "#555555", "shrinkA": 15, "shrinkB": 15}


def graph(
    ax: Axes,
    places: Mapping[str, tuple[float, float]],
    edges: Mapping[tuple[str, str], str],
    *,
    values: Mapping[str, str],
    gradients: Mapping[str, str],
) -> Axes:
    """Draw a computation: a disc for each quantity, an arrow for each use of it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    places : mapping of str to (across, up)
        Name and position of each quantity; neighbours should be 2 apart.
    edges : mapping of (from, to) to str
        The local slope written on each arrow.
    values : mapping of str to str
        Written above a disc, in blue: the forward pass.
    gradients : mapping of str to str
        Written below a disc, in orange and bold: the backward pass.
    """
    for (start, end), slope in edges.items():
        ax.annotate("", xy=places[end], xytext=places[start], arrowprops=ARROW)
        (x0, y0), (x1, y1) = places[start], places[end]
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        patch: Any = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        ax.text(*middle, slope, ha="center", va="center", fontsize=9, bbox=patch)
    for name, (across, up) in places.items():
        ax.text(across, up, name, ha="center", va="center", fontsize=12, bbox=DISC, zorder=3)
        above, below = values.get(name, ""), gradients.get(name, "")
        ax.text(across, up + 0.42, above, ha="center", va="bottom", color=FORWARD, fontsize=10)
        style: Any = {"ha": "center", "va": "top", "color": BACKWARD, "weight": "bold"}
        ax.text(across, up - 0.42, below, fontsize=10, **style)
    _frame(ax, places)
    return ax


def _frame(ax: Axes, places: Mapping[str, tuple[float, float]]) -> None:
    across, up = zip(*places.values(), strict=True)
    ax.set(xlim=(min(across) - 0.8, max(across) + 0.8), ylim=(min(up) - 0.8, max(up) + 0.8))
    ax.axis("off")
