"""What a classifier answers at each place of a plane, and the points it was asked about."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

SHADES = np.linspace(0, 1, 12)  # eleven bands, the middle one white
# From class 0 over "no idea" to class 1; the ends are told apart with every colour blindness.
ANSWERS = LinearSegmentedColormap.from_list("answers", ["#E69F00", "#FFFFFF", "#56B4E9"])


def points(ax: Axes, x: npt.NDArray[Any], y: npt.NDArray[Any], *, size: float = 60) -> Axes:
    """Draw points of two classes, told apart by form: 0 is a square, 1 a disc.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : ndarray of shape (n, 2)
    y : ndarray of shape (n,)
        0 or 1.
    size : float
        Area of a mark, in square points.
    """
    for answer, marker, colour in [(0, "s", "white"), (1, "o", "black")]:
        chosen = x[np.asarray(y) == answer]
        ax.scatter(
            chosen[:, 0],
            chosen[:, 1],
            s=size,
            marker=marker,
            c=colour,
            edgecolors="black",
            linewidths=1.2,
            zorder=3,
            label=f"class {answer}",
        )
    return ax


def answers(
    ax: Axes,
    across: npt.NDArray[Any],
    up: npt.NDArray[Any],
    probability: npt.NDArray[Any],
    *,
    xlabel: str = "$x_1$",
    ylabel: str = "$x_2$",
) -> Axes:
    """Colour a plane by the probability of class 1; a black line where it is one half.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    across, up : ndarray of shape (columns,), (rows,)
        Positions of the grid on the two axes.
    probability : ndarray of shape (rows, columns)
        From 0 (orange) to 1 (blue).
    xlabel, ylabel : str
        Labels of the axes.
    """
    ax.contourf(across, up, probability, levels=SHADES, cmap=ANSWERS, vmin=0, vmax=1)
    if probability.min() < 0.5 < probability.max():
        ax.contour(across, up, probability, levels=[0.5], colors="black", linewidths=2)
    ax.grid(False)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return ax
