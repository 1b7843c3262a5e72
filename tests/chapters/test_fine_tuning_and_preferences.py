"""Wrong answers, quick questions, data and trainings of fine-tuning and preferences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.fine_tuning_and_preferences import (
    exercises,
    methods,
    names,
    questions,
    taste,
)
from bmcourse.exercises import Exercise
from bmcourse.nn import Dense, LoRADense
from bmcourse.recipes.language.tuning import Batch

from .answers import message, right_answers

Array = Any


def mask_by_loop(asked: Array, answered: Array, steps: int) -> Array:
    mask = np.zeros((len(asked), steps - 1), bool)
    for row, (q, a) in enumerate(zip(asked, answered, strict=True)):
        for place in range(steps - 1):
            mask[row, place] = q <= place + 1 < q + a
    return mask


def by_the_whole_kernel(X: Array, dZ: Array, A: Array, B: Array, s: float) -> dict[str, Array]:
    dW = X.T @ dZ
    return {"dA": s * dW @ B.T, "dB": s * A.T @ dW}


def by_softplus(b: Array, w: Array, b_0: Array, w_0: Array, beta: float) -> float:
    m = beta * (b - w) - beta * (b_0 - w_0)
    return float(np.mean(np.log1p(np.exp(-np.abs(m))) + np.maximum(-m, 0)))


def one_by_one(rewards: Array) -> list[float]:
    return [r - np.delete(rewards, i).mean() for i, r in enumerate(rewards)]


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.answer_mask, mask_by_loop),
        (exercises.lora_backward, by_the_whole_kernel),
        (exercises.dpo_loss, by_softplus),
        (exercises.merge, lambda W, A, B, alpha: W + (A * alpha) @ (B / len(B))),
        (exercises.advantages, one_by_one),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.answer_mask,
            lambda q, a, n: np.pad(mask_by_loop(q, a, n), ((0, 0), (1, 0)))[:, :-1],
            "Shifted by one: place t",
        ),
        (
            exercises.answer_mask,
            lambda q, a, n: np.arange(n - 1) < (q + a - 1)[:, None],
            "loss on everything",
        ),
        (exercises.lora_backward, lambda X, dZ, A, B, s: by_the_whole_kernel(X, dZ, A, B, 1), "s"),
        (
            exercises.dpo_loss,
            lambda b, w, b_0, w_0, beta: by_softplus(w, b, w_0, b_0, beta),
            "The sign",
        ),
        (
            exercises.dpo_loss,
            lambda b, w, b_0, w_0, beta: by_softplus(b, w, 0, 0, beta),
            "The model before is missing",
        ),
        (
            exercises.dpo_loss,
            lambda b, w, b_0, w_0, beta: by_softplus(b, w, b_0, w_0, 1),
            "beta is missing",
        ),
        (exercises.merge, lambda W, A, B, alpha: W + alpha * (A @ B), "alpha alone"),
        (exercises.merge, lambda W, A, B, alpha: W + A @ B, "alpha / r is missing"),
        (exercises.advantages, lambda r: r - r.mean(), "own reward"),
        (exercises.advantages, lambda r: r, "baseline is missing"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        LoRADense(Dense(4096, 4096, rng=0), 8, rng=0).count_params(),
        "The reference is not the model that training starts from.",
        "Stop, and read what the model writes.",
    ]


def test_a_sentence_names_one_person() -> None:
    text = 'Emma saw Harriet there again.  "It is Mr.\nKnightley, I am sure."\n\nAnne was not there at all.'
    found = names.named(text, names.KNOWN, np.random.default_rng(0))
    assert found.sentences == ('Knightley, I am sure."',)
    new = names.named(text, names.NEW, np.random.default_rng(0))
    assert new.names == ("Anne",)


def test_only_the_answers_count() -> None:
    class Letters:
        def encode(self, text: str) -> list[int]:
            return [ord(letter) for letter in text]

    found = names.Named(("Emma ran.", "It was Jane."), ("Emma", "Jane"))
    texts = found.batch(Letters())
    said = [
        "".join(map(chr, row[kept])) for row, kept in zip(texts.ids, texts.counted, strict=True)
    ]
    assert said == [" Emma\n", " Jane\n"]
    assert len(found[:1]) == 1


def test_speech_stands_between_the_marks() -> None:
    speech, other = taste.snippets('She said, "I am so glad" and went.\n\nOne " alone here now.', 2)
    assert speech == ["I am", "so glad"]
    assert other == ["She said,", "and went."]


def test_judges_tell_speech_from_the_rest() -> None:
    texts, labels = taste.examples(("Northanger Abbey",), 400)
    for titles, kind in ((taste.FIRST, "word"), (taste.SECOND, "char")):
        judge = taste.Judge(titles, kind, most=800)
        assert ((judge(texts) > 0.5) == labels).mean() > 0.7
        np.testing.assert_allclose(judge(['"I am']), judge(["I am"]))


def test_examples_do_not_overlap() -> None:
    first, _ = taste.examples(("Emma",), 50)
    later, _ = taste.examples(("Emma",), 50, skip=50)
    assert len(first) == len(later) == 100
    assert len(set(first) & set(later)) <= 2


def test_distinct_pairs_and_marks() -> None:
    counted = np.array([[False, True, True, True], [False, True, True, True]])
    texts = Batch(np.array([[9, 1, 1, 1], [9, 1, 1, 2]]), counted)
    assert methods.distinct(texts) == 2 / 4
    assert methods.marks(['"a"', "b"]) == [2, 0]
