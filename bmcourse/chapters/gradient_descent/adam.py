"""Exercise on one step of Adam."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from bmcourse.exercises import Case, Exercise

Step = tuple[float, float, float]


def _adam_cases(rng: np.random.Generator) -> list[Case]:
    first: list[Case] = [(1.0, 2.0, 0.0, 0.0, 1)]
    tiny = (0.0, 1e-6, 0.0, 0.0, 1), (0.0, -2e-6, 1e-6, 1e-12, 3)  # where epsilon counts
    return [*first, (*rng.normal(size=3), 0.5, 2), (*rng.normal(size=3), 2.0, 7), *tiny]


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


def _wrongly(
    w: float,
    g: float,
    m: float,
    v: float,
    t: int,
    *,
    rate: float = 0.01,
    corrected: tuple[bool, bool] = (True, True),
    power: int = 2,
    forgotten: Callable[[float, int], float] = lambda beta, t: beta**t,
    divisor: Callable[[float], float] = lambda square: np.sqrt(square) + 1e-7,
) -> Step:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**power
    mean = m / (1 - forgotten(0.9, t)) if corrected[0] else m
    square = v / (1 - forgotten(0.999, t)) if corrected[1] else v
    return w - rate * mean / divisor(square), m, v


def _all_of_the_gradient(w: float, g: float, m: float, v: float, t: int) -> Step:
    m, v = 0.9 * m + g, 0.999 * v + g**2
    return _moved(w, m, v, t), m, v


adam_step = Exercise(
    "one step of Adam",
    reference=_adam,
    cases=_adam_cases,
    mistakes={
        "_adam(w, g, m, v, t, correct=False)": "The memories start at 0 and are too small at first: divide by 1 - β to the power t.",
        "_adam(w, g, m, v, t, root=False)": "Divide by the root of the second memory, not by the memory itself.",
        _adam_returns_corrected: "Correct the memories for the step only. Return them uncorrected: the next step needs them so.",
        "(2 * w - _adam(w, g, m, v, t)[0], *_adam(w, g, m, v, t)[1:])": "The step goes uphill: subtract it.",
        "_adam(w, g, m, v, t)[0]": "The new w is right. Return the memories, too: `return w, m, s`.",
        "(_adam(w, g, m, v, t)[0], m, v)": "You returned the old memories. The next step needs the new ones.",
        "(w - _adam(w, g, m, v, t)[0], *_adam(w, g, m, v, t)[1:])": "That is the step. Return the weight after it: w minus the step.",
        _with_betas_swapped: "β is the share of the old memory. The new gradient gets 1 - β.",
        "_moved(w, m, v, t), *_adam(w, g, m, v, t)[1:]": "You took the step with the old memories. Put the gradient into them first.",
        "_wrongly(w, g, m, v, t, rate=0.001)": "The learning rate is 0.01 here.",
        "_wrongly(w, g, m, v, t, corrected=(True, False))": "You corrected the first memory only. Divide the second by 1 - β₂ to the power t.",
        "_wrongly(w, g, m, v, t, corrected=(False, True))": "You corrected the second memory only. Divide the first by 1 - β₁ to the power t.",
        "_wrongly(w, g, m, v, t, power=1)": "The second memory collects squares: g², not g.",
        "_wrongly(w, g, m, v, t, forgotten=lambda beta, t: beta)": "1 - β is the correction of step 1. At step t it is 1 - β to the power t.",
        "_wrongly(w, g, m, v, t, forgotten=lambda beta, t: beta * t)": "β to the power t is beta**t, with two stars. You multiplied.",
        "_wrongly(w, g, m, v, t, forgotten=lambda beta, t: beta ** (t - 1))": "t counts from 1 already: correct with 1 - β to the power t, not t - 1.",
        "_wrongly(w, g, m, v, t, forgotten=lambda beta, t: beta ** (t + 1))": "t counts from 1 already: correct with 1 - β to the power t, not t + 1.",
        "_wrongly(w, g, m, v, t, divisor=np.sqrt)": "ε is missing: add it to the root.",
        "_wrongly(w, g, m, v, t, divisor=lambda square: np.sqrt(square + 1e-7))": "ε stands outside the root: take the root first, then add ε.",
        "_wrongly(w, g, m, v, t, divisor=lambda square: np.sqrt(square) + 1e-8)": "ε is 1e-7 here, not 1e-8.",
        "_wrongly(w, g, m, v, t, divisor=lambda square: np.sqrt(square) - 1e-7)": "Add ε to the root. You subtracted it.",
        "_wrongly(w, g, m, v, t, divisor=lambda square: np.sqrt(square) + 1e-7 / np.sqrt(1 - 0.999**t))": "Correct the second memory first, then take the root, and add ε last.",
        _all_of_the_gradient: "The new gradient gets the share 1 - β, not all of itself.",
    },
    rtol=1e-5,
)
