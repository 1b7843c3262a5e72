"""Exercises of chapter 10."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from bmcourse.exercises.checker import Case, Exercise, Mistake

Array = npt.NDArray[Any]


def _step(w: Array, gradient: Array, rate: float, strength: float) -> Array:
    return w - rate * (gradient + 2 * strength * w)


def _weight_cases(rng: np.random.Generator) -> list[Case]:
    drawn = rng.normal(size=(2, 4))
    return [(np.array([3.0]), np.array([0.0]), 0.1, 0.5), (drawn[0], drawn[1], 0.05, 0.3)]


l2_step = Exercise(
    "a step with an L2 penalty",
    reference=_step,
    cases=_weight_cases,
    mistakes=[
        Mistake(
            lambda w, g, rate, strength: w - rate * (g + strength * w),
            "The slope of w² is 2w: a factor of 2 is missing.",
        ),
        Mistake(
            lambda w, g, rate, strength: w - rate * (g + strength * w**2),
            "You added the penalty itself. A step needs its slope, 2 · strength · w.",
        ),
        Mistake(
            lambda w, g, rate, strength: w - rate * (g - 2 * strength * w),
            "The sign: this pushes weights away from 0. The penalty grows with the weights, so its "
            "slope is added to the gradient.",
        ),
        Mistake(
            lambda w, g, rate, strength: w - rate * g - 2 * strength * w,
            "The slope of the penalty belongs to the gradient: the learning rate multiplies both.",
        ),
        Mistake(
            lambda w, g, rate, strength: w - rate * g,
            "That is a step without the penalty: strength is not used.",
        ),
        Mistake(
            lambda w, g, rate, strength: w - rate * (g + strength * np.sum(w**2)),
            "You added the penalty itself. A step needs its slope, 2 · strength · w.",
        ),
        Mistake(
            lambda w, g, rate, strength: w - rate * (g + 2 * strength * np.sum(w)),
            "No sum here: the slope of the penalty at one weight knows that weight only.",
        ),
        Mistake(
            lambda w, g, rate, strength: w + rate * (g + 2 * strength * w),
            "You walk uphill: subtract the gradient.",
        ),
    ],
)


def _drop(x: Array, u: Array, rate: float) -> Array:
    return np.where(u >= rate, x / (1 - rate), 0.0)


def _drop_cases(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([2.0, 2.0]), np.array([0.1, 0.9]), 0.2),
        (rng.normal(size=12), rng.random(12), 0.4),
    ]


inverted_dropout = Exercise(
    "inverted dropout",
    reference=_drop,
    cases=_drop_cases,
    mistakes=[
        Mistake(
            lambda x, u, rate: np.where(u >= rate, x, 0.0),
            "Dropping is right, but the mean has shrunk. Divide what is kept by 1 - rate.",
        ),
        Mistake(
            lambda x, u, rate: np.where(u >= rate, x * (1 - rate), 0.0),
            "You multiplied by 1 - rate, so the mean shrinks twice. Divide.",
        ),
        Mistake(
            lambda x, u, rate: np.where(u < rate, x / rate, 0.0),
            "The rate is the share that is dropped. You kept that share.",
        ),
        Mistake(
            lambda x, u, rate: x / (1 - rate),
            "Nothing was dropped: where u is below the rate, the result is 0.",
        ),
        Mistake(
            lambda x, u, rate: np.where(u < rate, x / (1 - rate), 0.0),
            "You kept what should be dropped: where u is below the rate, the result is 0.",
        ),
        Mistake(
            lambda x, u, rate: np.where(u < rate, x, 0.0),
            "You kept what should be dropped: where u is below the rate, the result is 0. And "
            "divide what is kept by 1 - rate.",
        ),
        Mistake(
            lambda x, u, rate: np.where(u >= rate, x / rate, 0.0),
            "Divide by the share that is kept, 1 - rate, not by the share that is dropped.",
        ),
        Mistake(
            lambda x, u, rate: (x / (1 - rate))[u >= rate],
            "To drop is to set to 0. The result keeps the shape of x.",
        ),
    ],
)


def _watch(losses: npt.ArrayLike, patience: int) -> tuple[int, int]:
    """Return the index of the best epoch, and of the epoch at which training stops."""
    values = np.asarray(losses)
    best = 0
    for epoch, loss in enumerate(values):
        if loss < values[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(values) - 1


def _rises_in_a_row(losses: npt.ArrayLike, patience: int) -> int:
    values = np.asarray(losses)
    rises = 0
    for epoch in range(1, len(values)):
        rises = rises + 1 if values[epoch] > values[epoch - 1] else 0
        if rises >= patience:
            return int(np.argmin(values[: epoch + 1]))
    return int(np.argmin(values))


def _curves(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([3.0, 2.0, 2.5, 2.6, 2.7]), 2),
        (np.array([3.0, 2.0, 2.5, 2.4, 2.6, 1.0]), 3),
        (np.array([5.0, 4.0, 4.5, 4.4, 4.6, 4.5, 3.5]), 2),
        (np.array([3.0, 2.0, 1.5, 1.2]), 2),
        (np.array([3.0, 2.0, 2.2, 2.1, 1.0, 4.0]), 2),
        (np.array([3.0, 2.0, 2.5, 2.6, 2.7, 1.0]), 2),
        (np.array([3.0, 2.0, 2.5, 1.5, 1.8, 1.9]), 2),
        (np.array([4.0, 3.0, 3.5, 2.5, 2.6, 2.7, 2.0]), 3),
    ]


early_stopping = Exercise(
    "the epoch that early stopping keeps",
    reference=lambda losses, patience: _watch(losses, patience)[0],
    cases=_curves,
    mistakes=[
        Mistake(
            lambda losses, patience: int(np.argmin(losses)),
            "You looked at the whole curve. Training had stopped before its end: later epochs were "
            "never run.",
        ),
        Mistake(
            lambda losses, patience: _watch(losses, patience)[1],
            "That is where training stops. The weights that are kept are those of the best epoch "
            "before it.",
        ),
        Mistake(
            _rises_in_a_row,
            "You counted rises in a row. Count epochs since the lowest loss so far: a small dip in "
            "between does not help.",
        ),
        Mistake(
            lambda losses, patience: _watch(losses, patience + 1)[0],
            "One epoch too patient: stop as soon as `patience` epochs have brought no new best.",
        ),
        Mistake(
            lambda losses, patience: _watch(losses, patience - 1)[0],
            "One epoch too impatient: `patience` whole epochs must have brought no new best.",
        ),
        Mistake(
            lambda losses, patience: float(losses[_watch(losses, patience)[0]]),
            "That is the loss. Return the index of its epoch.",
        ),
        Mistake(
            lambda losses, patience: _watch(losses, patience)[0] + 1,
            "Right, but count the epochs from 0, as an index does.",
        ),
        Mistake(
            lambda losses, patience: _watch(losses, 1)[0],
            "You stop at the first rise. Wait for `patience` epochs without a new lowest loss.",
        ),
        Mistake(
            lambda losses, patience: len(losses) - 1,
            "That is the last epoch. Early stopping keeps the weights of the best epoch it saw.",
        ),
    ],
)


def _expected_best(n: int, k: int) -> float:
    below = stats.binom.cdf(np.arange(n), n, 0.5)
    return float(np.mean(1 - below**k))


def _from_one(n: int, k: int) -> float:
    return float(np.mean(1 - stats.binom.cdf(np.arange(1, n + 1), n, 0.5) ** k))


def _no_power(n: int, k: int) -> float:
    return float(np.mean(1 - k * stats.binom.cdf(np.arange(n), n, 0.5)))


def _all_reach(n: int, k: int) -> float:
    return float(np.mean((1 - stats.binom.cdf(np.arange(n), n, 0.5)) ** k))


best_by_luck = Exercise(
    "the best of many by luck",
    reference=_expected_best,
    cases=lambda rng: [(1, 1), (2, 2), (20, 5), (100, 100), (1000, 30)],
    mistakes=[
        Mistake(
            _from_one,
            "One place off: the chance to reach m is 1 - F(m - 1) to the k, so F starts at 0.",
        ),
        Mistake(
            _all_reach,
            "That is the worst of the k models. The best one reaches m unless all k stay below: "
            "the chance is 1 - F(m - 1) to the k.",
        ),
        Mistake(
            _no_power,
            "Independent chances multiply: all k stay below m with F to the k, not k times F.",
        ),
        Mistake(
            lambda n, k: n * _expected_best(n, k),
            "That is the count of right answers. Divide by n for the accuracy.",
        ),
        Mistake(
            lambda n, k: 0.5,
            "That is the mean accuracy of one model. The best of k is above it.",
        ),
        Mistake(
            lambda n, k: _expected_best(n, k) + 1 / n,
            "Your sum has one term too many: m runs from 1 to n. To reach at least 0 is certain.",
        ),
        Mistake(
            lambda n, k: float(1 - stats.binom.cdf(n // 2, n, 0.5) ** k),
            "That is the chance that the best is right on more than half. Asked is its mean: add "
            "such chances for all m, then divide by n.",
        ),
        Mistake(
            lambda n, k: n * _expected_best(n, k) / (n + 1),
            "Divide by n: an accuracy is a share of the n images.",
        ),
    ],
)
