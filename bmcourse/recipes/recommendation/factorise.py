"""Matrix factorisation by gradient descent: the loss, its gradient, and the biases."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array

Rows = npt.NDArray[np.intp]


def loss(P: Array, Q: Array, user: Rows, film: Rows, r: Array, penalty: float) -> float:
    """Return half the squared errors of the known ratings, plus the penalty on the factors.

    Parameters
    ----------
    P, Q : ndarray of shape (users, factors) and (films, factors)
    user, film, r : ndarray of shape (ratings,)
        Row i says that `user[i]` gave `film[i]` the rating `r[i]`.
    penalty : float
        Lambda: half of it times the sum of all squared factors is added.
    """
    e = r - np.einsum("nf,nf->n", P[user], Q[film])  # (ratings,)
    return float(e @ e + penalty * (np.sum(P * P) + np.sum(Q * Q))) / 2


def gradient(
    P: Array, Q: Array, user: Rows, film: Rows, r: Array, penalty: float
) -> tuple[Array, Array]:
    """Return dP and dQ, the gradient of `loss`."""
    e = r - np.einsum("nf,nf->n", P[user], Q[film])  # (ratings,)
    dP, dQ = penalty * P, penalty * Q
    np.subtract.at(dP, user, e[:, None] * Q[film])  # each rating pulls at its user
    np.subtract.at(dQ, film, e[:, None] * P[user])  # and at its film
    return dP, dQ


def descend(
    P: Array,
    Q: Array,
    user: Rows,
    film: Rows,
    r: Array,
    penalty: float,
    learning_rate: float,
    steps: int,
) -> tuple[Array, Array, list[float]]:
    """Go down the gradient from P, Q; return the factors and the loss before each step."""
    checks.integer("steps", steps)
    P, Q, losses = P.copy(), Q.copy(), []
    for _ in range(steps):
        losses.append(loss(P, Q, user, film, r, penalty))
        dP, dQ = gradient(P, Q, user, film, r, penalty)
        P -= learning_rate * dP
        Q -= learning_rate * dQ
    return P, Q, losses


def biases(
    user: Rows, film: Rows, r: Array, shape: tuple[int, int], penalty: float, sweeps: int = 15
) -> tuple[float, Array, Array]:
    """Fit r = mean + b[user] + c[film] by turns, each bias shrunk towards 0.

    With one side fixed, a bias is the sum of what is left over the number of ratings plus
    `penalty`: that minimises the squared errors plus `penalty` times the squared biases.

    Returns
    -------
    mean : float
    b, c : ndarray of shape (users,) and (films,)
        0 for whoever has no rating.
    """
    mean, (users, films) = float(r.mean()), shape
    b, c = np.zeros(users), np.zeros(films)
    for _ in range(sweeps):
        left = np.bincount(film, r - mean - b[user], films)
        c = left / (np.bincount(film, minlength=films) + penalty)
        left = np.bincount(user, r - mean - c[film], users)
        b = left / (np.bincount(user, minlength=users) + penalty)
    return mean, b, c
