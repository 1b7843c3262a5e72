"""Is a map faithful? Delete the pixels that it calls important, and watch the score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]


def deletion_curve(
    score: Callable[[Array], Array],
    images: npt.ArrayLike,
    importance: npt.ArrayLike,
    counts: Sequence[int],
    paint: float = 0.0,
) -> Array:
    """Return the scores after the most important pixels are painted over.

    Of pixels that are equally important, the first in reading order goes first.

    Parameters
    ----------
    score : callable
        Images (batch, height, width, channels) to scores (batch,).
    images : array_like of shape (batch, height, width, channels)
    importance : array_like of shape (batch, height, width)
    counts : sequence of int
        After how many pixels the score is taken.

    Returns
    -------
    ndarray of shape (batch, len(counts))
        A row for each image, so that two maps can be compared image by image.
    """
    x, weights = np.asarray(images), np.asarray(importance, dtype=float)
    if weights.shape != x.shape[:3]:
        checks.fail("importance", f"of shape {x.shape[:3]}, a number a pixel", weights.shape)
    order = np.argsort(-weights.reshape(len(x), -1), axis=1, kind="stable")  # (batch, pixels)
    curves = []
    for count in counts:
        painted = x.reshape(len(x), order.shape[1], -1).copy()  # (batch, pixels, channels)
        gone = order[:, : checks.integer("counts", count, at_least=0)]
        painted[np.arange(len(x))[:, np.newaxis], gone] = paint
        curves.append(np.asarray(score(painted.reshape(x.shape)), dtype=float))
    return np.stack(curves, axis=1)


def ranked(maps: npt.ArrayLike) -> Array:
    """Return ranks within each map, shape (batch, pixels): equal numbers share their mean rank."""
    from scipy.stats import rankdata

    values = np.asarray(maps, dtype=float)
    found: Array = rankdata(values.reshape(len(values), -1), axis=1)
    return found


def rank_correlation(a: npt.ArrayLike, b: npt.ArrayLike) -> Array:
    """Return Spearman's correlation of each pair of maps, shape (batch,).

    Examples
    --------
    >>> rank_correlation([[1.0, 2.0, 9.0]], [[3.0, 2.0, 1.0]])
    array([-1.])
    """
    left, right = (side - side.mean(axis=1, keepdims=True) for side in (ranked(a), ranked(b)))
    lengths = np.sqrt((left**2).sum(axis=1) * (right**2).sum(axis=1))
    found: Array = (left * right).sum(axis=1) / lengths
    return found


def rank_correlation_inside(a: npt.ArrayLike, b: npt.ArrayLike, where: npt.ArrayLike) -> Array:
    """Return Spearman's correlation of each pair of maps over the pixels marked in `where`.

    Parameters
    ----------
    a, b, where : array_like of shape (batch, height, width)
        `where` is boolean, such as "there is ink".

    Examples
    --------
    >>> maps = [[1.0, 2.0, 9.0]], [[3.0, 4.0, 0.0]]
    >>> rank_correlation_inside(*maps, [[True, True, False]])
    array([1.])
    """
    triples = zip(np.asarray(a), np.asarray(b), np.asarray(where, dtype=bool), strict=True)
    return np.concatenate([rank_correlation(u[w][None], v[w][None]) for u, v, w in triples])
