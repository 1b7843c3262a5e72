"""Alternating least squares: one side fixed, the other side has a formula."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bmcourse import checks
from bmcourse.checks import Array

MANY = 16  # with more factors, the products of all pairs of factors take too much memory and time


def solve(
    R: sparse.csr_array, seen: sparse.csr_array, Q: Array, penalty: float, everywhere: float = 0.0
) -> Array:
    """Return for each row u of R the vector p_u that minimises its part of the loss.

    The part is the sum over i of ``seen[u, i] * (t_ui - q_i @ p_u)**2`` with the targets
    ``t = R / seen``, plus ``everywhere`` times the sum over *all* i of ``(q_i @ p_u)**2``, plus
    ``penalty * p_u @ p_u``. Its gradient is 0 where ``A_u p_u = b_u``, with

        A_u = everywhere * Q'Q + sum of seen[u, i] q_i q_i' + penalty * I
        b_u = sum of R[u, i] q_i

    Parameters
    ----------
    R, seen : sparse array of shape (users, films)
        Weight times target, and weight.
    Q : ndarray of shape (films, factors)

    Returns
    -------
    ndarray of shape (users, factors)
    """
    checks.number("penalty", penalty, above=0)
    films, factors = Q.shape
    base, b = everywhere * (Q.T @ Q) + penalty * np.eye(factors), R @ Q
    if factors > MANY:
        return by_entries(seen, Q, base, b)
    pairs = (Q[:, :, None] * Q[:, None, :]).reshape(films, -1)  # (films, factors²)
    A = base + (seen @ pairs).reshape(-1, factors, factors)  # (users, factors, factors)
    return np.linalg.solve(A, b[:, :, None])[:, :, 0]


def by_entries(seen: sparse.csr_array, Q: Array, base: Array, b: Array) -> Array:
    """Solve the same systems, rows with equally many entries together, without films x factors².

    A row with entries of weights c, whose films have the factors V (entries, factors), has the
    matrix ``base + V' diag(c) V``. With fewer entries than factors a small system is enough
    (Woodbury's identity): with ``W = V inv(base)`` the solution is
    ``inv(base) b - W' inv(I + diag(c) W V') diag(c) W b``.
    """
    inverse = np.linalg.inv(base)
    p, divided = b @ inverse, Q @ inverse
    entries = np.diff(seen.indptr)
    for n in np.unique(entries[entries > 0]):
        rows = np.flatnonzero(entries == n)
        at = seen.indptr[rows][:, None] + np.arange(n)
        V, c = Q[seen.indices[at]], seen.data[at]  # (rows, n, factors) and (rows, n)
        if n < len(base):
            W = divided[seen.indices[at]]
            small = np.eye(n) + c[:, :, None] * (W @ V.transpose(0, 2, 1))
            z = np.linalg.solve(small, c[:, :, None] * (W @ b[rows][:, :, None]))  # (rows, n, 1)
            p[rows] -= (W.transpose(0, 2, 1) @ z)[:, :, 0]
        else:
            A = base + V.transpose(0, 2, 1) @ (c[:, :, None] * V)
            p[rows] = np.linalg.solve(A, b[rows][:, :, None])[:, :, 0]
    return p


def explicit(
    R: sparse.csr_array,
    seen: sparse.csr_array,
    factors: int,
    penalty: float,
    rng: np.random.Generator | int,
    sweeps: int = 10,
) -> tuple[Array, Array, list[float]]:
    """Factorise the known entries of R; return P, Q and the loss after each half sweep."""
    draws = checks.generator("rng", rng)
    Q = draws.normal(0, 0.1, (R.shape[1], factors))
    P, losses = np.zeros((R.shape[0], factors)), []
    RT, seenT = R.T.tocsr(), seen.T.tocsr()
    user, film = seen.nonzero()
    known = R[user, film]
    for _ in range(sweeps):
        P = solve(R, seen, Q, penalty)
        losses.append(_loss(P, Q, user, film, known, penalty))
        Q = solve(RT, seenT, P, penalty)
        losses.append(_loss(P, Q, user, film, known, penalty))
    return P, Q, losses


def implicit(
    seen: sparse.csr_array,
    factors: int,
    penalty: float,
    confidence: float,
    rng: np.random.Generator | int,
    sweeps: int = 8,
) -> tuple[Array, Array]:
    """Factorise a matrix of 1 (watched) and 0 (not watched), the ones weighing more.

    A watched film has target 1 and weight 1 + `confidence`, every other film target 0 and
    weight 1. Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets",
    2008.
    """
    draws = checks.generator("rng", rng)
    Q = draws.normal(0, 0.1, (seen.shape[1], factors))
    P = np.zeros((seen.shape[0], factors))
    seenT = seen.T.tocsr()
    for _ in range(checks.integer("sweeps", sweeps)):
        P = fold_in(seen, Q, penalty, confidence)
        Q = fold_in(seenT, P, penalty, confidence)
    return P, Q


def fold_in(seen: sparse.csr_array, Q: Array, penalty: float, confidence: float) -> Array:
    """Return the factors of users, old or new, for given factors of the films."""
    return solve((1 + confidence) * seen, confidence * seen, Q, penalty, everywhere=1.0)


def implicit_loss(
    seen: sparse.csr_array, P: Array, Q: Array, penalty: float, confidence: float
) -> float:
    """Return the loss of `implicit`, half of it, over all users and all films."""
    X, guess = seen.toarray(), P @ Q.T
    squares = np.sum((1 + confidence * X) * (X - guess) ** 2)
    return float(squares + penalty * (np.sum(P * P) + np.sum(Q * Q))) / 2


def _loss(P: Array, Q: Array, user: Array, film: Array, known: Array, penalty: float) -> float:
    e = known - np.einsum("nf,nf->n", P[user], Q[film])
    return float(e @ e + penalty * (np.sum(P * P) + np.sum(Q * Q))) / 2
