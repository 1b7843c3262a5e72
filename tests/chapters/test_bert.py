"""Wrong answers and quick questions on BERT."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from bmcourse.chapters.bert import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers


def by_rows(first: Any, second: Any, temperature: float) -> float:
    losses = []
    for i, a in enumerate(first):
        cosines = [a @ b / np.linalg.norm(a) / np.linalg.norm(b) for b in second]
        losses.append(-log_softmax(np.array(cosines) / temperature)[i])
    return float(np.mean(losses))


def by_place(ids: Any, hidden: Any, kind: Any, random: Any, mask: int) -> list[int]:
    found = []
    for i in range(len(ids)):
        if not hidden[i] or kind[i] >= 0.9:
            found.append(ids[i])
        else:
            found.append(mask if kind[i] < 0.8 else random[i])
    return found


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (
            exercises.masked_loss,
            lambda logits, t, h: -np.mean(log_softmax(logits, axis=1)[h, t[h]]),
        ),
        (exercises.mean_vector, lambda v, ids: (ids != 0) @ v / (ids != 0).sum()),
        (exercises.shown, by_place),
        (exercises.choice_loss, by_rows),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "hint"),
    [
        (
            exercises.masked_loss,
            lambda logits, t, h: -np.mean(log_softmax(logits, axis=1)[np.arange(len(t)), t]),
            "only the hidden places count",
        ),
        (
            exercises.masked_loss,
            lambda logits, t, h: -np.sum(log_softmax(logits, axis=1)[h, t[h]]) / len(t),
            "divided by the number of all places",
        ),
        (exercises.mean_vector, lambda v, ids: v.mean(axis=0), "padding"),
        (exercises.mean_vector, lambda v, ids: v[0], "first place alone"),
        (
            exercises.shown,
            lambda ids, h, k, r, mask: np.where(h, mask, ids),
            "One of ten gets a random id",
        ),
        (
            exercises.choice_loss,
            lambda a, b, t: -np.mean(np.diag(log_softmax(a @ b.T / t, axis=1))),
            "length 1",
        ),
        (exercises.choice_loss, lambda a, b, t: by_rows(b, a, t), "other way round"),
    ],
)
def test_usual_mistakes_get_their_hint(exercise: Exercise, attempt: Any, hint: str) -> None:
    assert hint in message(exercise, attempt)


def test_questions_have_their_answers() -> None:
    assert right_answers(questions)[0] == 16
