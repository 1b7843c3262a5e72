"""Wrong answers and quick questions on GPT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from bmcourse.chapters.gpt import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def by_loop(probabilities: Array, p: float) -> list[float]:
    left = [float(q) for q in probabilities]
    kept = [0.0] * len(left)
    while sum(kept) < p - 1e-12:
        best = max(range(len(left)), key=lambda i: (left[i], -i))
        kept[best], left[best] = left[best], -1.0
    return [q / sum(kept) for q in kept]


def by_position(words: Sequence[str], n: int) -> float:
    runs = [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]
    return sum(run in runs[:i] for i, run in enumerate(runs)) / len(runs)


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (
            exercises.bits_a_character,
            lambda probabilities, text: sum(np.log2(1 / probabilities)) / len(text),
        ),
        (exercises.top_p, by_loop),
        (exercises.warmed, lambda logits, temperature: softmax(logits / temperature)),
        (exercises.from_perplexity, lambda q, c: np.log(q) / np.log(2) / c),
        (exercises.repeated, by_position),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.bits_a_character, lambda q, t: np.mean(-np.log2(q)), "bits a piece"),
        (exercises.bits_a_character, lambda q, t: np.sum(-np.log(q)) / len(t), "nats"),
        (
            exercises.bits_a_character,
            lambda q, t: -np.log2(np.prod(q)) / len(t),
            "Add the logarithms",
        ),
        (exercises.bits_a_character, lambda q, t: np.sum(-np.log2(q)), "Divide by its characters"),
        (
            exercises.top_p,
            lambda q, p: np.where(q >= p, q, 0) / np.where(q >= p, q, 0).sum(),
            "not a bound",
        ),
        (exercises.top_p, lambda q, p: np.array(by_loop(q, p)) * 0.5, "expected"),
        (exercises.top_p, lambda q, p: sorted(by_loop(q, p), reverse=True), "they are sorted"),
        (exercises.warmed, lambda z, t: softmax(z * t), "You multiplied"),
        (exercises.warmed, lambda z, t: softmax(softmax(z) / t), "Softmax twice"),
        (exercises.warmed, lambda z, t: np.exp(z / t) / np.exp(z / t).sum(), "overflows"),
        (exercises.from_perplexity, lambda q, c: np.log(q) / c, "nats"),
        (exercises.from_perplexity, lambda q, c: np.log2(q / c), "First the logarithm"),
        (exercises.repeated, lambda w, n: 1 - by_position(w, n), "share of different runs"),
        (exercises.repeated, lambda w, n: 1 - len(set(w)) / len(w), "single words"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        6 / 4,
        "The likely pieces become likelier, and the text repeats itself more.",
        "That on the new novel.",
    ]
