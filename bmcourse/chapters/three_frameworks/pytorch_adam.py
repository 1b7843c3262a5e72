"""Exercise on PyTorch's Adam."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


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


def _path(w: float, gradients: Array, *settings: float) -> list[float]:
    return [_adam(w, gradients[:n], *settings) for n in range(1, len(gradients) + 1)]


def _slipped(
    w: float,
    gradients: Array,
    rate: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    *,
    forgotten: Callable[[float, int], float] = lambda beta, t: beta**t,
    power: int = 2,
    kept: bool = True,
    corrected: bool = True,
) -> float:
    mean = square = 0.0
    for t, g in enumerate(gradients, start=1):
        mean = beta_1 * mean + (1 - beta_1) * g
        square = beta_2 * square + (1 - beta_2) * g**power
        first = mean / (1 - forgotten(beta_1, t)) if corrected else mean
        second = square / (1 - forgotten(beta_2, t))
        w -= rate * first / (np.sqrt(second) + epsilon)
        mean, square = (mean, square) if kept else (first, second)
    return float(w)


pytorch_adam = Exercise(
    "PyTorch's Adam",
    reference=_adam,
    cases=_adam_cases,
    mistakes={
        "_adam(w, gradients, rate, beta_1, beta_2, epsilon, form='keras')": "That is Keras's Adam. PyTorch corrects the mean square first, takes the root, and adds epsilon last.",
        "_adam(w, gradients, rate, beta_1, beta_2, epsilon, form='uncorrected')": "The corrections by 1 - beta^t are missing.",
        "_adam(w, gradients, rate, beta_1, beta_2, epsilon, form='half corrected')": "You corrected the mean, but not the mean square.",
        "_adam(w, gradients, rate, beta_1, beta_2, epsilon, form='inside')": "Epsilon belongs outside the root.",
        "_adam(w, gradients, rate, beta_1, beta_2, epsilon, form='no root')": "Divide by the root of the mean square.",
        "_adam(w, gradients, rate, beta_1, beta_2, epsilon, form='uphill')": "The size is right. Walk against the gradient.",
        _path: "You returned w after every step. Return the last one only.",
        "float('nan')": "You divided 0 by 0. Count the steps from t = 1: with t = 0 the corrections are 0.",
        "_slipped(w, gradients, rate, beta_1, beta_2, epsilon, forgotten=lambda beta, t: beta)": "That corrects every step as if it were the first: take beta to the power t.",
        "_slipped(w, gradients, rate, beta_1, beta_2, epsilon, forgotten=lambda beta, t: beta * t)": "beta to the power t is beta**t, with two stars. You multiplied.",
        "_slipped(w, gradients, rate, beta_1, beta_2, epsilon, kept=False)": "Keep the means uncorrected for the next step. Correct copies of them.",
        "_slipped(w, gradients, rate, beta_1, beta_2, epsilon, power=1)": "v is a mean of squares: g², not g.",
        "_slipped(w, gradients, rate, beta_1, beta_2, epsilon, corrected=False)": "You corrected the mean square, but not the mean.",
        "_adam(w, gradients, rate, beta_2, beta_1, epsilon)": "The two betas are swapped: beta_1 belongs to the mean, beta_2 to the mean square.",
        "_adam(w, gradients, rate, 1 - beta_1, 1 - beta_2, epsilon)": "beta is the share of the old mean. The new gradient gets 1 - beta.",
        "_adam(w, gradients, 1.0, beta_1, beta_2, epsilon)": "The learning rate is missing.",
        "_adam(w, gradients, rate, beta_1, beta_2, 0.0)": "Epsilon is missing: add it to the root.",
        "_adam(0.0, gradients, rate, beta_1, beta_2, epsilon)": "That is how far w moved. Return where it ends.",
        "_adam(w, gradients[:1], rate, beta_1, beta_2, epsilon)": "That is the first step only. Move `return` out of the loop.",
    },
)
