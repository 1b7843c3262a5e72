"""Wrong answers and quick questions on texts as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from bmcourse.chapters.text_as_numbers import exercises, questions
from bmcourse.exercises import Exercise
from bmcourse.text.byte_pairs import _replaced

from .answers import message, right_answers


def by_words(ids: list[int], pair: Any, new: int) -> list[int]:
    result: list[int] = []
    for number in ids:
        if result and (result[-1], number) == tuple(pair):
            result[-1] = new
        else:
            result.append(number)
    return result


def by_one_hot(ids: Any, dY: Any, rows: int) -> Any:
    return np.eye(rows)[ids].T @ dY


def by_loop(ids: Any, dY: Any, rows: int) -> Any:
    dE = np.zeros((rows, dY.shape[1]))
    for place, row in enumerate(ids):
        dE[row] += dY[place]
    return dE


def by_sorting(vectors: Any, a: int, b: int, c: int) -> int:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    order = np.argsort(-(unit @ (vectors[b] - vectors[a] + vectors[c])))
    return next(i for i in order if i not in (a, b, c))


def assigned(ids: Any, dY: Any, rows: int) -> Any:
    dE = np.zeros((rows, dY.shape[1]))
    dE[ids] = dY
    return dE


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.merged, by_words),
        (exercises.merged, _replaced),
        (exercises.embedding_backward, by_one_hot),
        (exercises.embedding_backward, by_loop),
        (exercises.tf_idf, lambda counts: TfidfTransformer().fit_transform(counts).toarray()),
        (exercises.analogy, by_sorting),
        (
            exercises.leak,
            lambda a, b: np.mean(
                [" ".join(t.lower().split()) in {" ".join(x.lower().split()) for x in a} for t in b]
            ),
        ),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.merged, lambda ids, pair, new: [new if i in pair else i for i in ids], "single"),
        (exercises.merged, lambda ids, pair, new: by_words(ids, pair[::-1], new), "order counts"),
        (exercises.embedding_backward, assigned, "np.add.at"),
        (exercises.embedding_backward, lambda i, dY, r: by_loop(i, dY, r) / len(i), "No division"),
        (exercises.embedding_backward, lambda i, dY, r: dY, "at each place"),
        (exercises.tf_idf, lambda c: c / np.linalg.norm(c, axis=1, keepdims=True), "expected"),
        (
            exercises.tf_idf,
            lambda c: TfidfTransformer(norm=None).fit_transform(c).toarray(),
            "length 1",
        ),
        (
            exercises.tf_idf,
            lambda c: TfidfTransformer(norm="l1").fit_transform(c).toarray(),
            "sum of a row",
        ),
        (
            exercises.analogy,
            lambda v, a, b, c: int((v @ (v[b] - v[a] + v[c])).argmax()),
            "expected",
        ),
        (exercises.leak, lambda a, b: np.mean([t in a for t in b]), "Capitals and spaces"),
        (exercises.leak, lambda a, b: len(set(a) & set(b)) / len(b), "expected"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        len("你好".encode()),
        '"good, not bad" and "bad, not good"',
        "To a large part, how well the model remembers texts that it has seen.",
    ]
