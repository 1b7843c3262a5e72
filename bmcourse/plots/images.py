"""Pictures of images and matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bmcourse.plots.figure import figure


def gallery(
    images: npt.NDArray[Any],
    titles: Sequence[str] = (),
    *,
    columns: int = 8,
    cell: float = 1.0,
    title_size: float = 9,
) -> Figure:
    """Draw images in a grid, each under its title.

    Parameters
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, channels)
        Grey images (dark on light), or colour images of uint8 or of floats in [0, 1].
    titles : sequence of str
        One title an image, or none.
    columns : int
        Images in a row.
    cell : float
        Width of one image, in inches.
    title_size : float
        Size of the titles, in points.
    """
    pictures = images[..., 0] if images.ndim == 4 and images.shape[-1] == 1 else images
    rows = -(-len(pictures) // columns)
    lines = 1 + max(title.count("\n") for title in titles) if titles else 0
    height = 1.06 * cell + lines * 1.35 * title_size / 72  # 72 points are an inch
    made, axes = figure(rows, columns, size=(columns * cell, rows * height), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for i, picture in enumerate(pictures):
        ax = axes.flat[i]
        ax.imshow(picture, cmap="gray_r" if picture.ndim == 2 else None)
        if titles:
            ax.set_title(titles[i], fontsize=title_size, pad=2)
    return made


def heatmap(
    ax: Axes,
    matrix: npt.NDArray[Any],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    xlabel: str,
    ylabel: str,
    numbers: str = "",
) -> Axes:
    """Draw a matrix as colours, with its numbers written in.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    matrix : ndarray of shape (n_rows, n_columns)
    rows, columns : sequence of str
        Names of the rows and columns.
    xlabel, ylabel : str
        Labels of the axes.
    numbers : str
        Format of the numbers, for example ``"d"`` or ``".2f"``; empty for none.
    """
    ax.imshow(matrix, cmap="Blues")
    ax.grid(False)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    middle = (np.max(matrix) + np.min(matrix)) / 2
    for (i, j), value in np.ndenumerate(matrix) if numbers else ():
        colour = "white" if value > middle else "black"
        ax.text(j, i, format(value, numbers), ha="center", va="center", color=colour, fontsize=9)
    return ax
