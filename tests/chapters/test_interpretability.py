"""Wrong answers and quick questions on explaining a network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.interpretability import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def by_loop(weights: Array) -> float:
    steps = len(weights) // 2
    return sum(weights[steps + i, i + 1] for i in range(steps)) / steps


def by_threshold(image: Array, importance: Array, many: int) -> Array:
    limit = np.sort(importance, axis=None)[-many]
    return np.where(importance >= limit, 0, image)


def least(image: Array, importance: Array, many: int) -> Array:
    limit = np.sort(importance, axis=None)[many - 1]
    return np.where(importance <= limit, 0, image)


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.from_gradients, lambda x, b, g: sum((x - b) * row for row in g) / len(g)),
        (
            exercises.two_features,
            lambda w: np.array([w[1] - w[0] + w[3] - w[2], w[2] - w[0] + w[3] - w[1]]) / 2,
        ),
        (exercises.induction_score, by_loop),
        (exercises.deleted, by_threshold),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.from_gradients, lambda x, b, g: g.mean(0), "mean gradient"),
        (exercises.from_gradients, lambda x, b, g: x * g.mean(0), "begins at the baseline"),
        (exercises.two_features, lambda w: w[1:3] - w[0], "join first"),
        (exercises.deleted, least, "least important"),
        (
            exercises.induction_score,
            lambda a: np.diagonal(a, -(len(a) // 2)).mean(),
            "holds the same piece",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(3.0**2 - 0.0),
        "Mostly the picture, not what the network learned.",
        "No: switch it off and compare the loss on new text.",
    ]
