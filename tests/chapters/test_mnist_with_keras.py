"""Wrong answers and quick questions on MNIST with Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.mnist_with_keras import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def share_of_right(right: Array, kept: Array, chances: Array) -> Any:
    return np.mean(right[kept])


def sure_of(
    answer: Callable[[Array, Array, Array], Any], none: Any = 0, strict: bool = False
) -> Any:
    def attempt(logits: Array, y_true: Array, sure: float) -> Any:
        powers = np.exp(logits)
        chances = (powers / powers.sum(axis=1, keepdims=True)).max(axis=1)
        kept = chances > sure if strict else chances >= sure
        return answer(logits.argmax(axis=1) == y_true, kept, chances) if kept.any() else none

    return attempt


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.prepare, lambda images: images.reshape(-1, 28, 28, 1) / 255.0, "any size"),
        (
            exercises.conv_parameters,
            lambda k, c, f: (k * k + c + 1) * f,
            "multiply by the channels",
        ),
        (exercises.conv_parameters, lambda k, c, f: 2 * k * c * f + f, "not twice"),
        (exercises.conv_parameters, lambda k, c, f: k**2 * f, "all input channels, and"),
        (exercises.conv_parameters, lambda k, c, f: k * c * f, "And each filter has a bias"),
        (exercises.prepare, lambda x: (x[..., None] - np.mean(x)) / np.std(x), "standardised"),
        (
            exercises.prepare,
            lambda x: (x[..., None] - x.min()) / np.ptp(x),
            "darkest and brightest",
        ),
        (
            exercises.prepare,
            lambda x: np.array([image[..., None] / image.max() for image in x]),
            "largest value of each image",
        ),
        (exercises.prepare, lambda x: np.stack([x, x, x], axis=-1) / 255, "one channel"),
        (exercises.prepare, lambda x: np.expand_dims(x, 2) / 255, "before the width"),
        (exercises.prepare, lambda x: 1 - x[..., None] / 255, "black and white"),
        (exercises.accuracy_when_sure, sure_of(share_of_right, strict=True), ">= and not >"),
        (
            exercises.accuracy_when_sure,
            sure_of(lambda right, kept, p: np.mean(p[kept])),
            "how sure",
        ),
        (
            exercises.accuracy_when_sure,
            sure_of(lambda right, kept, p: np.mean(~right[kept])),
            "share of mistakes",
        ),
        (
            exercises.accuracy_when_sure,
            sure_of(lambda right, kept, p: sum(right & kept) / max(sum(right), 1)),
            "by all right answers",
        ),
        (exercises.accuracy_when_sure, sure_of(share_of_right, none=1), "return 0"),
        (exercises.accuracy_when_sure, sure_of(share_of_right, none=None), "return 0"),
        (exercises.accuracy_when_sure, sure_of(share_of_right), "overflows"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        "Every decision made with it makes its number flatter us.",
        pytest.approx(len(range(28 - 5 + 1)), rel=1e-9),
        "The training figure is a mean over the epoch; the validation figure is taken at its end.",
    ]
