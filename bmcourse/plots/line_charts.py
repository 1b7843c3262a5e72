"""Line charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

MARKERS = "osD^vPX"


def lines(
    ax: Axes,
    curves: Mapping[str, npt.ArrayLike],
    *,
    x: Sequence[float] | npt.NDArray[Any] | None = None,
    xlabel: str,
    ylabel: str,
    markers: bool = True,
) -> Axes:
    """Draw named curves over one axis, told apart by colour and by marker.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    curves : mapping of str to array_like of shape (n,)
        Heights of each curve, by its name in the legend.
    x : array_like of shape (n,), optional
        Common positions; 1, 2, … if not given.
    xlabel, ylabel : str
        Labels of the axes, with units.
    markers : bool
        Mark every point, for curves of a few points.
    """
    for i, (name, heights) in enumerate(curves.items()):
        values = np.asarray(heights)
        positions = np.arange(1, len(values) + 1) if x is None else x
        marker = MARKERS[i % len(MARKERS)] if markers else None
        ax.plot(positions, values, marker=marker, markersize=5, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    if len(curves) > 1:
        ax.legend()
    return ax
