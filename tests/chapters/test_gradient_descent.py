"""Wrong answers and quick questions on gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.gradient_descent import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def whole_path(w: float, curvature: float, rate: float, steps: int) -> Array:
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - rate * curvature * path[-1])
    return np.array(path)


def only_w(w: float, g: float, m: float, s: float, t: int) -> float:
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    return float(w - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-7))


def by_step(step: Callable[[float, float, float], float]) -> Any:
    def attempt(w: float, curvature: float, rate: float, steps: int) -> float:
        for _ in range(steps):
            w -= step(w, curvature, rate)
        return w

    return attempt


def adam(
    power: int = 2,
    rate: float = 0.01,
    corrections: Callable[[int], tuple[float, float]] = lambda t: (1 - 0.9**t, 1 - 0.999**t),
) -> Any:
    def attempt(w: float, g: float, m: float, s: float, t: int) -> tuple[float, float, float]:
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**power
        first, second = corrections(t)
        return w - rate * (m / first) / (np.sqrt(s / second) + 1e-7), m, s

    return attempt


def adam_over(divisor: Callable[[float], float], after: int = 0) -> Any:
    def attempt(w: float, g: float, m: float, s: float, t: int) -> tuple[float, float, float]:
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        m_hat, s_hat = m / (1 - 0.9 ** (t + after)), s / (1 - 0.999 ** (t + after))
        return w - 0.01 * m_hat / divisor(s_hat), m, s

    return attempt


def adam_of_keras(w: float, g: float, m: float, s: float, t: int) -> tuple[float, float, float]:
    m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
    rate = 0.01 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (np.sqrt(s) + 1e-7), m, s


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.descend, whole_path, "whole path"),
        (exercises.adam_step, only_w, "Return the memories, too"),
        (exercises.descend, by_step(lambda w, c, r: r * c), "c w, not c"),
        (exercises.descend, by_step(lambda w, c, r: r * w), "curvature is missing"),
        (exercises.descend, by_step(lambda w, c, r: c * w), "learning rate is missing"),
        (exercises.descend, by_step(lambda w, c, r: r * c * w / 2), "no half is left"),
        (
            exercises.descend,
            lambda w, c, r, n: c * (w * (1 - r * c) ** n) ** 2 / 2,
            "That is the loss",
        ),
        (exercises.largest_rate, lambda h: 2 / np.sqrt(np.sum(h**2)), "norm of the whole matrix"),
        (
            exercises.largest_rate,
            lambda h: 2 / (np.linalg.eigvalsh(h)[[0, -1]].sum()),
            "converges fastest",
        ),
        (exercises.largest_rate, lambda h: 0.5 / np.linalg.eigvalsh(h).max(), "above the line"),
        (exercises.largest_rate, lambda h: 2 / np.linalg.eig(h)[0][-1], "no certain order"),
        (exercises.adam_step, adam(rate=0.001), "rate is 0.01"),
        (exercises.adam_step, adam(corrections=lambda t: (1 - 0.9**t, 1)), "the first memory only"),
        (
            exercises.adam_step,
            adam(corrections=lambda t: (1, 1 - 0.999**t)),
            "the second memory only",
        ),
        (exercises.adam_step, adam(power=1), "squares"),
        (
            exercises.adam_step,
            adam(corrections=lambda t: (1 - 0.9, 1 - 0.999)),
            "correction of step 1",
        ),
        (
            exercises.adam_step,
            adam(corrections=lambda t: (1 - 0.9 * t, 1 - 0.999 * t)),
            "two stars",
        ),
        (
            exercises.adam_step,
            adam(corrections=lambda t: (1 - 0.9 ** (t - 1), 1 - 0.999 ** (t - 1))),
            "not t - 1",
        ),
        (
            exercises.leaky_deviation,
            lambda n, slope: np.sqrt(2 / (1 + slope**2) * n),
            "n stands above the line",
        ),
        (
            exercises.leaky_deviation,
            lambda n, slope: np.sqrt(2 / (1 + slope**2 * n)),
            "brackets around the sum",
        ),
        (
            exercises.leaky_deviation,
            lambda n, slope: np.sqrt(2 / ((1 + slope) ** 2 * n)),
            "Square the slope alone",
        ),
        (exercises.leaky_deviation, lambda n, slope: n**-0.5, "slope of 1 only"),
        (exercises.adam_step, adam_over(lambda s: np.sqrt(s)), "ε is missing"),
        (exercises.adam_step, adam_over(lambda s: np.sqrt(s + 1e-7)), "outside the root"),
        (exercises.adam_step, adam_over(lambda s: np.sqrt(s) + 1e-8), "not 1e-8"),
        (exercises.adam_step, adam_over(lambda s: np.sqrt(s) - 1e-7), "You subtracted it"),
        (exercises.adam_step, adam_of_keras, "add ε last"),
        (exercises.adam_step, adam_over(lambda s: np.sqrt(s) + 1e-7, after=1), "not t + 1"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(exercises.largest_rate.reference(np.diag([1, 50])), rel=1e-9),
        pytest.approx((1 / 0.25) ** 2, rel=1e-9),
        "Did both get the same budget of learning rates, and how many seeds were run?",
    ]
