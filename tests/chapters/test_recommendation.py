"""Wrong answers and quick questions on recommendation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.recommendation import exercises, questions
from bmcourse.exercises import Exercise
from bmcourse.metrics import ndcg_at_k

from .answers import message, right_answers


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (
            exercises.film_gradient,
            lambda q, P, r, penalty: np.array(
                [penalty * q[f] - sum((r - P @ q) * P[:, f]) for f in range(len(q))]
            ),
        ),
        (
            exercises.user_formula,
            lambda Q, r, penalty: np.linalg.lstsq(
                np.vstack([Q, penalty**0.5 * np.eye(Q.shape[1])]),
                np.concatenate([r, np.zeros(Q.shape[1])]),
                rcond=None,
            )[0],
        ),
        (
            exercises.ndcg,
            lambda hits, relevant: (
                sum(h / math.log(i + 2) for i, h in enumerate(hits))
                / sum(1 / math.log(i + 2) for i in range(min(relevant, len(hits))))
            ),
        ),
        (
            exercises.cost_of_extra,
            lambda n, w, m, a, price: price * n * m / (w * m - a * n),
        ),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.film_gradient, lambda q, P, r, c: c * q + P.T @ (r - P @ q), "The sign"),
        (exercises.film_gradient, lambda q, P, r, c: P.T @ (P @ q - r), "Where is the penalty"),
        (exercises.user_formula, lambda Q, r, c: np.linalg.pinv(Q) @ r, "without the penalty"),
        (
            exercises.user_formula,
            lambda Q, r, c: np.linalg.solve(Q.T @ Q + c, Q.T @ r),
            "on the diagonal only",
        ),
        (exercises.ndcg, lambda hits, n: np.mean(hits) * len(hits) / min(n, len(hits)), "recall"),
        (
            exercises.ndcg,
            lambda hits, n: hits @ (1 / np.log2(np.arange(len(hits)) + 2)),
            "best list",
        ),
        (exercises.cost_of_extra, lambda n, w, m, a, price: price / (w / n), "anyway"),
        (exercises.cost_of_extra, lambda n, w, m, a, price: price * n / (w - a), "held back"),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    """The list of the first question, by the package; and what its usual mistakes give."""
    low, high = questions.read()[0]["answers"][0]["range"]
    found = ndcg_at_k([[0, 1, 1, 0, 0, 1]], [[6, 5, 4, 3, 2, 1]], 5)[0]
    assert low < found < high
    gain = 1 / math.log2(3) + 1 / 2
    slips = [2 / 3, gain, gain / (1 + 1 / math.log2(3))]
    for slip, answer in zip(slips, questions.read()[0]["answers"][1:4], strict=True):
        assert not answer["correct"]
        assert answer["range"][0] <= slip <= answer["range"][1]
    assert right_answers(questions)[1:] == [
        "All ratings after one date, those of new users too.",
        "That cannot be told without users from whom the lists were held back.",
    ]
