"""Wrong answers and quick questions on experiments."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.experiments import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.chance_of_top, lambda share, k: -math.expm1(k * math.log1p(-share))),
        (
            exercises.parts_of_lead,
            lambda h, luck, truth: np.array([truth, luck]) * h / np.hypot(luck**0.5, truth**0.5),
        ),
        (
            exercises.nested_score,
            lambda inner, outer: np.mean(
                [o[i.argmax()] for i, o in zip(inner, outer, strict=True)]
            ),
        ),
        (
            exercises.speed_up,
            lambda wait, work, faster: 1 / ((wait / faster + work) / (wait + work)),
        ),
        (exercises.images_needed, lambda h, d, most: int(np.ceil(d / 2 * (h / most) ** 2 - 1e-9))),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.chance_of_top, lambda share, k: k * share, "Above 1"),
        (exercises.chance_of_top, lambda share, k: (1 - share) ** k, "no try"),
        (exercises.chance_of_top, lambda share, k: share**k, "all k tries"),
        (
            exercises.parts_of_lead,
            lambda h, luck, truth: (h * truth**0.5, h * luck**0.5),
            "neither the highest",
        ),
        (
            exercises.parts_of_lead,
            lambda h, luck, truth: (
                h * luck / (luck + truth) ** 0.5,
                h * truth / (luck + truth) ** 0.5,
            ),
            "The order",
        ),
        (exercises.nested_score, lambda inner, outer: np.max(inner, 1).mean(), "winner's curse"),
        (exercises.nested_score, lambda inner, outer: np.max(outer, 1).mean(), "on the held-out"),
        (
            exercises.nested_score,
            lambda inner, outer: outer.mean(0)[inner.mean(0).argmax()],
            "One choice for all folds",
        ),
        (exercises.speed_up, lambda wait, work, faster: (wait + work) / work, "the limit"),
        (exercises.speed_up, lambda wait, work, faster: faster, "Only the waiting"),
        (
            exercises.images_needed,
            lambda h, d, most: math.ceil(d * (h / most) ** 2),
            "half of it",
        ),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    low, high = questions.read()[0]["answers"][0]["range"]
    assert low < 1 / math.sqrt(math.pi) < high
    assert right_answers(questions)[1:] == [
        "The record holds the number of the process and when it was started, and a reader finds no such process.",
        "The nested score: in each fold the choice is made without the examples that judge it.",
    ]
