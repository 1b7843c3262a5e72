"""Which ratings are held out: drawn at random, each user's last, or all after one date."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.datasets.ratings import FilmRatings

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


def at_random(
    ratings: FilmRatings, rows: Rows, share: float, rng: np.random.Generator | int
) -> Mask:
    """Hold out a share of the rows, whoever rated and whenever. True is held out."""
    held = np.zeros(len(rows), bool)
    draws = checks.generator("rng", rng)
    held[draws.permutation(len(rows))[: round(share * len(rows))]] = True
    return held


def place_in_own(user: Rows) -> Array:
    """Return for each row which share of its user's rows lies before it, in [0, 1).

    Examples
    --------
    >>> place_in_own(np.array([0, 0, 3, 3, 3, 3])).tolist()
    [0.0, 0.5, 0.0, 0.25, 0.5, 0.75]
    """
    counts = np.bincount(user)
    before = np.arange(len(user)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(before / counts[user])


def last_of_each(
    ratings: FilmRatings, rows: Rows, share: float, rng: np.random.Generator | int = 0
) -> Mask:
    """Hold out the last share of each user's rows. Nothing is drawn: `rng` is not used."""
    user = ratings.user[rows]
    counts = np.bincount(user)[user]
    before = np.round(place_in_own(user) * counts)
    return before >= counts - np.round(share * counts)


def by_date(
    ratings: FilmRatings, rows: Rows, share: float, rng: np.random.Generator | int = 0
) -> Mask:
    """Hold out all rows after one date, the same for all. Nothing is drawn: `rng` is not used."""
    time = ratings.time[rows]
    return time > np.quantile(time, 1 - share)


Split = Callable[..., Mask]
SPLITS: dict[str, Split] = {
    "at random": at_random,
    "each user's last fifth": last_of_each,
    "after one date": by_date,
}


def three_parts(
    split: Split, ratings: FilmRatings, share: float = 0.2, rng: np.random.Generator | int = 0
) -> tuple[Rows, Rows, Rows]:
    """Return the rows to learn from, to validate and to test, all split in the same way.

    The test rows are held out of all rows, the validation rows out of what is left.
    """
    draws, rows = checks.generator("rng", rng), np.arange(len(ratings.user))
    held = split(ratings, rows, share, draws)
    left = rows[~held]
    valid = split(ratings, left, share, draws)
    return left[~valid], left[valid], rows[held]


def matrix(ratings: FilmRatings, rows: Rows, values: Array | None = None) -> sparse.csr_array:
    """Return users x films with a 1 for each of the rows, or with `values`."""
    filled = np.ones(len(rows)) if values is None else values
    places = (ratings.user[rows], ratings.film[rows])
    return sparse.csr_array((filled, places), shape=ratings.shape)
