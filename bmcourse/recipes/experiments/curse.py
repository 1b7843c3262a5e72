"""The winner's curse: how much of the lead of the best of many is luck, and nested validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import integrate, stats

from bmcourse import checks
from bmcourse.checks import Array

Fit = Callable[[Any, Array, Array], Callable[[Array], Array]]


def mean_of_maximum(k: int) -> float:
    """Return the mean of the largest of k independent standard normal numbers.

    Examples
    --------
    >>> round(mean_of_maximum(2) * np.pi**0.5, 6)
    1.0
    """
    checks.integer("k", k)
    found, _ = integrate.quad(
        lambda z: z * k * stats.norm.pdf(z) * stats.norm.cdf(z) ** (k - 1), -9, 9, limit=200
    )
    return float(found)


def variances(right: Array, n: int) -> tuple[float, float]:
    """Return the variance of luck on n validation examples, and of true accuracy, among runs.

    Parameters
    ----------
    right : ndarray of bool, shape (runs, examples)
        Right answers on examples of the same kind; those that choose may be among them.
    n : int
        Examples in the validation set.

    Notes
    -----
    Two runs differ on a share d of the examples, where just one of them is right. The gap of their
    counted accuracies then has, for equally good runs, the variance d / n, twice the luck of each.
    What the spread of the accuracies on `right` itself has beyond *its* luck is true.
    """
    runs, examples = right.shape
    share = right.mean(axis=0)
    differ = 2 * np.mean(share * (1 - share)) * runs / (runs - 1)  # mean over all pairs of runs
    spread = right.mean(axis=1).var(ddof=1)
    return differ / (2 * n), max(0.0, spread - differ / (2 * examples))


def expected(k: int, luck: float, truth: float) -> tuple[float, float]:
    """Return what the best of k is expected to lead by: in truth, and by luck.

    `truth` and `luck` are the variances of the two parts, both normal.
    """
    high = mean_of_maximum(k) / np.sqrt(luck + truth)
    return float(high * truth), float(high * luck)


def best_of(
    k: int, validation: Array, test: Array, rng: np.random.Generator, draws: int = 400
) -> tuple[float, float]:
    """Choose the best of k runs by `validation`, many times; return its mean score on both.

    Of runs with equal scores the first drawn is taken, so ties are broken at random.
    """
    found = np.empty((draws, 2))
    for i in range(draws):
        some = rng.choice(len(validation), k, replace=False)
        winner = some[np.argmax(validation[some])]
        found[i] = validation[winner], test[winner]
    means = found.mean(axis=0)
    return float(means[0]), float(means[1])


def folds(n: int, count: int, rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Return `count` pairs of rows: to learn from, and held out. Each row is held out once."""
    parts = np.array_split(rng.permutation(n), count)
    every = np.arange(n)
    return [(np.setdiff1d(every, part), part) for part in parts]


def scores(fit: Fit, configs: Sequence[Any], x: Array, y: Array, parts: Any) -> Array:
    """Return the cross-validated accuracy of each configuration, shape (configs,)."""
    found = [[(fit(c, x[a], y[a])(x[b]) == y[b]).mean() for a, b in parts] for c in configs]
    return np.asarray(found).mean(axis=1)


def flat(
    fit: Fit, configs: Sequence[Any], x: Array, y: Array, rng: np.random.Generator, count: int = 5
) -> tuple[int, float]:
    """Choose by cross-validation; return the place of the best configuration and *its* score."""
    found = scores(fit, configs, x, y, folds(len(y), count, rng))
    winner = int(np.argmax(found))
    return winner, float(found[winner])


def nested(
    fit: Fit, configs: Sequence[Any], x: Array, y: Array, rng: np.random.Generator, count: int = 5
) -> float:
    """Return the score of the whole procedure: choose inside each fold, score on what it held out.

    The held-out part takes no part in the choice, so its score is not the best of anything.
    """
    found = []
    for learn, held in folds(len(y), count, rng):
        winner, _ = flat(fit, configs, x[learn], y[learn], rng, count - 1)
        answer = fit(configs[winner], x[learn], y[learn])
        found.append((answer(x[held]) == y[held]).mean())
    return float(np.mean(found))
