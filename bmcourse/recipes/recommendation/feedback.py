"""A world whose true tastes are known, and a system that learns from what it showed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics.ranking import top_k
from bmcourse.recipes.recommendation import als


def tastes(users: int, films: int, rng: np.random.Generator, factors: int = 4) -> Array:
    """Draw the chance that each user watches each film to the end when it is shown.

    It is the sigmoid of the film's quality plus the product of two vectors of tastes.
    """
    quality = rng.normal(-1.5, 0.7, films)
    P, Q = rng.normal(size=(users, factors)), rng.normal(size=(films, factors))
    return np.asarray(expit(quality + P @ Q.T * 1.3 / np.sqrt(factors)))


@dataclass(frozen=True)
class Round:
    """What one round showed.

    Attributes
    ----------
    films : float
        Different films among all that were shown, over the films there are.
    top : float
        Share of the shows that went to the tenth of the films shown most.
    liking : float
        Mean true chance of what was shown.
    model : float
        The same for the model's own list, without random places.
    best : float
        The same for the best list that could be made from what each user had not seen.
    """

    films: float
    top: float
    liking: float
    model: float
    best: float


def simulate(
    likes: Array,
    *,
    learn_from: str,
    explore: float = 0.0,
    rounds: int = 12,
    shown: int = 5,
    start: int = 5,
    factors: int = 8,
    penalty: float = 5.0,
    confidence: float = 10.0,
    rng: np.random.Generator | int,
) -> list[Round]:
    """Show films, see who watches, learn, and show again.

    Parameters
    ----------
    likes : ndarray of shape (users, films)
        True chances, see `tastes`.
    learn_from : {"shown", "random"}
        "shown": the next model learns from what the last one showed (the loop). "random": from
        as many films shown at random to the same users (no loop; the control).
    explore : float in [0, 1)
        Chance of each place in the list to hold a film drawn at random.
    rounds, shown, start : int
        Rounds; films a user and round; films shown at random to each user before the first round.

    Returns
    -------
    list of Round
        About the lists of the model, one a round; random places count as shown.
    """
    checks.one_of("learn_from", learn_from, ("shown", "random"))
    checks.number("explore", explore, at_least=0, below=1)
    draws = checks.generator("rng", rng)
    log = np.zeros(likes.shape, bool)  # what a user was shown
    chosen = draws.random(likes.shape).argsort(axis=1)[:, :start]
    np.put_along_axis(log, chosen, True, axis=1)
    watched = log & (draws.random(likes.shape) < likes)
    found = []
    for _ in range(rounds):
        seen = sparse.csr_array(watched.astype(float))
        P, Q = als.implicit(seen, factors, penalty, confidence, draws, sweeps=3)
        scores = np.where(log, -np.inf, P @ Q.T)
        own = top_k(scores, shown)
        lists = _explored(own, log, explore, draws)
        found.append(_look(own, lists, likes, log))
        if learn_from == "random":
            lists = top_k(np.where(log, -np.inf, draws.random(likes.shape)), shown)
        new = np.zeros(likes.shape, bool)
        np.put_along_axis(new, lists, True, axis=1)
        watched |= new & (draws.random(likes.shape) < likes)
        log |= new
    return found


def _explored(lists: Array, log: Array, explore: float, draws: np.random.Generator) -> Array:
    """Put a random film, new to the user and not in the list, into some places."""
    swap = draws.random(lists.shape) < explore
    free = log.copy()
    np.put_along_axis(free, lists, True, axis=1)
    others = top_k(np.where(free, -np.inf, draws.random(log.shape)), lists.shape[1])
    return np.where(swap, others, lists)


def _look(own: Array, lists: Array, likes: Array, log: Array) -> Round:
    counts = np.sort(np.bincount(lists.ravel(), minlength=likes.shape[1]))[::-1]
    best = top_k(np.where(log, -np.inf, likes), lists.shape[1])
    top = counts[: len(counts) // 10].sum() / counts.sum()
    liking = [float(np.take_along_axis(likes, one, axis=1).mean()) for one in (lists, own, best)]
    return Round(float((counts > 0).mean()), float(top), *liking)
