"""Wrong answers and quick questions on customer service."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.customer_service import exercises, questions
from bmcourse.exercises import Exercise
from bmcourse.recipes.answers.bm25 import BM25

from .answers import message, right_answers


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (
            exercises.word_score,
            lambda n, length, mean, k1, b: 1 / (1 + k1 * (1 + b * (length / mean - 1)) / n),
        ),
        (exercises.least_probability, lambda w, r, g: 1 - (r - g) / (w - g)),
        (exercises.fused, lambda a, b, k: [1 / (k + x) + 1 / (k + y) for x, y in zip(a, b)]),  # noqa: B905
        (
            exercises.mean_reciprocal_rank,
            lambda ranks, most: sum(1 / r for r in ranks if r <= most) / len(ranks),
        ),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.word_score, lambda n, length, mean, k1, b: n / (n + k1), "by chance"),
        (exercises.word_score, lambda n, length, mean, k1, b: n, "without end"),
        (exercises.least_probability, lambda w, r, g: r / w, "being *wrong*"),
        (exercises.least_probability, lambda w, r, g: (r - g) / (w - g), "Take the rest"),
        (exercises.fused, lambda a, b, k: a + b, "sum of ranks"),
        (exercises.fused, lambda a, b, k: 1 / a + 1 / b, "Without `k`"),
        (exercises.mean_reciprocal_rank, lambda ranks, most: np.mean(1 / ranks), "not shown"),
        (exercises.mean_reciprocal_rank, lambda ranks, most: np.mean(ranks <= most), "recall"),
        (
            exercises.mean_reciprocal_rank,
            lambda ranks, most: np.mean(1 / ranks[ranks <= most]),
            "divide by all",
        ),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    assert right_answers(questions) == [
        "No: it adds the same number to each passage.",
        "A list of the contacts that an answer is allowed to name.",
        None,  # a range: see the next test
    ]


def test_the_price_question_has_the_formula_s_answers() -> None:
    """The right range holds the formula's number, the wrong ones hold the usual slips."""
    right, slip, third, _ = questions.read()[2]["answers"]
    formula = exercises.least_probability.reference(8, 3, -1)
    assert right["range"][0] <= formula <= right["range"][1]
    assert slip["range"][0] <= 1 - formula <= slip["range"][1]
    assert third["value"] == exercises.least_probability.reference(8, 3, 0)


def test_a_word_that_all_passages_hold_once_changes_no_order() -> None:
    texts = [f"the {word}" for word in ("cat", "dog", "cat cat", "bird")]
    texts = [text if len(text.split()) == 3 else f"{text} sat" for text in texts]
    index = BM25(texts)
    added = index.scores("the cat") - index.scores("cat")
    np.testing.assert_allclose(added, added[0])
    assert added[0] > 0
