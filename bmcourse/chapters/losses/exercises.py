"""Exercises on losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _price_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([200.0]), np.array([210.0])),
        (np.array([1.0, 2, 3]), np.array([2.0, 2, 1])),
    ]
    return [*small, *((rng.normal(size=n), rng.normal(size=n)) for n in (4, 50))]


mean_squared_error = Exercise(
    "mean squared error",
    reference=lambda y, y_pred: np.mean((y_pred - y) ** 2),
    cases=_price_cases,
    mistakes={
        "np.sum((y_pred - y) ** 2)": "That is the sum. Divide by how many examples there are.",
        "(y_pred - y) ** 2": "That is one squared error for each example. Did you forget the mean?",
        "np.mean(y_pred - y) ** 2": "Square each error before you take the mean: otherwise +1 and -1 cancel.",
        "np.mean(np.abs(y_pred - y))": "That is the mean absolute error. Square the errors.",
        "np.sqrt(np.mean((y_pred - y) ** 2))": "That is the root of it (RMSE). Leave the root out.",
        "np.mean((y_pred - y) ** 2) / 2": "Some books halve it to save a 2 in the gradient. We don't.",
    },
)


def _logit_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([0.0]), np.array([1.0])),
        (np.array([2.0, -1.0]), np.array([1.0, 0.0])),
        (np.array([2.0, -1.0]), np.array([0.0, 1.0])),
    ]
    far: Case = (np.array([800.0, -800.0, 800.0]), np.array([0.0, 1.0, 1.0]))
    drawn = [(rng.normal(0, 3, n), rng.integers(0, 2, n).astype(float)) for n in (5, 40)]
    return [*small, *drawn, far]


def _from_probabilities(z: Array, y: Array, edge: float = 0.0) -> float:
    with np.errstate(all="ignore"):
        p = np.clip(1 / (1 + np.exp(-z)), edge, 1 - edge)
        return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def _without_the_maximum(z: Array, y: Array) -> float:
    with np.errstate(over="ignore"):
        return float(np.mean(np.log(1 + np.exp(z)) - y * z))


bce_from_logits = Exercise(
    "binary cross-entropy from logits",
    reference=lambda z, y: np.mean(np.logaddexp(0, z) - y * z),
    cases=_logit_cases,
    mistakes={
        _from_probabilities: "Right on paper, but for logits of 800 it overflows. Don't go through the probability.",
        _without_the_maximum: "Right on paper, but exp(800) overflows. Take the larger of 0 and z out first.",
        "_from_probabilities(z, y, 1e-7)": "Clipping the probability caps the loss at about 16. For a logit of 800 it can be 800.",
        "np.mean(y * np.logaddexp(0, -z))": "Examples with target 0 cost nothing in your formula. The second half is missing.",
        "np.sum(np.logaddexp(0, z) - y * z)": "That is the sum. Take the mean.",
        "np.logaddexp(0, z) - y * z": "That is one loss for each example. Did you forget the mean?",
        "np.mean(np.logaddexp(0, z) - (1 - y) * z)": "The two classes are swapped: a large logit must be cheap for target 1.",
        "np.mean(y * z - np.logaddexp(0, z))": "That is the log-likelihood. The loss is minus that.",
    },
)


def _softmax(z: Array, axis: int = 1) -> Array:
    raised = np.exp(z - z.max(axis=axis, keepdims=True))
    return np.asarray(raised / raised.sum(axis=axis, keepdims=True))


def _one_hot(z: Array, y: Array) -> Array:
    return np.eye(z.shape[1])[y]


def _class_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([[0.0, 0.0]]), np.array([0])),
        (np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]]), np.array([1, 2])),
    ]
    drawn = [(rng.normal(0, 2, (n, k)), rng.integers(0, k, n)) for n, k in ((4, 3), (6, 10))]
    return [*small, *drawn, (np.array([[2000.0, 0.0], [0.0, 1.0]]), np.array([1, 1]))]


def _without_subtracting(z: Array, y: Array) -> Array:
    with np.errstate(all="ignore"):
        raised = np.exp(z)
        return np.asarray((raised / raised.sum(axis=1, keepdims=True) - _one_hot(z, y)) / len(z))


def _dims_lost(z: Array, y: Array, *, largest: bool, total: bool) -> Array:
    raised = np.exp(z - z.max(axis=1, keepdims=not largest))
    return (raised / raised.sum(axis=1, keepdims=not total) - _one_hot(z, y)) / len(z)


def _largest_of_all(z: Array, y: Array) -> Array:
    raised = np.exp(z - z.max())
    with np.errstate(invalid="ignore"):
        return np.asarray((raised / raised.sum(axis=1, keepdims=True) - _one_hot(z, y)) / len(z))


ONE_HOT = "y holds class numbers. Make each a one-hot row first, or subtract 1 at the true class."
cross_entropy_gradient = Exercise(
    "gradient of cross-entropy",
    reference=lambda z, y: (_softmax(z) - _one_hot(z, y)) / len(z),
    cases=_class_cases,
    mistakes={
        "_softmax(z) - _one_hot(z, y)": "The loss is a mean over the batch: divide by the number of rows.",
        "(_one_hot(z, y) - _softmax(z)) / len(z)": "The sign is turned: it is probability minus target.",
        "_softmax(z) / len(z)": "That pushes every logit down. Subtract 1 at the true class.",
        _without_subtracting: "Right on paper, but exp(2000) overflows. Subtract the largest logit of each row.",
        "(_softmax(z, axis=0) - _one_hot(z, y)) / len(z)": "Your softmax runs over the batch. Each row must have the sum 1.",
        "(_softmax(z) - _one_hot(z, y)) / z.size": "Divide by the number of rows, not by the number of all logits.",
        "(_softmax(z) - y) / len(z)": ONE_HOT,
        "(_softmax(z) - y[:, np.newaxis]) / len(z)": ONE_HOT,
        "_dims_lost(z, y, largest=False, total=True)": "Use keepdims=True, so that each row is divided by its own sum.",
        "_dims_lost(z, y, largest=True, total=False)": "Use keepdims=True, so that each row loses its own largest logit.",
        "_dims_lost(z, y, largest=True, total=True)": "Use keepdims=True twice, so that each row meets its own maximum and its own sum.",
        "(_softmax(z) - np.isin(np.arange(z.shape[1]), y)) / len(z)": "p[:, y] takes whole columns. Take one place of each row: p[np.arange(len(z)), y].",
        _largest_of_all: "Subtract the largest of each row, not of the whole array.",
    },
)


def _count_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([0.0]), np.array([2.0])),
        (np.array([1.0, -1.0]), np.array([3.0, 0.0])),
    ]
    drawn = [(rng.normal(0, 1, n), rng.poisson(3, n).astype(float)) for n in (5, 30)]
    return [*small, *drawn]


poisson_gradient = Exercise(
    "gradient of a loss for counts",
    reference=lambda z, y: (np.exp(z) - y) / len(z),
    cases=_count_cases,
    mistakes={
        "np.exp(z) - y": "The loss is a mean over the examples: divide by how many there are.",
        "(1 - y / np.exp(z)) / len(z)": "You differentiated with respect to the rate. Do it for z, its logarithm.",
        "(y - np.exp(z)) / len(z)": "That climbs the likelihood. The loss is minus its logarithm, so the sign turns.",
        "float(np.mean(np.exp(z) - y * z))": "That is the loss itself, and a right one. Now differentiate it.",
        "(z - y) / len(z)": "That is squared error's form. The prediction is the rate, exp(z), not z.",
        "np.mean(np.exp(z) - y)": "Return one number for each example: divide by n, but don't add up.",
    },
)
