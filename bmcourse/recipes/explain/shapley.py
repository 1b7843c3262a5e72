"""Shapley values: over all coalitions, and from random orders."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
MOST = 16


def coalitions(features: int) -> npt.NDArray[np.bool_]:
    """Return all subsets of the features: row i holds the bits of the number i.

    Examples
    --------
    >>> coalitions(2).astype(int).tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    many = checks.integer("features", features)
    if many > MOST:
        checks.fail("features", f"at most {MOST}: there are 2 to that power coalitions", many)
    return (np.arange(2**many)[:, np.newaxis] >> np.arange(many) & 1).astype(bool)


def shapley_values(worth: npt.ArrayLike) -> Array:
    """Return each feature's mean contribution over all orders in which features may join.

    A feature that joins the coalition S of n features counts |S|! (n - |S| - 1)! / n! times.
    Shapley, "A value for n-person games", 1953.

    Parameters
    ----------
    worth : array_like of shape (2**n,)
        What each row of `coalitions(n)` is worth.

    Examples
    --------
    >>> shapley_values([0.0, 10.0, 20.0, 50.0])
    array([20., 30.])
    """
    values = np.asarray(worth, dtype=float)
    many = len(values).bit_length() - 1
    if values.ndim != 1 or many < 1 or len(values) != 2**many:
        checks.fail("worth", "one number for each of 2**n coalitions, n at least 1", values.shape)
    sets, numbers = coalitions(many), np.arange(len(values))
    sizes = sets.sum(axis=1)
    share = [factorial(s) * factorial(many - s - 1) / factorial(many) for s in range(many)]
    found = np.zeros(many)
    for feature in range(many):
        without = numbers[~sets[:, feature]]
        gain = values[without + 2**feature] - values[without]
        found[feature] = np.asarray(share)[sizes[without]] @ gain
    return found


def sampled_shapley(
    worth: Callable[[Array], float], features: int, orders: int, rng: np.random.Generator | int
) -> tuple[Array, Array]:
    """Return the mean contributions over random orders, and their standard errors.

    Parameters
    ----------
    worth : callable
        A boolean array (features,) to a number.
    features, orders : int
        At least 2 orders: one alone has no spread.
    rng : numpy.random.Generator or int

    Returns
    -------
    values, errors : ndarray of shape (features,)
    """
    dice, many = checks.generator("rng", rng), checks.integer("features", features)
    gains = np.empty((checks.integer("orders", orders, at_least=2), many))
    for row in gains:
        inside = np.zeros(many, dtype=bool)
        before = worth(inside)
        for feature in dice.permutation(many):
            inside[feature] = True
            after = worth(inside)
            row[feature], before = after - before, after
    return gains.mean(axis=0), gains.std(axis=0, ddof=1) / np.sqrt(len(gains))
