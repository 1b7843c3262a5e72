"""Hit rates among all films, and among a few films drawn at random."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from bmcourse import checks
from bmcourse.checks import Array

Rows = npt.NDArray[np.intp]


def places(y_score: Array, user: Rows, film: Rows) -> tuple[Rows, Rows]:
    """Return the place of each test film among the films that nobody tests, and their number.

    Parameters
    ----------
    y_score : ndarray of shape (users, films)
        -inf for films that must not be shown.
    user, film : ndarray of shape (tests,)
        The test rows, with films whose score is not -inf.

    Returns
    -------
    place : ndarray of shape (tests,)
        1 if no other candidate is ahead. The user's other test films are no candidates.
    others : ndarray of shape (tests,)
        Candidates, without the test film itself.
    """
    place, others = np.empty(len(user), np.intp), np.empty(len(user), np.intp)
    for one in np.unique(user):
        rows = np.flatnonzero(user == one)
        candidate = y_score[one] > -np.inf
        candidate[film[rows]] = False
        order = np.argsort(-y_score[one], kind="stable")  # of equal scores the left one first
        ahead = np.empty(len(order), np.intp)
        ahead[order] = np.cumsum(candidate[order])
        place[rows], others[rows] = ahead[film[rows]] + 1, candidate.sum()
    return place, others


def drawn_hits(
    place: Rows, others: Rows, k: int, negatives: int, rng: np.random.Generator | int
) -> npt.NDArray[np.bool_]:
    """Say whether each test film is among the first k of itself and `negatives` drawn films.

    ``place - 1`` of the ``others`` are ahead; how many of these are drawn is hypergeometric.
    """
    draws = checks.generator("rng", rng)
    ahead = draws.hypergeometric(place - 1, others - place + 1, negatives)
    return np.asarray(ahead < k)


def expected_hits(place: Rows, others: Rows, k: int, negatives: int) -> Array:
    """Return the chance of each of `drawn_hits`. With all of the others: 1 where place <= k."""
    return np.asarray(stats.hypergeom.cdf(k - 1, others, place - 1, negatives))


def mean_by_user(values: Array, user: Rows) -> Array:
    """Return the mean of the values of each user who has some, in order of the users."""
    counts = np.bincount(user)
    return np.asarray(np.bincount(user, values)[counts > 0] / counts[counts > 0])
