"""Small pictures whose pixels can be read: a number in each, a frame around a window."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

# Blue for negative, white for 0, orange for positive: told apart with every colour blindness.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#0072B2", "#FFFFFF", "#D55E00"])


def pixels(
    ax: Axes,
    values: npt.NDArray[Any],
    *,
    label: str = "",
    numbers: str = "",
    signed: bool = False,
    frame: tuple[int, int, int, int] | None = None,
) -> Axes:
    """Draw a matrix as a picture, with its numbers written in.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    values : ndarray of shape (rows, columns)
    label : str
        Written below the picture.
    numbers : str
        Format of the numbers, for example ``"d"``; empty for none.
    signed : bool
        Orange for positive, blue for negative numbers, instead of grey ink on white.
    frame : (row, column, height, width), optional
        A window to outline, in pixels.
    """
    largest = float(np.abs(values).max()) or 1.0
    low, colours = (-largest, SIGNED) if signed else (0.0, "gray_r")
    ax.imshow(values, cmap=colours, vmin=low, vmax=largest)
    ax.grid(False)
    ax.set(xticks=[], yticks=[], xlabel=label)
    for (i, j), value in np.ndenumerate(values) if numbers else ():
        dark = value < -0.7 * largest if signed else value > 0.55 * largest
        colour = "white" if dark else "black"
        ax.text(j, i, format(value, numbers), ha="center", va="center", color=colour, fontsize=10)
    if frame is not None:
        row, column, height, width = frame
        corner = (column - 0.5, row - 0.5)
        window = Rectangle(corner, width, height, fill=False, edgecolor="#009E73", linewidth=3)
        ax.add_patch(window)
    for spine in ax.spines.values():
        spine.set_visible(True)
    return ax
