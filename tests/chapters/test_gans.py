"""Wrong answers and quick questions on two networks in a game."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from bmcourse.chapters.gans import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def in_turns(theta: float, psi: float, rate: float) -> dict[str, float]:
    psi -= rate * theta / (1 + np.exp(-psi * theta))
    theta += rate * psi / (1 + np.exp(-psi * theta))
    return {"theta": theta, "psi": psi}


def at_once(theta: float, psi: float, rate: float) -> dict[str, float]:
    push = rate / (1 + np.exp(-psi * theta))
    return {"theta": theta + push * psi, "psi": psi - push * theta}


def no_zeros(p: Array, q: Array) -> float:
    m = (p + q) / 2
    return float((p * np.log(p / m) + q * np.log(q / m)).sum() / 2)


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.best_discriminator, lambda p, q: 1 / (1 + q / p)),
        (exercises.growth, lambda h: abs(1 + 1j * h)),
        (
            exercises.growth,
            lambda h: abs(np.linalg.eigvals(np.array([[1, h], [-h, 1]]))).max(),
        ),
        (exercises.jensen_shannon, lambda p, q: jensenshannon(p, q) ** 2),
        (exercises.alternate, in_turns),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.best_discriminator, lambda p, q: q / (q + p), "chance that the image is drawn"),
        (exercises.best_discriminator, lambda p, q: np.where(p > q, 1.0, 0.0), "the decision"),
        (exercises.growth, lambda h: 1 + h**2, "square of the size"),
        (exercises.growth, lambda h: 1 + h, "right angle"),
        (exercises.jensen_shannon, no_zeros, "leave those places out"),
        (
            exercises.jensen_shannon,
            lambda p, q: jensenshannon(p, q, base=2) ** 2,
            "in bits",
        ),
        (exercises.jensen_shannon, jensenshannon, "a root"),
        (exercises.alternate, at_once, "Both moved at once"),
        (
            exercises.alternate,
            lambda theta, psi, rate: {
                "psi": psi - rate * theta / 2,
                "theta": theta + rate * (psi - rate * theta / 2) / 2,
            },
            "near the origin only",
        ),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    best = exercises.best_discriminator.reference(0.03, 0.01)
    assert right_answers(questions) == [
        pytest.approx(best),
        "Nothing: look at the pictures and measure them with something that does not play.",
        "Mode collapse: count the classes, not only how sure the judge is.",
    ]
