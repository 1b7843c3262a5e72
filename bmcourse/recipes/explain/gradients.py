"""Maps from gradients: integrated gradients and occlusion, with the sums that they must have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
RULES = {"left": 0.0, "midpoint": 0.5}


def integrated_gradients(
    gradient: Callable[[Array], Array],
    x: npt.ArrayLike,
    baseline: npt.ArrayLike,
    steps: int,
    rule: str = "midpoint",
) -> Array:
    """Return (x - baseline) times the mean gradient on the straight line between the two.

    Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017.

    Parameters
    ----------
    gradient : callable
        Inputs (batch, ...) to the derivative of each one's score, of the same shape.
    x, baseline : array_like of shape (batch, ...)
        The baseline may be anything that broadcasts to the shape of `x`.
    steps : int
        How many points on the line.
    rule : {"midpoint", "left"}
        Where in its piece of the line each point lies.

    Examples
    --------
    >>> integrated_gradients(lambda x: 2 * x, [[3.0]], 0.0, steps=2)  # the score is x²
    array([[9.]])
    >>> integrated_gradients(lambda x: 2 * x, [[3.0]], 0.0, steps=2, rule="left")
    array([[4.5]])
    """
    if rule not in RULES:
        checks.fail("rule", f"one of {sorted(RULES)}", repr(rule))
    end = np.asarray(x, dtype=float)
    start = np.broadcast_to(np.asarray(baseline, dtype=float), end.shape)
    many = checks.integer("steps", steps)
    total = np.zeros_like(end)
    for step in range(many):
        total += gradient(start + (step + RULES[rule]) / many * (end - start))
    return (end - start) * total / many


def completeness_error(
    attribution: npt.ArrayLike, score: npt.ArrayLike, score_of_baseline: npt.ArrayLike
) -> Array:
    """Return, for each input, the sum of its attribution minus what it should be.

    Parameters
    ----------
    attribution : array_like of shape (batch, ...)
    score, score_of_baseline : array_like of shape (batch,)

    Examples
    --------
    >>> completeness_error([[1.0, 2.0]], [4.0], [0.5])
    array([-0.5])
    """
    parts = np.asarray(attribution, dtype=float)
    sums = parts.reshape(len(parts), -1).sum(axis=1)  # (batch,)
    return sums - (np.asarray(score, dtype=float) - np.asarray(score_of_baseline, dtype=float))


def occlusion(
    score: Callable[[Array], Array],
    images: npt.ArrayLike,
    size: int = 4,
    step: int = 1,
    paint: float = 0.0,
) -> Array:
    """Return by how much the score falls when a square is painted over, shared by its pixels.

    The square moves over the image; a pixel gets the mean over the squares that cover it.
    Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014.

    Parameters
    ----------
    score : callable
        Images (batch, height, width, channels) to scores (batch,).
    images : array_like of shape (batch, height, width, channels)
    size : int
        Side of the square.
    step : int
        By how many pixels the square moves; at most its side, and it must end at the border.
    paint : float

    Returns
    -------
    ndarray of shape (batch, height, width)
    """
    x = np.asarray(images)
    side = checks.integer("size", size)
    batch, height, width, _ = x.shape
    if side > min(height, width):
        checks.fail("size", f"at most {min(height, width)}, the side of an image", size)
    move = checks.integer("step", step)
    if move > side or (height - side) % move or (width - side) % move:
        checks.fail("step", f"steps that cover the image with squares of {side}", step)
    before = np.asarray(score(x), dtype=float)
    falls, covers = np.zeros((batch, height, width)), np.zeros((height, width))
    for row in range(0, height - side + 1, move):
        for column in range(0, width - side + 1, move):
            place = (slice(row, row + side), slice(column, column + side))
            painted = x.copy()
            painted[:, place[0], place[1]] = paint
            fall = before - np.asarray(score(painted), dtype=float)  # (batch,)
            falls[:, place[0], place[1]] += fall[:, np.newaxis, np.newaxis]
            covers[place] += 1
    return falls / covers
