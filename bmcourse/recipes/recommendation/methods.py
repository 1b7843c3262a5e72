"""The methods that the chapter compares, each with the settings among which validation chooses."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.datasets.ratings import FilmRatings
from bmcourse.metrics.ranking import ndcg_at_k, recall_at_k
from bmcourse.recipes.recommendation import als, factorise, neighbours
from bmcourse.recipes.recommendation.splits import matrix

Rows = npt.NDArray[np.intp]
Setting = Any
# As many settings for each. Popularity: days before the last known rating. ALS: factors,
# penalty, confidence.
RANKING: dict[str, tuple[Setting, ...]] = {
    "popularity": (100_000, 3650, 1825, 730, 365, 180),
    "item neighbours": (0.2, 0.3, 0.4, 0.45, 0.5, 0.6),
    "EASE": (50.0, 100.0, 200.0, 400.0, 1000.0, 3000.0),
    "ALS": (
        (32, 100, 20),
        (64, 100, 20),
        (128, 100, 20),
        (256, 100, 20),
        (128, 30, 5),
        (256, 60, 10),
    ),
}
# What a list of settings for ALS would be that ends at 32 factors, tuned as well as the others.
FEW_FACTORS: tuple[Setting, ...] = (
    (32, 20, 3),
    (32, 30, 5),
    (32, 60, 10),
    (32, 80, 15),
    (32, 100, 20),
    (32, 150, 40),
)
# Penalty of the biases; of the factors on top of them (16 factors).
STARS: dict[str, tuple[Setting, ...]] = {
    "mean": (0.0,),
    "biases": (1.0, 2.0, 4.0, 6.0, 10.0, 20.0),
    "biases and ALS": (6.0, 9.0, 12.0, 16.0, 24.0, 40.0),
}
BIAS_PENALTY, FACTORS = 4.0, 16


def rank(
    method: str,
    ratings: FilmRatings,
    rows: Rows,
    setting: Setting,
    rng: np.random.Generator | int = 0,
) -> Array:
    """Learn from the rows and return scores of shape (users, films); watched films have -inf."""
    checks.one_of("method", method, tuple(RANKING))
    seen = matrix(ratings, rows)
    if method == "popularity":
        time = ratings.time[rows]
        late = rows[time > time.max() - setting * 86_400]
        scores = neighbours.popularity(matrix(ratings, late), ratings.shape[0])
    elif method == "item neighbours":
        scores = neighbours.item_neighbours(seen, damping=setting)
    elif method == "EASE":
        scores = neighbours.ease(seen, penalty=setting)
    else:
        factors, penalty, confidence = setting
        P, Q = als.implicit(seen, factors, penalty, confidence, rng)
        scores = P @ Q.T
    return neighbours.without(scores, seen)


def stars(
    method: str,
    ratings: FilmRatings,
    rows: Rows,
    setting: Setting,
    rng: np.random.Generator | int = 0,
) -> Array:
    """Learn from the rows and return the stars to be expected, of shape (users, films)."""
    checks.one_of("method", method, tuple(STARS))
    user, film, r = ratings.user[rows], ratings.film[rows], ratings.stars[rows]
    if method == "mean":
        return np.full(ratings.shape, r.mean())
    penalty = setting if method == "biases" else BIAS_PENALTY
    mean, b, c = factorise.biases(user, film, r, ratings.shape, penalty)
    expected = mean + b[:, None] + c
    if method == "biases and ALS":
        left = matrix(ratings, rows, r - expected[user, film])
        P, Q, _ = als.explicit(left, matrix(ratings, rows), FACTORS, setting, rng)
        expected += P @ Q.T
    return np.clip(expected, 0.5, 5.0)


def judged(ratings: FilmRatings, rows: Rows, test: Rows) -> Rows:
    """Return the users who have both rows to learn from and rows to test."""
    users = ratings.shape[0]
    counts = (np.bincount(ratings.user[part], minlength=users) for part in (rows, test))
    return np.flatnonzero(np.min([*counts], axis=0) > 0)


def by_user(
    ratings: FilmRatings, scores: Array, test: Rows, users: Rows, k: int = 20
) -> dict[str, Array]:
    """Return recall and NDCG at k for each of the users, over all films that have a score."""
    truth = matrix(ratings, test).toarray()[users]
    metrics = {"recall": recall_at_k, "ndcg": ndcg_at_k}
    return {name: metric(truth, scores[users], k) for name, metric in metrics.items()}


def squared_errors(ratings: FilmRatings, expected: Array, test: Rows) -> Array:
    """Return the squared error of each test row."""
    guess = expected[ratings.user[test], ratings.film[test]]
    return np.asarray((guess - ratings.stars[test]) ** 2)
