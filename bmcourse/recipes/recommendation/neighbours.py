"""Baselines that need no factors: what is popular, and what goes with what you watched.

With far fewer users than films, all of it is done with matrices of users x users.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bmcourse import checks
from bmcourse.checks import Array


def popularity(seen: sparse.csr_array, users: int) -> Array:
    """Score each film by the number of its watchers, alike for all. Shape (users, films)."""
    return np.tile(np.asarray(seen.sum(axis=0)), (users, 1))


def item_neighbours(
    seen: sparse.csr_array, new: sparse.csr_array | None = None, damping: float = 0.5
) -> Array:
    """Score a film by how often it was watched together with the films that a user watched.

    The similarity of films i and j is n_ij / (n_i n_j) ** damping, with n_ij users who watched
    both. 0.5 is the cosine. A user's score of j is the sum over the watched films i.

    Parameters
    ----------
    seen : sparse array of shape (users, films)
    new : sparse array of shape (others, films), optional
        Who is to be served; the same users if not given.
    damping : float in [0, 1]
        The higher, the less popular films count.
    """
    checks.number("damping", damping, at_least=0, at_most=1)
    counts = np.asarray(seen.sum(axis=0))
    weight = np.divide(1.0, counts**damping, out=np.zeros(len(counts)), where=counts > 0)
    served = seen if new is None else new
    alike = (served * weight) @ seen.T  # (others, users): no films x films needed
    return np.asarray((alike @ seen).todense()) * weight


def ease(
    seen: sparse.csr_array, new: sparse.csr_array | None = None, penalty: float = 100.0
) -> Array:
    """Score films by the best linear rule X B with zeros on the diagonal of B.

    B minimises |X - X B|² + penalty |B|², and with P = inverse of (X'X + penalty I) it is
    B_ij = -P_ij / P_jj. Steck, "Embarrassingly shallow autoencoders for sparse data", 2019.
    P needs films x films; here P = (I - X' K X) / penalty with K = inverse of (X X' + penalty I),
    of users x users. Films that a user watched get a score, too: leave them out yourself.
    """
    checks.number("penalty", penalty, above=0)
    X = seen.toarray()
    served = X if new is None else new.toarray()
    KX = np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), X)  # (users, films)
    diagonal = (1 - np.einsum("uf,uf->f", X, KX)) / penalty
    XP = (served - (served @ X.T) @ KX) / penalty
    return np.asarray(served - XP / diagonal)


def without(scores: Array, seen: sparse.csr_array) -> Array:
    """Return the scores with -inf for what was watched already."""
    result = scores.copy()
    result[seen.nonzero()] = -np.inf
    return result


def share_of_tail(shown: Array, counts: Array, head: int = 500) -> float:
    """Return the share of the shown films that are not among the `head` most watched."""
    order = np.argsort(-counts, kind="stable")
    tail = np.ones(len(counts), bool)
    tail[order[:head]] = False
    return float(tail[shown].mean())
