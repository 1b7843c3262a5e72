"""Landscapes of two weights, and walks of optimizers on them: the numbers of `Descent`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from contourpy import contour_generator

from bmcourse import checks
from bmcourse.nn.optimizers import Optimizer

Array = npt.NDArray[Any]
WIDTH, HEIGHT = 480, 300  # of the drawing
CELLS = 52  # of the grid under the contour lines
LEVELS = 0.003 * 2.2 ** np.arange(10)  # heights of the lines, as shares of the range


@dataclass(frozen=True)
class Landscape:
    """A loss of two weights.

    Attributes
    ----------
    name : str
    loss : callable
        From weights of shape (..., 2) to heights of shape (...).
    gradient : callable
        From weights of shape (2,) to the gradient, shape (2,).
    start : tuple of float
    window : ((left, right), (bottom, top))
        The part that is drawn.
    goals : tuple of (float, float)
        The lowest points.
    """

    name: str
    loss: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    start: tuple[float, float]
    window: tuple[tuple[float, float], tuple[float, float]]
    goals: tuple[tuple[float, float], ...]


BOWL = Landscape(
    "elongated bowl",
    lambda w: (w[..., 0] ** 2 + 25 * w[..., 1] ** 2) / 2,
    lambda w: np.array([w[0], 25 * w[1]]),
    start=(-4.0, 1.2),
    window=((-5.0, 2.0), (-2.2, 2.2)),
    goals=((0.0, 0.0),),
)
SADDLE = Landscape(
    "saddle",
    lambda w: (w[..., 0] ** 2 - w[..., 1] ** 2) / 2 + w[..., 1] ** 4 / 4,
    lambda w: np.array([w[0], w[1] ** 3 - w[1]]),
    start=(-2.0, 0.001),
    window=((-2.4, 1.2), (-1.6, 1.6)),
    goals=((0.0, 1.0), (0.0, -1.0)),
)
VALLEY = Landscape(
    "curved valley",
    lambda w: (1 - w[..., 0]) ** 2 + 10 * (w[..., 1] - w[..., 0] ** 2) ** 2,
    lambda w: np.array([-2 * (1 - w[0]) - 40 * w[0] * (w[1] - w[0] ** 2), 20 * (w[1] - w[0] ** 2)]),
    start=(-1.2, 2.2),
    window=((-1.8, 1.8), (-0.8, 2.8)),
    goals=((1.0, 1.0),),
)


def walk(landscape: Landscape, optimizer: Optimizer, steps: int) -> Array:
    """Return the weights before the first step and after each, shape (steps + 1, 2).

    A walk that leaves the numbers stays where it was last finite.

    Parameters
    ----------
    landscape : Landscape
    optimizer : Optimizer
        A fresh one: it keeps its memory.
    steps : int

    Examples
    --------
    >>> from bmcourse.nn import SGD
    >>> walk(BOWL, SGD(0.04), 1).round(2).tolist()
    [[-4.0, 1.2], [-3.84, 0.0]]
    """
    path = np.empty((checks.integer("steps", steps) + 1, 2))
    path[0] = w = np.array(landscape.start)
    for step in range(steps):
        with np.errstate(over="ignore", invalid="ignore"):
            optimizer.step([(w, landscape.gradient(w))])
        path[step + 1] = w if np.all(abs(w) < 1e6) else path[step]
        w[...] = path[step + 1]
    return path


def scene(landscape: Landscape, walks: dict[str, Array]) -> dict[str, Any]:
    """Return everything `Descent` draws: contour lines, goals and walks in drawing units.

    Long lists of numbers are packed into texts, which keeps a stored notebook small.

    Parameters
    ----------
    landscape : Landscape
    walks : dict of str to ndarray of shape (steps + 1, 2)
        By the walker's name, as from `walk`.
    """
    walkers = [
        {
            "name": name,
            "path": _points(place(landscape, path)),
            "losses": " ".join(f"{value:.3g}" for value in landscape.loss(path)),
        }
        for name, path in walks.items()
    ]
    goals = place(landscape, np.array(landscape.goals)).tolist()
    drawn = {"contours": contours(landscape), "goals": goals, "walkers": walkers}
    return {"name": landscape.name, **drawn}


def place(landscape: Landscape, weights: Array) -> Array:
    """Return positions in the drawing, whose second axis points down, shape (n, 2)."""
    (left, right), (bottom, top) = landscape.window
    across = WIDTH * (weights[:, 0] - left) / (right - left)
    down = HEIGHT * (top - weights[:, 1]) / (top - bottom)
    return np.clip(np.stack([across, down], axis=1), -2000, 2000).round(1)


def _points(positions: Array) -> str:
    return " ".join(f"{across:g},{down:g}" for across, down in positions)


def contours(landscape: Landscape) -> list[str]:
    """Return the contour lines as SVG paths, from the lowest to the highest."""
    (left, right), (bottom, top) = landscape.window
    x, y = np.linspace(left, right, CELLS), np.linspace(bottom, top, CELLS)
    heights = landscape.loss(np.stack(np.meshgrid(x, y), axis=-1))
    span = heights.max() - heights.min()
    generator = contour_generator(x, y, heights)
    paths = []
    for level in heights.min() + span * LEVELS:
        lines = [place(landscape, np.asarray(line)).round() for line in generator.lines(level)]
        paths.append(" ".join(_outline(line) for line in lines))
    return [path for path in paths if path]


def _outline(line: Array) -> str:
    """Return an SVG path of whole numbers: the first point, then moves, which are shorter."""
    moves = np.diff(line, axis=0)
    moves = moves[np.any(moves != 0, axis=1)]
    return f"M{_points(line[:1])}l{_points(moves)}" if len(moves) else ""
