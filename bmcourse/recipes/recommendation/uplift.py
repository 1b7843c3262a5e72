"""Would they have watched it anyway? A world in which the answer is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics.ranking import top_k


@dataclass(frozen=True)
class World:
    """Chances of each user to watch each film.

    Attributes
    ----------
    shown : ndarray of shape (users, films)
        If the film is recommended: then the user knows of it, and taste decides.
    anyway : ndarray of shape (users, films)
        If it is not: the user must have heard of it, too.
    known : ndarray of shape (films,)
        Share of the users who have heard of a film without us.
    """

    shown: Array
    anyway: Array
    known: Array


def world(users: int, films: int, rng: np.random.Generator | int, factors: int = 4) -> World:
    """Draw tastes, and how well each film is known; better films are better known, on average."""
    draws = checks.generator("rng", rng)
    quality = draws.normal(size=films)
    P, Q = draws.normal(size=(users, factors)), draws.normal(size=(films, factors))
    shown = expit(-1.8 + 0.7 * quality + 1.2 * (P @ Q.T) / np.sqrt(factors))
    known = expit(-1.5 + 0.8 * quality + 1.5 * draws.normal(size=films))
    return World(shown, shown * known, known)


def watch(chances: Array, rng: np.random.Generator | int) -> Array:
    """Draw who watches what: 1 or 0 for each user and film."""
    return (checks.generator("rng", rng).random(chances.shape) < chances).astype(float)


def judge(found: World, scores: Array, k: int) -> tuple[float, float]:
    """Return per recommended film: the chance of a hit, and how much of it is extra.

    Extra is the chance when shown minus the chance when not shown.
    """
    lists = top_k(scores, k)
    hit = np.take_along_axis(found.shown, lists, axis=1)
    anyway = np.take_along_axis(found.anyway, lists, axis=1)
    return float(hit.mean()), float((hit - anyway).mean())


def trial(found: World, lists: Array, rng: np.random.Generator | int) -> tuple[Array, Array]:
    """Recommend each user's list to half of the users, drawn at random; watch all of them.

    Returns
    -------
    treated : ndarray of bool, shape (users,)
    watched : ndarray of shape (users,)
        Share of the user's own list that he or she watched, whether it was shown or not.
    """
    draws = checks.generator("rng", rng)
    users = len(lists)
    treated = np.zeros(users, bool)
    treated[draws.permutation(users)[: users // 2]] = True
    shown = np.take_along_axis(found.shown, lists, axis=1)
    anyway = np.take_along_axis(found.anyway, lists, axis=1)
    happened = watch(np.where(treated[:, None], shown, anyway), draws)
    return treated, happened.mean(axis=1)


def extra_by_film(
    found: World, shows: int, rng: np.random.Generator | int, prior: float = 20.0
) -> Array:
    """Estimate from a randomised trial what share of each film's hits is extra.

    Each user is shown `shows` films drawn at random. Watchers among those who were shown a film,
    against watchers among those who were not, is an estimate of known; `prior` pulls the share of
    rarely shown films towards the mean of all. Returns 1 - known, within 0 and 1.
    """
    draws = checks.generator("rng", rng)
    lists = top_k(draws.random(found.shown.shape), shows)
    treated = np.zeros(found.shown.shape, bool)
    np.put_along_axis(treated, lists, True, axis=1)
    happened = watch(np.where(treated, found.shown, found.anyway), draws)
    with_us = (happened * treated).sum(axis=0)
    n_with, n_without = treated.sum(axis=0), (~treated).sum(axis=0)
    without_us = (happened * ~treated).sum(axis=0) / n_without
    overall = with_us.sum() / n_with.sum()
    rate = (with_us + prior * overall) / (n_with + prior)
    return np.clip(1 - without_us / rate, 0.0, 1.0)
