"""Draw a network as discs and arrows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

RADIUS = 0.28


def network(ax: Axes, layers: Sequence[Sequence[str]], titles: Sequence[str] = ()) -> Axes:
    """Draw units as discs, column by column, with an arrow from each to each of the next.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    layers : sequence of sequences of str
        Names of the units, layer by layer.
    titles : sequence of str
        One title for each layer, or none.
    """
    tallest = max(len(names) for names in layers)
    places = [
        [(2.2 * i, (len(n) - 1) / 2 - k) for k in range(len(n))] for i, n in enumerate(layers)
    ]
    for here, there in pairwise(places):
        for start in here:
            for end in there:
                _arrow(ax, start, end)
    for names, column in zip(layers, places, strict=True):
        for name, place in zip(names, column, strict=True):
            _disc(ax, name, place)
    for i, title in enumerate(titles):
        ax.text(2.2 * i, tallest / 2 + 0.15, title, ha="center", va="bottom", fontsize=10)
    ax.set(xlim=(-0.8, 2.2 * (len(layers) - 1) + 0.8), ylim=(-tallest / 2 - 0.1, tallest / 2 + 0.5))
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _disc(ax: Axes, name: str, place: tuple[float, float]) -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    across, up = place[0] + RADIUS * np.cos(angle), place[1] + RADIUS * np.sin(angle)
    ax.fill(across, up, facecolor="#DCEBF5", edgecolor="#0072B2", linewidth=1.5, zorder=2)
    ax.text(*place, name, ha="center", va="center", fontsize=11, zorder=3)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    way = np.subtract(end, start)
    margin = RADIUS * way / np.hypot(*way)
    style = {"arrowstyle": "-|>", "color": "#555555", "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=np.subtract(end, margin), xytext=np.add(start, margin), arrowprops=style)
