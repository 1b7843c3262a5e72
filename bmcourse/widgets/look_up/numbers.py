"""One soft look-up in the plane: the numbers of `LookUp`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


class Found(NamedTuple):
    """What one query finds: a score and a weight for each key, and the mix of the values."""

    scores: Array
    weights: Array
    mix: float


def look_up(query: npt.ArrayLike, keys: npt.ArrayLike, values: npt.ArrayLike) -> Found:
    """Return softmax(keys · query), and the values mixed by it.

    Parameters
    ----------
    query : array_like of shape (2,)
    keys : array_like of shape (words, 2)
    values : array_like of shape (words,)

    Raises
    ------
    ValueError
        If a shape does not fit.

    Examples
    --------
    >>> found = look_up([1, 1], [[1, 1], [0, 1], [1, -1]], [10, 20, 30])
    >>> found.weights.round(2), round(found.mix, 2)
    (array([0.67, 0.24, 0.09]), 14.25)
    """
    asked = checks.array("query", query, shape=(2,)).astype(float)
    rows = checks.array("keys", keys, shape=(None, 2)).astype(float)
    numbers = checks.array("values", values, shape=(len(rows),)).astype(float)
    scores = rows @ asked  # (words, 2) @ (2,)
    powers = np.exp(scores - scores.max())
    weights = powers / powers.sum()
    return Found(scores, weights, float(weights @ numbers))
