"""Exercises of chapter 4."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.adam import adam_step
from bmcourse.exercises.checker import Case, Exercise, Mistake

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


def _whole_path(first: int) -> Mistake:
    def path(w: float, curvature: float, rate: float, steps: int) -> list[float]:
        return [_walk(w, curvature, rate, n) for n in range(first, steps + 1)]

    return Mistake(path, "You returned the whole path. Return only the last w.")


descend = Exercise(
    "gradient descent on a bowl",
    reference=_walk,
    cases=lambda rng: [(4.0, 2.0, 0.1, 1), (4.0, 2.0, 0.1, 3), (-1.0, 5.0, 0.3, 4)],
    mistakes=[
        Mistake(
            lambda w, c, r, n: w * (1 + r * c) ** n,
            "You walk uphill: subtract the gradient.",
        ),
        Mistake(
            lambda w, c, r, n: w - n * r * c * w,
            "You used the first gradient for every step. Compute it anew where you stand.",
        ),
        Mistake(
            lambda w, c, r, n: w * (1 - 2 * r * c) ** n,
            "The gradient of c w² / 2 is c w: the 2 cancels.",
        ),
        Mistake(
            lambda w, c, r, n: _walk(w, c, r, n - 1),
            "One step is missing: range(steps) counts from 0.",
        ),
        *map(_whole_path, (0, 1)),
        Mistake(
            lambda w, c, r, n: _walk(w, c, r, 1),
            "You return after the first step. Move `return` out of the loop.",
        ),
        Mistake(
            lambda w, c, r, n: _walk(w, c, r, n + 1),
            "One step too many: range(steps) gives as many rounds as there are steps.",
        ),
        Mistake(
            _minus_the_loss,
            "You subtracted the loss. Subtract the rate times its gradient, c w.",
        ),
        Mistake(
            lambda w, c, r, n: w - n * r * c,
            "The gradient is c w, not c: multiply by where you stand.",
        ),
        Mistake(
            lambda w, c, r, n: w * (1 - r) ** n, "The curvature is missing: the gradient is c w."
        ),
        Mistake(
            lambda w, c, r, n: w * (1 - c) ** n,
            "The learning rate is missing: a step is the rate times the gradient.",
        ),
        Mistake(
            lambda w, c, r, n: w * (1 - r * c / 2) ** n,
            "The gradient of c w² / 2 is c w: no half is left.",
        ),
        Mistake(
            lambda w, c, r, n: c * _walk(w, c, r, n) ** 2 / 2,
            "That is the loss at the end. Return w.",
        ),
    ],
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
    mistakes=[
        Mistake(
            lambda h: 1 / _eigenvalues(h)[-1],
            "At 1 / λ one step solves the steepest direction. It stays stable up to twice that.",
        ),
        Mistake(
            lambda h: 2 / _eigenvalues(h)[0],
            "You took the smallest eigenvalue. The steepest direction is the first to explode.",
        ),
        Mistake(
            lambda h: 2 / np.diag(h).max(),
            "The diagonal is not enough: the steepest direction may lie between the axes. Use "
            "eigenvalues.",
        ),
        Mistake(
            lambda h: _eigenvalues(h)[-1] / 2, "Turn the fraction over: steep means small steps."
        ),
        Mistake(
            lambda h: 2 / _eigenvalues(h),
            "That is one limit for each direction. Return the smallest limit: it holds for all.",
        ),
        Mistake(
            lambda h: 2 / np.trace(h),
            "The trace is the sum of all eigenvalues. Only the largest one sets the limit.",
        ),
        Mistake(
            lambda h: 2 / np.linalg.det(h),
            "The determinant is the product of all eigenvalues. Only the largest one sets the "
            "limit.",
        ),
        Mistake(lambda h: _eigenvalues(h)[-1], "That is the curvature. The limit is 2 / λ."),
        Mistake(
            lambda h: 2 / np.linalg.eigvals(h)[0],
            "np.linalg.eigvals gives the eigenvalues in no certain order. Take the largest.",
        ),
        Mistake(
            lambda h: 2 / np.linalg.norm(h),
            "The norm of the whole matrix mixes all eigenvalues. Only the largest one sets the "
            "limit.",
        ),
        Mistake(
            lambda h: 2 / (_eigenvalues(h)[0] + _eigenvalues(h)[-1]),
            "That rate converges fastest. The limit of stability is 2 / λ with the largest λ "
            "alone.",
        ),
        Mistake(lambda h: 1 / (2 * _eigenvalues(h)[-1]), "The 2 stands above the line: 2 / λ."),
        Mistake(
            lambda h: 2 / np.linalg.eigvals(h)[-1],
            "np.linalg.eigvals gives the eigenvalues in no certain order. Take the largest.",
        ),
    ],
)


leaky_deviation = Exercise(
    "initialisation for leaky ReLU",
    reference=lambda n, s: math.sqrt(2 / ((1 + s**2) * n)),
    cases=lambda rng: [(100, 0.0), (50, 0.1), (64, 0.5), (200, 1.0)],
    mistakes=[
        Mistake(
            lambda n, s: 2 / ((1 + s**2) * n),
            "That is the variance. Asked is its root, the standard deviation.",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 / n),
            "That is for ReLU. With a leak, the negative half carries signal, too.",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 / ((1 + s) * n)),
            "The slope must be squared: E[a²] is a mean of squares.",
        ),
        Mistake(
            lambda n, s: math.sqrt(1 / ((1 + s**2) * n)),
            "Each half of the numbers counts for one half: E[a²] = (1 + s²)/2 · E[z²].",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 / (1 + s**2)),
            "Divide by n, too: n terms add up, and so do their variances.",
        ),
        Mistake(
            lambda n, s: math.sqrt((1 + s**2) * n / 2),
            "Turn the fraction over: more inputs and a larger slope need smaller weights.",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 / (1 + s**2)) / n,
            "n belongs under the root, too.",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 * (1 + s**2) / n),
            "A slope lets more signal through, so the weights must be smaller: 1 + s² belongs "
            "below the line.",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 / (1 + s**2) * n),
            "n stands above the line in Python: put brackets around (1 + slope**2) * n.",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 / (1 + s**2 * n)),
            "n multiplies all of 1 + slope²: put brackets around the sum.",
        ),
        Mistake(
            lambda n, s: math.sqrt(2 / ((1 + s) ** 2 * n)),
            "Square the slope alone: 1 + slope², not (1 + slope)².",
        ),
        Mistake(
            lambda n, s: math.sqrt(1 / n),
            "That is right for a slope of 1 only, where the layer is linear.",
        ),
    ],
)
