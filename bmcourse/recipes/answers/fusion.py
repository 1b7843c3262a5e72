"""Two searches made into one: by ranks, or by a weighted sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array


def ranks(scores: Array) -> Array:
    """Return each passage's rank in each row, 1 for the highest score; ties in their order.

    Examples
    --------
    >>> ranks(np.array([[0.1, 0.9, 0.1]])).tolist()
    [[2, 1, 3]]
    """
    table = checks.array("scores", scores, ndim=2)
    order = np.argsort(-table, axis=1, kind="stable")
    found = np.empty(order.shape, int)
    np.put_along_axis(found, order, np.arange(1, table.shape[1] + 1)[np.newaxis], axis=1)
    return found


def reciprocal_ranks(
    tables: Sequence[Array], k: float = 60, shares: Sequence[float] | None = None
) -> Array:
    """Return the sum of 1 / (k + rank) over several searches, shape (questions, passages).

    `shares` gives each search its weight in the sum; without it all count 1.

    References
    ----------
    Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods", 2009.

    Examples
    --------
    >>> reciprocal_ranks([np.array([[3.0, 2.0]]), np.array([[0.0, 5.0]])], k=1).round(3).tolist()
    [[0.833, 0.833]]
    """
    parts = np.ones(len(tables)) if shares is None else np.asarray(shares, float)
    checks.same_length(tables=np.empty(len(tables)), shares=parts)
    return np.sum([part / (k + ranks(table)) for part, table in zip(parts, tables, strict=True)], 0)


def scaled(scores: Array) -> Array:
    """Return each row from 0 (its lowest score) to 1 (its highest); a row of equal ones as 0."""
    table = checks.array("scores", scores, ndim=2)
    low, high = table.min(axis=1, keepdims=True), table.max(axis=1, keepdims=True)
    return (table - low) / np.where(high > low, high - low, 1)


def weighted(one: Array, other: Array, share: float) -> Array:
    """Return `share` of the first search's scaled scores, and the rest of the second's."""
    share = checks.number("share", share, at_least=0, at_most=1)
    return share * scaled(one) + (1 - share) * scaled(other)
