"""Exercises of chapter 13."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake

Array = npt.NDArray[Any]


def _weight_cases(rng: np.random.Generator) -> list[Case]:
    networks = [(2, 3, 1), (4, 4, 4), (5, 2, 3, 1)]
    return [
        ([rng.normal(size=shape) for n, m in pairwise(widths) for shape in ((n, m), (m,))],)
        for widths in networks
    ]


ONE_BY_ONE = (
    "A list of arrays of different shapes cannot be transposed as a whole. Transpose each array "
    "of the list."
)


to_pytorch = Exercise(
    "weights for PyTorch",
    reference=lambda weights: [w.T for w in weights],
    cases=_weight_cases,
    mistakes=[
        Mistake(
            lambda weights: list(weights),
            "Nothing has changed. PyTorch keeps a kernel as (out, in); for a square kernel no "
            "error would warn you.",
        ),
        Mistake(
            lambda weights: [w.reshape(w.shape[::-1]) for w in weights],
            "The shapes are right and the numbers stand in the wrong places: reshape refills "
            "row by row. Exchange rows and columns instead.",
        ),
        Mistake(
            lambda weights: [w.T for w in weights[::-1]],
            "The transposes are right. Keep the order: first layer first, kernel before bias.",
        ),
        Mistake(
            lambda weights: [w.T if w.ndim > 1 else w[:, np.newaxis] for w in weights],
            "A bias has one axis in both frameworks. Leave it as it is.",
        ),
        Mistake(lambda weights: np.transpose(weights), ONE_BY_ONE),
        Mistake(lambda weights: weights.T, ONE_BY_ONE),
        Mistake(
            lambda weights: [w.T for w in weights[::2]],
            "The kernels are right. The biases belong into the list, too, unchanged.",
        ),
    ],
)


def _gradient_cases(rng: np.random.Generator) -> list[Case]:
    small = [(np.array([1.0]), 0.1), (np.array([1.0, 2.0, 3.0]), 0.1)]
    return small + [(rng.normal(size=n), 0.5) for n in (2, 5, 20)]


def _added_one_step_late(gradients: Array, rate: float) -> float:
    return float(-rate * (np.cumsum(gradients) - gradients).sum())


without_zero_grad = Exercise(
    "zero_grad forgotten",
    reference=lambda gradients, rate: -rate * np.cumsum(gradients).sum(),
    cases=_gradient_cases,
    mistakes=[
        Mistake(
            lambda gradients, rate: -rate * gradients.sum(),
            "That is the program with zero_grad. Without it, each step walks along the sum of all "
            "gradients so far.",
        ),
        Mistake(
            lambda gradients, rate: rate * np.cumsum(gradients).sum(),
            "The size is right. SGD walks against the gradient.",
        ),
        Mistake(
            lambda gradients, rate: -rate * np.cumsum(gradients),
            "These are the single steps. The question asks for the whole way: add them.",
        ),
        Mistake(
            lambda gradients, rate: -rate * len(gradients) * gradients.sum(),
            "Not every step sees all gradients: the first step sees the first one only.",
        ),
        Mistake(
            _added_one_step_late,
            "The gradient of a step is added before the step is taken, not after it.",
        ),
        Mistake(
            lambda gradients, rate: -rate * np.cumsum(np.cumsum(gradients)),
            "Those are the places after each step. Return the last one: how far it moved in all.",
        ),
        Mistake(
            lambda gradients, rate: -np.cumsum(gradients).sum(),
            "The learning rate is missing: each step is rate times what is stored.",
        ),
    ],
)

epsilon_for_pytorch = Exercise(
    "epsilon for PyTorch's Adam",
    reference=lambda epsilon, beta_2, t: epsilon / math.sqrt(1 - beta_2**t),
    cases=lambda rng: [
        (1e-7, 0.75, 1),
        (1e-7, 0.999, 1),
        (1e-3, 0.999, 10),
        (0.1, 0.9, 3),
        (0.5, 0.99, 1000),
    ],
    mistakes=[
        Mistake(
            lambda epsilon, beta_2, t: epsilon * math.sqrt(1 - beta_2**t),
            "The factor is right, and on the wrong side. Keras corrects the whole fraction; ask "
            "what that does to epsilon once the correction stands under v.",
        ),
        Mistake(
            lambda epsilon, beta_2, t: epsilon / (1 - beta_2**t),
            "v is corrected inside the root, so epsilon meets the root of the correction.",
        ),
        Mistake(
            lambda epsilon, beta_2, t: epsilon / math.sqrt(1 - beta_2),
            "That is right for the first step only: the correction depends on t.",
        ),
        Mistake(
            lambda epsilon, beta_2, t: epsilon,
            "The same epsilon means two things: the two forms put it in two places.",
        ),
        Mistake(
            lambda epsilon, beta_2, t: epsilon * (1 - beta_2**t),
            "Two slips: epsilon is divided, not multiplied, and by the root of 1 - beta_2**t.",
        ),
    ],
    atol=0.0,
)


def _adam(
    w: float,
    gradients: Array,
    rate: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    *,
    form: str = "pytorch",
) -> float:
    mean = square = 0.0
    for t, g in enumerate(gradients, start=1):
        mean = beta_1 * mean + (1 - beta_1) * g
        square = beta_2 * square + (1 - beta_2) * g**2
        first, second = mean / (1 - beta_1**t), square / (1 - beta_2**t)
        w -= rate * _direction(form, mean, square, first, second, epsilon, beta_2**t)
    return float(w)


def _direction(
    form: str,
    mean: float,
    square: float,
    first: float,
    second: float,
    epsilon: float,
    forgotten: float,
) -> float:
    forms = {
        "pytorch": first / (math.sqrt(second) + epsilon),
        "keras": first * math.sqrt(1 - forgotten) / (math.sqrt(square) + epsilon),
        "uncorrected": mean / (math.sqrt(square) + epsilon),
        "half corrected": first / (math.sqrt(square) + epsilon),
        "inside": first / math.sqrt(second + epsilon),
        "no root": first / (second + epsilon),
        "uphill": -first / (math.sqrt(second) + epsilon),
    }
    return forms[form]


def _adam_cases(rng: np.random.Generator) -> list[Case]:
    small = (1.0, np.array([2.0]), 0.1, 0.5, 0.75, 0.5)
    drawn = [(0.0, rng.normal(size=n), 0.1, 0.9, 0.99, 0.125) for n in (2, 3, 10)]
    return [small, *drawn]


def _adam_mistake(form: str, hint: str) -> Mistake:
    return Mistake(lambda *case: _adam(*case, form=form), hint)


def _path(w: float, gradients: Array, *settings: float) -> list[float]:
    return [_adam(w, gradients[:n], *settings) for n in range(1, len(gradients) + 1)]


pytorch_adam = Exercise(
    "PyTorch's Adam",
    reference=_adam,
    cases=_adam_cases,
    mistakes=[
        _adam_mistake(
            "keras",
            "That is Keras's Adam. PyTorch corrects the mean square first, takes the root, and "
            "adds epsilon last.",
        ),
        _adam_mistake("uncorrected", "The corrections by 1 - beta^t are missing."),
        _adam_mistake("half corrected", "You corrected the mean, but not the mean square."),
        _adam_mistake("inside", "Epsilon belongs outside the root."),
        _adam_mistake("no root", "Divide by the root of the mean square."),
        _adam_mistake("uphill", "The size is right. Walk against the gradient."),
        Mistake(
            _path,
            "You returned w after every step. Return the last one only.",
        ),
        Mistake(
            lambda *case: float("nan"),
            "You divided 0 by 0. Count the steps from t = 1: with t = 0 the corrections are 0.",
        ),
    ],
)
