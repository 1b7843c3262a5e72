"""Wrong answers and quick questions on first steps."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.welcome import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

LOOP = "The list may have any length: use a loop over neighbours."


def a_step_too_far(sizes: list[int]) -> int:
    total = 0
    for i in range(len(sizes)):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


NOTHING = "Your function returned nothing (None). End it with `return`."


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.dense_parameters, lambda s: s[0] * s[1] + s[1] + s[1] * s[2] + s[2], LOOP),
        (exercises.dense_parameters, lambda s: s[0] * s[1] + s[1], LOOP),
        (
            exercises.dense_parameters,
            a_step_too_far,
            "The last size has no neighbour to its right: let the loop end one earlier.",
        ),
        (
            exercises.dense_parameters,
            lambda s: [a * b + b for a, b in pairwise(s)],
            "That is one number for each layer. Add them up.",
        ),
        (exercises.dense_parameters, lambda s: str(sum(s)), "Return a number, not a text."),
        (exercises.dense_parameters, lambda s: print(sum(s)), NOTHING),
        (exercises.accuracy_of, lambda said, truth: print(np.mean(said == truth)), NOTHING),
        (
            exercises.accuracy_of,
            lambda said, truth: f"{np.mean(said == truth):.1%}",
            "Return a number, not a text.",
        ),
        (
            exercises.accuracy_of,
            lambda said, truth: [np.mean(said == truth)],
            "for said = [1, 2], truth = [1, 3]: expected one number, received a list with one "
            "number",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        "The network has practised with the training images, so their accuracy flatters it.",
        pytest.approx(exercises.dense_parameters.reference([100, 20]), rel=1e-9),
        "It names a digit, perhaps with confidence.",
    ]
