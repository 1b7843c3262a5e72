"""Exercises on generalisation."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from bmcourse.chapters.generalisation.early_stopping import early_stopping
from bmcourse.exercises import Case, Exercise

__all__ = ["best_by_luck", "early_stopping", "inverted_dropout", "l2_step", "training_error"]

Array = npt.NDArray[Any]


def _training_error(b2: float, n: int, p: int, sigma: float) -> float:
    return b2 + sigma**2 - sigma**2 * p / n


training_error = Exercise(
    "the error on the training points",
    reference=_training_error,
    cases=lambda rng: [(0.0, 20, 4, 0.3), (0.1, 20, 16, 0.3), (0.02, 50, 7, 1.5), (0.3, 7, 7, 2.0)],
    mistakes={
        "b2 + sigma**2 + sigma**2 * p / n": "That is the error on new heights. On the training points the same noise stands on both sides, and I - H is in place of H.",
        "b2 + sigma**2 - 2 * sigma**2 * p / n": "The trace of I - H is n - p: p counts once.",
        "b2 + sigma**2 * p / n": "That is the noise taken in, with the trace of H. What is left of the noise has I - H, with the trace n - p.",
        "b2 - sigma**2 * p / n": "The trace of I - H is n - p, not -p.",
        "b2 + sigma**2": "The student takes in a part of the noise. The rest has the trace of I - H, which is n - p.",
        "sigma**2 - sigma**2 * p / n": "The bias part b² is missing.",
        "b2 + sigma - sigma * p / n": "The mean square of the noise is σ², not σ.",
        "b2 + sigma**2 * (n - p)": "That is the sum over all points. The error is a mean: divide by n.",
        "n * b2 + sigma**2 * (n - p)": "That is the sum over all points. The error is a mean: divide by n.",
        "b2 + (1 - p / n) ** 2 * sigma**2": "Doing I - H twice changes nothing: its trace stands there once, not squared.",
        "b2 + sigma**2 - sigma**2 * n / p": "The share is p of n, not n of p.",
    },
)


def _step(w: Array, gradient: Array, rate: float, strength: float) -> Array:
    return w - rate * (gradient + 2 * strength * w)


def _weight_cases(rng: np.random.Generator) -> list[Case]:
    drawn = rng.normal(size=(2, 4))
    return [(np.array([3.0]), np.array([0.0]), 0.1, 0.5), (drawn[0], drawn[1], 0.05, 0.3)]


l2_step = Exercise(
    "a step with an L2 penalty",
    reference=_step,
    cases=_weight_cases,
    mistakes={
        "w - rate * (gradient + strength * w)": "The slope of w² is 2w: a factor of 2 is missing.",
        "w - rate * (gradient + strength * w**2)": "You added the penalty itself. A step needs its slope, 2 · strength · w.",
        "w - rate * (gradient - 2 * strength * w)": "The sign: this pushes weights away from 0. The penalty grows with the weights, so its slope is added to the gradient.",
        "w - rate * gradient - 2 * strength * w": "The slope of the penalty belongs to the gradient: the learning rate multiplies both.",
        "w - rate * gradient": "That is a step without the penalty: strength is not used.",
        "w - rate * (gradient + strength * np.sum(w**2))": "You added the penalty itself. A step needs its slope, 2 · strength · w.",
        "w - rate * (gradient + 2 * strength * np.sum(w))": "No sum here: the slope of the penalty at one weight knows that weight only.",
        "w + rate * (gradient + 2 * strength * w)": "You walk uphill: subtract the gradient.",
        "w - rate * (gradient + strength * np.sign(w))": "That is the slope of |w|. The slope of w² is 2w.",
        "-rate * (gradient + 2 * strength * w)": "That is the step. Return the weights after it.",
        "gradient + 2 * strength * w": "That is the gradient with the penalty. Walk against it: return the weights after the step.",
        "w - gradient - 2 * strength * w": "The learning rate is missing: it multiplies the whole gradient.",
        "w - rate * (gradient + 2 * w)": "The strength is missing: it multiplies the slope of the penalty.",
        "w - rate * (gradient + 2 * strength)": "The slope of w² is 2w: the weight is missing.",
        "w - rate * gradient - strength * w": "The slope of the penalty is 2 · strength · w, and the learning rate multiplies it, too.",
        "(w - rate * gradient) * (1 - 2 * rate * strength)": "Take both slopes at the same weights: those before the step.",
        "w - rate * (gradient + 2 * strength * w**2)": "The slope of w² is 2w, not 2w².",
    },
)


def _drop(x: Array, u: Array, rate: float) -> Array:
    return np.where(u >= rate, x / (1 - rate), 0.0)


def _drop_cases(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([2.0, 2.0]), np.array([0.1, 0.9]), 0.2),
        (rng.normal(size=12), rng.random(12), 0.4),
        (np.array([3.0, 6.0, 9.0]), np.array([0.0, 0.25, 0.5]), 0.25),  # u may equal the rate
    ]


inverted_dropout = Exercise(
    "inverted dropout",
    reference=_drop,
    cases=_drop_cases,
    mistakes={
        "np.where(u >= rate, x, 0.0)": "Dropping is right, but the mean has shrunk. Divide what is kept by 1 - rate.",
        "np.where(u >= rate, x * (1 - rate), 0.0)": "You multiplied by 1 - rate, so the mean shrinks twice. Divide.",
        "np.where(u < rate, x / rate, 0.0)": "The rate is the share that is dropped. You kept that share.",
        "np.where(u > rate, x / (1 - rate), 0.0)": "Drop where u is below the rate. Where it equals the rate, x is kept: >= and not >.",
        "x / (1 - rate)": "Nothing was dropped: where u is below the rate, the result is 0.",
        "np.where(u < rate, x / (1 - rate), 0.0)": "You kept what should be dropped: where u is below the rate, the result is 0.",
        "np.where(u < rate, x, 0.0)": "You kept what should be dropped: where u is below the rate, the result is 0. And divide what is kept by 1 - rate.",
        "np.where(u >= rate, x / rate, 0.0)": "Divide by the share that is kept, 1 - rate, not by the share that is dropped.",
        "(x / (1 - rate))[u >= rate]": "To drop is to set to 0. The result keeps the shape of x.",
        "np.where(u >= rate, x / np.mean(u >= rate), 0.0)": "Divide by 1 - rate, not by the share that happened to be kept.",
        "np.where(u >= rate, x * rate, 0.0)": "Divide by the share that is kept, 1 - rate. You multiplied by the rate.",
        "x[u >= rate]": "To drop is to set to 0. The result keeps the shape of x.",
        "np.where(u >= rate, 1.0, 0.0)": "That is the mask. Multiply x by it, and divide by 1 - rate.",
        "np.where(u >= rate, 1 / (1 - rate), 0.0)": "That is the mask. Multiply x by it.",
        "np.where(u < 1 - rate, x / (1 - rate), 0.0)": "You keep as many, but others: those are dropped for which u is below the rate.",
        "np.where(x >= rate, x / (1 - rate), 0.0)": "Compare the random numbers u with the rate, not x.",
        "x * (1 - rate)": "Nothing was dropped: where u is below the rate, the result is 0. Divide the rest by 1 - rate.",
    },
)


def _expected_best(n: int, k: int, right: float) -> float:
    below = stats.binom.cdf(np.arange(n), n, right)
    return float(np.mean(1 - below**k))


def _weighted(n: int, k: int, right: float) -> float:
    reached = 1 - stats.binom.cdf(np.arange(n), n, right) ** k
    return float(np.sum(np.arange(1, n + 1) * reached) / n)


best_by_luck = Exercise(
    "the best of many by luck",
    reference=_expected_best,
    cases=lambda rng: [(1, 1, 0.5), (2, 2, 0.5), (20, 5, 0.9), (100, 100, 0.8), (1000, 30, 0.3)],
    mistakes={
        "_expected_best(n, k, 0.5)": "That is the coins' answer, for every value of right. Each model is right with the chance `right`.",
        "0.5 + np.sqrt(np.log(k) / (2 * n))": "That is the rule of thumb for coins, which is never below the mean. Add up the chances to reach m, with the chance `right`.",
        "float(np.mean(1 - stats.binom.cdf(np.arange(1, n + 1), n, right) ** k))": "One place off: the chance to reach m is 1 - F(m - 1) to the k, so F starts at 0.",
        "float(np.mean((1 - stats.binom.cdf(np.arange(n), n, right)) ** k))": "That is the worst of the k models. The best one reaches m unless all k stay below: the chance is 1 - F(m - 1) to the k.",
        "float(np.mean(1 - k * stats.binom.cdf(np.arange(n), n, right)))": "Independent chances multiply: all k stay below m with F to the k, not k times F.",
        "n * _expected_best(n, k, right)": "That is the count of right answers. Divide by n for the accuracy.",
        "right": "That is the mean accuracy of one model. The best of k is above it.",
        "_expected_best(n, k, right) + 1 / n": "Your sum has one term too many: m runs from 1 to n. To reach at least 0 is certain.",
        "float(1 - stats.binom.cdf(n // 2, n, right) ** k)": "That is the chance that the best is right on more than half. Asked is its mean: add such chances for all m, then divide by n.",
        "n * _expected_best(n, k, right) / (n + 1)": "Divide by n: an accuracy is a share of the n images.",
        "float(np.mean(k * (1 - stats.binom.cdf(np.arange(n), n, right))))": "k times a chance may be above 1. The best reaches m unless all k stay below: 1 - F(m - 1) to the k.",
        "_weighted(n, k, right)": "Add the chances to reach m as they are: each counts one image. You multiplied by m.",
        "n * _expected_best(n, k, right) / k": "Divide by n, the images, not by k, the models.",
        "right + np.sqrt(np.log(k) / (2 * n))": "That is the rule of thumb, which is never below the mean. Add up the chances to reach m.",
        "1 - (1 - right) ** k": "That is the chance that at least one of k models is right on one image. Asked is a mean accuracy on n images.",
    },
)
