"""Cold start: what can be said of a user, or of a film, after the first k ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.datasets.ratings import FilmRatings
from bmcourse.metrics.ranking import recall_at_k
from bmcourse.recipes.recommendation import als, factorise, neighbours
from bmcourse.recipes.recommendation.splits import matrix

Rows = npt.NDArray[np.intp]
BIAS = 4.0  # penalty of a bias: so many invented ratings draw it towards 0


@dataclass(frozen=True)
class Newcomers:
    """Users or films that no model has learned from.

    Attributes
    ----------
    old : ndarray of int
        Rows of all others.
    first : ndarray of shape (newcomers, most)
        Rows of each newcomer that may become known, one after the other.
    test : ndarray of shape (newcomers, tests)
        Rows of each newcomer that are asked for.
    """

    old: Rows
    first: Rows
    test: Rows


def newcomers(
    of: Rows, count: int, most: int, tests: int, rng: np.random.Generator | int
) -> Newcomers:
    """Draw `count` users (or films) that have enough rows, and put their rows in random order.

    Parameters
    ----------
    of : ndarray of shape (rows,)
        The user (or the film) of each row.
    """
    draws = checks.generator("rng", rng)
    able = np.flatnonzero(np.bincount(of) >= most + tests)
    drawn = draws.permutation(able)[:count]
    rows = [draws.permutation(np.flatnonzero(of == one))[: most + tests] for one in drawn]
    both = np.array(rows)
    return Newcomers(np.flatnonzero(~np.isin(of, drawn)), both[:, :most], both[:, most:])


def recall_of_new_users(
    ratings: FilmRatings,
    found: Newcomers,
    known: tuple[int, ...],
    settings: dict[str, Any],
) -> dict[str, dict[int, Array]]:
    """Return each method's recall at 20 for each new user, with so many ratings known.

    `settings` holds the setting of each method, one of those in `methods.RANKING`. Popularity
    counts all ratings.
    """
    seen = matrix(ratings, found.old)
    users = ratings.user[found.test[:, 0]]
    new = sparse.vstack(
        [matrix(ratings, found.first[:, :k].ravel())[users] for k in known], format="csr"
    )  # (known * users, films): everybody once for each number of ratings
    factors, penalty, confidence = settings["ALS"]
    _, Q = als.implicit(seen, factors, penalty, confidence, rng=0)
    scores = {
        "popularity": neighbours.popularity(seen, new.shape[0]),
        "item neighbours": neighbours.item_neighbours(seen, new, settings["item neighbours"]),
        "EASE": neighbours.ease(seen, new, settings["EASE"]),
        "ALS": als.fold_in(new, Q, penalty, confidence) @ Q.T,
    }
    truth = np.tile(matrix(ratings, found.test.ravel())[users].toarray(), (len(known), 1))
    result = {}
    for name, table in scores.items():
        recall = recall_at_k(truth, neighbours.without(table, new), 20)
        result[name] = dict(zip(known, recall.reshape(len(known), -1), strict=True))
    return result


def errors_of_new_users(
    ratings: FilmRatings, found: Newcomers, known: tuple[int, ...], penalty: float, factors: int
) -> dict[str, dict[int, Array]]:
    """Return the mean squared error of each new user: film alone, with bias, with factors."""
    user, film, r = ratings.user[found.old], ratings.film[found.old], ratings.stars[found.old]
    mean, b, c = factorise.biases(user, film, r, ratings.shape, BIAS)
    left = matrix(ratings, found.old, r - mean - b[user] - c[film])
    _, Q, _ = als.explicit(left, matrix(ratings, found.old), factors, penalty, rng=0)
    base = ratings.stars - mean - c[ratings.film]
    result: dict[str, dict[int, Array]] = {"film": {}, "and bias": {}, "and factors": {}}
    for k in known:
        first, films = found.first[:, :k], ratings.film[found.test]
        bias = base[first].sum(axis=1, keepdims=True) / (k + BIAS)  # (newcomers, 1)
        p = np.zeros((len(first), factors))
        for i, rows in enumerate(first):
            q = Q[ratings.film[rows]]  # (k, factors)
            A = q.T @ q + penalty * np.eye(factors)
            p[i] = np.linalg.solve(A, q.T @ (base[rows] - bias[i]))
        e = base[found.test]
        fitted = np.einsum("nf,ntf->nt", p, Q[films])
        result["film"][k] = np.mean(e**2, axis=1)
        result["and bias"][k] = np.mean((e - bias) ** 2, axis=1)
        result["and factors"][k] = np.mean((e - bias - fitted) ** 2, axis=1)
    return result


def errors_of_new_films(
    ratings: FilmRatings, found: Newcomers, known: tuple[int, ...], penalty: float = 10.0
) -> dict[str, dict[int, Array]]:
    """Return the mean squared error of each new film: without its genres, and with them.

    The film's bias is drawn towards 0, or towards what a ridge regression on genres and decade
    expects of it, by `BIAS` invented ratings.
    """
    user, film, r = ratings.user[found.old], ratings.film[found.old], ratings.stars[found.old]
    mean, b, c = factorise.biases(user, film, r, ratings.shape, BIAS)
    X = traits(ratings)
    counts = np.bincount(film, minlength=len(X))[:, None]  # a film weighs as much as its ratings
    weights = np.linalg.solve(
        X.T @ (counts * X) + penalty * np.eye(X.shape[1]), X.T @ (counts[:, 0] * c)
    )
    expected = X @ weights
    base = ratings.stars - mean - b[ratings.user]
    films = ratings.film[found.test[:, 0]]
    result: dict[str, dict[int, Array]] = {"ratings": {}, "ratings and genres": {}}
    for k in known:
        first = base[found.first[:, :k]]
        for name, start in (
            ("ratings", np.zeros(len(films))),
            ("ratings and genres", expected[films]),
        ):
            bias = start + (first - start[:, None]).sum(axis=1) / (k + BIAS)
            result[name][k] = np.mean((base[found.test] - bias[:, None]) ** 2, axis=1)
    return result


def traits(ratings: FilmRatings) -> Array:
    """Return films x traits: 1 for each genre and for the decade of a film."""
    kinds = sorted({kind for genres in ratings.genres for kind in genres})
    genres = [[kind in film for kind in kinds] for film in ratings.genres]
    decades = ratings.years[:, None] // 10 == np.arange(192, 202)
    return np.hstack([np.array(genres), decades]).astype(float)
