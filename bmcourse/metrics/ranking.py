"""Metrics of a ranked list: one row a user, one column an item."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


def top_k(y_score: npt.ArrayLike, k: int) -> npt.NDArray[np.intp]:
    """Return the k columns of highest score in each row, the highest first.

    Of equal scores the column further left comes first. Give -inf to what must not be shown.

    Parameters
    ----------
    y_score : array_like of shape (users, items)
    k : int
        At most the number of items.

    Raises
    ------
    ValueError
        If a score is NaN, or k is larger than the number of items.

    Examples
    --------
    >>> top_k([[0.1, 0.9, 0.9, 0.3]], 3)
    array([[1, 2, 3]])
    """
    scores = checks.array("y_score", y_score, ndim=2, finite=False).astype(np.float64)
    if np.isnan(scores).any():
        checks.fail("y_score", "without NaN", "NaN")
    users, items = scores.shape
    if checks.integer("k", k) > items:
        checks.fail("k", f"at most the number of items, {items}", k)
    # The k-th highest score of each row, then all that reach it: few enough to sort.
    least = np.partition(scores, items - k, axis=1)[:, items - k]
    found = np.empty((users, k), np.intp)
    for row in range(users):
        reach = np.flatnonzero(scores[row] >= least[row])
        found[row] = reach[np.argsort(-scores[row, reach], kind="stable")[:k]]
    return found


def recall_at_k(y_true: npt.ArrayLike, y_score: npt.ArrayLike, k: int) -> Array:
    """Return for each user the hits among the first k, over the most that can be there.

    That most is k, or the number of relevant items if they are fewer: so a perfect list has 1.
    (Many texts divide by the number of relevant items; then no list reaches 1 where they are more
    than k.) Liang and others, "Variational autoencoders for collaborative filtering", 2018.

    Parameters
    ----------
    y_true : array_like of shape (users, items)
        Not 0 where an item is relevant.
    y_score : array_like of shape (users, items)

    Returns
    -------
    ndarray of shape (users,)
        NaN for a user without a relevant item.

    Examples
    --------
    >>> recall_at_k([[1, 0, 0, 1, 1]], [[5, 4, 3, 2, 1]], 4).round(3)
    array([0.667])
    """
    gains, best = _inputs(y_true, y_score, k)
    relevant = gains != 0
    hits = np.take_along_axis(relevant, best, axis=1).sum(axis=1)  # (users,)
    return _ratio(hits, np.minimum(relevant.sum(axis=1), k))


def ndcg_at_k(y_true: npt.ArrayLike, y_score: npt.ArrayLike, k: int) -> Array:
    """Return for each user the discounted gain of the first k, over that of the best order.

    The item at place r counts with its gain over log2(r + 1). Järvelin and Kekäläinen,
    "Cumulated gain-based evaluation of IR techniques", 2002.

    Parameters
    ----------
    y_true : array_like of shape (users, items)
        Gains, at least 0; 1 for a relevant item where all count alike.
    y_score : array_like of shape (users, items)

    Returns
    -------
    ndarray of shape (users,)
        NaN for a user without a relevant item.

    Notes
    -----
    `sklearn.metrics.ndcg_score` gives the mean over the users. Of equal scores it takes the mean
    over all orders; here the column further left comes first.

    Examples
    --------
    >>> ndcg_at_k([[1, 0, 0, 1, 1]], [[5, 4, 3, 2, 1]], 5).round(3)
    array([0.853])
    """
    gains, best = _inputs(y_true, y_score, k)
    if (gains < 0).any():
        checks.fail("y_true", "at least 0 everywhere", gains.min())
    discount = 1 / np.log2(np.arange(2, k + 2))  # (k,)
    found = np.take_along_axis(gains, best, axis=1) @ discount
    ideal = -np.sort(-gains, axis=1)[:, :k] @ discount
    return _ratio(found, ideal)


def _inputs(
    y_true: npt.ArrayLike, y_score: npt.ArrayLike, k: int
) -> tuple[Array, npt.NDArray[np.intp]]:
    gains = checks.array("y_true", y_true, ndim=2).astype(np.float64)
    scores = checks.array("y_score", y_score, shape=gains.shape, finite=False)
    return gains, top_k(scores, k)


def _ratio(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
