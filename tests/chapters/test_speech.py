"""Wrong answers and quick questions on speech."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bmcourse import sound
from bmcourse.chapters.speech import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.power_at_one, lambda *x: np.abs(np.fft.fft(x))[1] ** 2),
        (exercises.power_at_one, lambda *x: abs(sound.dft(x)[3]) ** 2),
        (
            exercises.alias,
            lambda f, rate: min(abs(f - k * rate) for k in range(5)),
        ),
        (
            exercises.cheapest,
            lambda diagonal, above, left, same: (
                min(diagonal, above + 1, left + 1) if same else 1 + min(diagonal, above, left)
            ),
        ),
        (
            exercises.cheapest,  # where the words are the same, the diagonal is never dearer
            lambda diagonal, above, left, same: (
                diagonal if same else 1 + min(diagonal, above, left)
            ),
        ),
        (exercises.noise_factor, lambda s, n, db: 10 ** (-db / 20) * math.sqrt(s / n)),
        (exercises.asking_gains, lambda w, c, k, q: -q + c * k * w),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.power_at_one, lambda a, b, c, d: abs(complex(a - c, d - b)), "is its square"),
        (exercises.power_at_one, lambda a, b, c, d: (a + b - c - d) ** 2, "one by one"),
        (exercises.power_at_one, lambda a, b, c, d: sum((a, b, c, d)) ** 2, "at 0 turns"),
        (exercises.alias, lambda f, rate: np.fmod(f, rate), "lower twin"),
        (exercises.alias, lambda f, rate: f, "the lowest of them"),
        (exercises.alias, lambda f, rate: min(rate / 2, f), "not cut off"),
        (exercises.alias, lambda f, rate: f if f <= rate / 2 else rate - f, "folds once"),
        (exercises.cheapest, lambda d, a, b, same: 1 + min(d, a, b), "costs nothing"),
        (exercises.cheapest, lambda d, a, b, same: min(d + int(same), a + 1, b + 1), "wrong way"),
        (exercises.cheapest, lambda d, a, b, same: d if same else d + 1, "left out and put in"),
        (exercises.noise_factor, lambda s, n, db: s / n * 10 ** (-db / 10), "take the root"),
        (exercises.noise_factor, lambda s, n, db: s / n * 10 ** (-db / 20), "ratio of sizes"),
        (exercises.noise_factor, lambda s, n, db: (s * 10 ** (-db / 10)) ** 0.5, "of its own"),
        (exercises.asking_gains, lambda w, c, k, q: w * c - q, "notices"),
        (exercises.asking_gains, lambda w, c, k, q: w * (k * c - q), "every caller"),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    assert right_answers(questions) == [
        exercises.alias.reference(6500, 8000),
        "The score on recordings of speakers of whom no recording was trained on.",
        sound.word_errors("two coffees please", "to coffees a piece").rate,
    ]
