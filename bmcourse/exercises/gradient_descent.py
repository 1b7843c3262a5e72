"""Exercises of chapter 4."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake

Array = npt.NDArray[Any]


def _walk(w: float, curvature: float, rate: float, steps: int) -> float:
    for _ in range(steps):
        w = w - rate * curvature * w
    return w


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
    ],
)


def _adam_cases(rng: np.random.Generator) -> list[Case]:
    first: list[Case] = [(1.0, 2.0, 0.0, 0.0, 1)]
    return [*first, (*rng.normal(size=3), 0.5, 2), (*rng.normal(size=3), 2.0, 7)]


def _adam(
    w: float, g: float, m: float, v: float, t: int, *, correct: bool = True, root: bool = True
) -> tuple[float, float, float]:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    mean, square = (m / (1 - 0.9**t), v / (1 - 0.999**t)) if correct else (m, v)
    return w - 0.01 * mean / ((math.sqrt(square) if root else square) + 1e-7), m, v


def _adam_returns_corrected(
    w: float, g: float, m: float, v: float, t: int
) -> tuple[float, float, float]:
    new, m, v = _adam(w, g, m, v, t)
    return new, m / (1 - 0.9**t), v / (1 - 0.999**t)


adam_step = Exercise(
    "one step of Adam",
    reference=_adam,
    cases=_adam_cases,
    mistakes=[
        Mistake(
            lambda w, g, m, v, t: _adam(w, g, m, v, t, correct=False),
            "The memories start at 0 and are too small at first: divide by 1 - β to the power t.",
        ),
        Mistake(
            lambda w, g, m, v, t: _adam(w, g, m, v, t, root=False),
            "Divide by the root of the second memory, not by the memory itself.",
        ),
        Mistake(
            _adam_returns_corrected,
            "Correct the memories for the step only. Return them uncorrected: the next step needs "
            "them so.",
        ),
        Mistake(
            lambda w, g, m, v, t: (2 * w - _adam(w, g, m, v, t)[0], *_adam(w, g, m, v, t)[1:]),
            "The step goes uphill: subtract it.",
        ),
    ],
    rtol=1e-5,
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
    ],
)
