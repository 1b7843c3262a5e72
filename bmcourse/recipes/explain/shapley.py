"""Shapley values: over all coalitions, and each order by itself."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import permutations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
MOST = 16


def missing() -> str:
    """Return what is missing, in one line; an empty text if the library shap can be used."""
    if importlib.util.find_spec("shap") is None:
        return "Not run: this cell needs shap (python -m pip install shap)."
    return ""


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


def worths(
    predict: Callable[[Array], Array], one: npt.ArrayLike, background: npt.ArrayLike
) -> Array:
    """Return what each coalition of the features of one row is worth.

    A feature inside the coalition has the value of `one`; the others take, together, the values
    of a background row. The worth is the mean prediction over all background rows.

    Parameters
    ----------
    predict : callable
        Rows (n, features) to numbers (n,).
    one : array_like of shape (features,)
    background : array_like of shape (rows, features)

    Returns
    -------
    ndarray of shape (2**features,)
        In the order of `coalitions`.

    Examples
    --------
    >>> worths(lambda x: x[:, 0] * x[:, 1], [3.0, 5.0], [[1.0, 2.0]])
    array([ 2.,  6.,  5., 15.])
    """
    row, rows = np.asarray(one, dtype=float), np.asarray(background, dtype=float)
    if rows.ndim != 2 or row.shape != rows.shape[1:]:
        checks.fail("background", f"rows of {row.shape} numbers, as one has", rows.shape)
    sets = coalitions(len(row))
    mixed = np.where(sets[:, np.newaxis], row, rows)  # (coalitions, rows, features)
    found: Array = np.asarray(predict(mixed.reshape(-1, len(row))), dtype=float)
    return np.asarray(found.reshape(len(sets), len(rows)).mean(axis=1))


def gains_in_all_orders(worth: npt.ArrayLike) -> Array:
    """Return each feature's contribution in each of the n! orders, shape (n!, n).

    Examples
    --------
    >>> gains_in_all_orders([0.0, 10.0, 20.0, 50.0]).tolist()
    [[10.0, 40.0], [30.0, 20.0]]
    """
    values = np.asarray(worth, dtype=float)
    many = checks.integer("features of worth", len(values).bit_length() - 1)
    orders = np.array(list(permutations(range(many))))  # (n!, n): who joins when
    bits = 2**orders
    before = np.cumsum(bits, axis=1) - bits
    gains = np.empty(orders.shape)
    np.put_along_axis(gains, orders, values[before + bits] - values[before], axis=1)
    return gains


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
