"""Exercises on gradient descent."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.gradient_descent.adam import adam_step
from bmcourse.exercises import Case, Exercise

__all__ = ["adam_step", "descend", "largest_rate", "leaky_deviation"]

Array = npt.NDArray[Any]


def _walk(w: float, curvature: float, rate: float, steps: int) -> float:
    for _ in range(steps):
        w = w - rate * curvature * w
    return w


def _minus_the_loss(w: float, curvature: float, rate: float, steps: int) -> float:
    for _ in range(steps):
        w -= rate * curvature * w**2 / 2
    return w


descend = Exercise(
    "gradient descent on a bowl",
    reference=_walk,
    cases=lambda rng: [(4.0, 2.0, 0.1, 1), (4.0, 2.0, 0.1, 3), (-1.0, 5.0, 0.3, 4)],
    mistakes={
        "w * (1 + rate * curvature) ** steps": "You walk uphill: subtract the gradient.",
        "w - steps * rate * curvature * w": "You used the first gradient for every step. Compute it anew where you stand.",
        "w * (1 - 2 * rate * curvature) ** steps": "The gradient of c w² / 2 is c w: the 2 cancels.",
        "_walk(w, curvature, rate, steps - 1)": "One step is missing: range(steps) counts from 0.",
        "[_walk(w, curvature, rate, n) for n in range(steps + 1)]": "You returned the whole path. Return only the last w.",
        "[_walk(w, curvature, rate, n) for n in range(1, steps + 1)]": "You returned the whole path. Return only the last w.",
        "_walk(w, curvature, rate, 1)": "You return after the first step. Move `return` out of the loop.",
        "_walk(w, curvature, rate, steps + 1)": "One step too many: range(steps) gives as many rounds as there are steps.",
        _minus_the_loss: "You subtracted the loss. Subtract the rate times its gradient, c w.",
        "w - steps * rate * curvature": "The gradient is c w, not c: multiply by where you stand.",
        "w * (1 - rate) ** steps": "The curvature is missing: the gradient is c w.",
        "w * (1 - curvature) ** steps": "The learning rate is missing: a step is the rate times the gradient.",
        "w * (1 - rate * curvature / 2) ** steps": "The gradient of c w² / 2 is c w: no half is left.",
        "curvature * _walk(w, curvature, rate, steps) ** 2 / 2": "That is the loss at the end. Return w.",
    },
)


def _curvatures(rng: np.random.Generator) -> list[Case]:
    drawn = [rng.normal(size=(n, n)) for n in (2, 4)]
    small: list[Case] = [(np.diag([1.0, 4.0]),), (np.array([[2.0, 1.0], [1.0, 2.0]]),)]
    return [*small, *((a @ a.T,) for a in drawn)]


def _eigenvalues(hessian: Array) -> Array:
    return np.linalg.eigvalsh(hessian)


largest_rate = Exercise(
    "largest stable learning rate",
    reference=lambda h: 2 / _eigenvalues(h)[-1],
    cases=_curvatures,
    mistakes={
        "1 / _eigenvalues(h)[-1]": "At 1 / λ one step solves the steepest direction. It stays stable up to twice that.",
        "2 / _eigenvalues(h)[0]": "You took the smallest eigenvalue. The steepest direction is the first to explode.",
        "2 / np.diag(h).max()": "The diagonal is not enough: the steepest direction may lie between the axes. Use eigenvalues.",
        "_eigenvalues(h)[-1] / 2": "Turn the fraction over: steep means small steps.",
        "2 / _eigenvalues(h)": "That is one limit for each direction. Return the smallest limit: it holds for all.",
        "2 / np.trace(h)": "The trace is the sum of all eigenvalues. Only the largest one sets the limit.",
        "2 / np.linalg.det(h)": "The determinant is the product of all eigenvalues. Only the largest one sets the limit.",
        "_eigenvalues(h)[-1]": "That is the curvature. The limit is 2 / λ.",
        "2 / np.linalg.eigvals(h)[0]": "np.linalg.eigvals gives the eigenvalues in no certain order. Take the largest.",
        "2 / np.linalg.norm(h)": "The norm of the whole matrix mixes all eigenvalues. Only the largest one sets the limit.",
        "2 / (_eigenvalues(h)[0] + _eigenvalues(h)[-1])": "That rate converges fastest. The limit of stability is 2 / λ with the largest λ alone.",
        "1 / (2 * _eigenvalues(h)[-1])": "The 2 stands above the line: 2 / λ.",
        "2 / np.linalg.eigvals(h)[-1]": "np.linalg.eigvals gives the eigenvalues in no certain order. Take the largest.",
    },
)


leaky_deviation = Exercise(
    "initialisation for leaky ReLU",
    reference=lambda n, s: math.sqrt(2 / ((1 + s**2) * n)),
    cases=lambda rng: [(100, 0.0), (50, 0.1), (64, 0.5), (200, 1.0)],
    mistakes={
        "2 / ((1 + s**2) * n)": "That is the variance. Asked is its root, the standard deviation.",
        "math.sqrt(2 / n)": "That is for ReLU. With a leak, the negative half carries signal, too.",
        "math.sqrt(2 / ((1 + s) * n))": "The slope must be squared: E[a²] is a mean of squares.",
        "math.sqrt(1 / ((1 + s**2) * n))": "Each half of the numbers counts for one half: E[a²] = (1 + s²)/2 · E[z²].",
        "math.sqrt(2 / (1 + s**2))": "Divide by n, too: n terms add up, and so do their variances.",
        "math.sqrt((1 + s**2) * n / 2)": "Turn the fraction over: more inputs and a larger slope need smaller weights.",
        "math.sqrt(2 / (1 + s**2)) / n": "n belongs under the root, too.",
        "math.sqrt(2 * (1 + s**2) / n)": "A slope lets more signal through, so the weights must be smaller: 1 + s² belongs below the line.",
        "math.sqrt(2 / (1 + s**2) * n)": "n stands above the line in Python: put brackets around (1 + slope**2) * n.",
        "math.sqrt(2 / (1 + s**2 * n))": "n multiplies all of 1 + slope²: put brackets around the sum.",
        "math.sqrt(2 / ((1 + s) ** 2 * n))": "Square the slope alone: 1 + slope², not (1 + slope)².",
        "math.sqrt(1 / n)": "That is right for a slope of 1 only, where the layer is linear.",
    },
)
