"""Exercises of chapter 4."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake

Array = npt.NDArray[Any]
Step = tuple[float, float, float]


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
    ],
)


def _adam_cases(rng: np.random.Generator) -> list[Case]:
    first: list[Case] = [(1.0, 2.0, 0.0, 0.0, 1)]
    return [*first, (*rng.normal(size=3), 0.5, 2), (*rng.normal(size=3), 2.0, 7)]


def _adam(
    w: float, g: float, m: float, v: float, t: int, *, correct: bool = True, root: bool = True
) -> Step:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    mean, square = (m / (1 - 0.9**t), v / (1 - 0.999**t)) if correct else (m, v)
    return w - 0.01 * mean / ((math.sqrt(square) if root else square) + 1e-7), m, v


def _adam_returns_corrected(w: float, g: float, m: float, v: float, t: int) -> Step:
    new, m, v = _adam(w, g, m, v, t)
    return new, m / (1 - 0.9**t), v / (1 - 0.999**t)


def _moved(w: float, m: float, v: float, t: int) -> float:
    return w - 0.01 * m / (1 - 0.9**t) / (math.sqrt(v / (1 - 0.999**t)) + 1e-7)


def _with_betas_swapped(w: float, g: float, m: float, v: float, t: int) -> Step:
    m, v = 0.1 * m + 0.9 * g, 0.001 * v + 0.999 * g**2
    return _moved(w, m, v, t), m, v


def _from_old_memories(w: float, g: float, m: float, v: float, t: int) -> Step:
    return _moved(w, m, v, t), *_adam(w, g, m, v, t)[1:]


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
        Mistake(
            lambda w, g, m, v, t: _adam(w, g, m, v, t)[0],
            "The new w is right. Return the memories, too: `return w, m, s`.",
        ),
        Mistake(
            lambda w, g, m, v, t: (_adam(w, g, m, v, t)[0], m, v),
            "You returned the old memories. The next step needs the new ones.",
        ),
        Mistake(
            lambda w, g, m, v, t: (w - _adam(w, g, m, v, t)[0], *_adam(w, g, m, v, t)[1:]),
            "That is the step. Return the weight after it: w minus the step.",
        ),
        Mistake(
            _with_betas_swapped,
            "β is the share of the old memory. The new gradient gets 1 - β.",
        ),
        Mistake(
            _from_old_memories,
            "You took the step with the old memories. Put the gradient into them first.",
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
    ],
)
