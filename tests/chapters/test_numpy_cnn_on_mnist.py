"""Wrong answers and quick questions on a convolutional network in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.numpy_cnn_on_mnist import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def pools(z: Array) -> Array:
    return z.reshape(len(z) // 2, 2, -1, 2)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.conv_flops,
            lambda h, w, c, f, k: (h - 2) * (w - 2) * f * (2 * k * k * c + 1),
            "always 3 × 3",
        ),
        (
            exercises.conv_flops,
            lambda h, w, c, f, k: (h - k + 1) ** 2 * f * (2 * k**2 * c + 1),
            "be a square",
        ),
        (
            exercises.conv_flops,
            lambda h, w, c, f, k: (h - k + 1) * (w - k + 1) * f * c * (2 * k**2 + 1),
            "every input channel",
        ),
        (
            exercises.conv_flops,
            lambda h, w, c, f, k: (h - k + 1) * (w - k + 1) * f * (2 * k**2 * c - 1),
            "a sum for each weight",
        ),
        (exercises.conv_flops, lambda h, w, c, f, k: (k * k * c + 1) * f, "the parameters"),
        (exercises.exponent, lambda n, t: np.polyfit(n, t, 1)[0], "Take logarithms first"),
        (
            exercises.exponent,
            lambda n, t: 2 ** np.polyfit(np.log(n), np.log(t), 1)[0],
            "the exponent itself",
        ),
        (
            exercises.exponent,
            lambda n, t: np.polyfit(np.log(n), np.log(t), deg=1),
            "slope and intercept",
        ),
        (
            exercises.exponent,
            lambda n, t: np.log2(t[-1] / t[0]) / np.log2(n[-1] / n[0]),
            "all points",
        ),
        (
            exercises.whole_gradient,
            lambda g1, n1, g2, n2: (n1 * g1 + n2 * g2) / (n1 * n2),
            "not by the product",
        ),
        (
            exercises.whole_gradient,
            lambda g1, n1, g2, n2: n1 * g1 + n2 * g2 / (n1 + n2),
            "Brackets are missing",
        ),
        (
            exercises.whole_gradient,
            lambda g1, n1, g2, n2: (g1 / n1 + g2 / n2) / (n1 + n2),
            "you divided once more",
        ),
        (
            exercises.whole_gradient,
            lambda g1, n1, g2, n2: (g1 / n1 + g2 / n2) / 2,
            "you divided once more",
        ),
        (
            exercises.pooled_relu,
            lambda z, b: np.maximum(pools(z).sum(axis=(1, 3)) + b, 0),
            "added up each pool",
        ),
        (
            exercises.pooled_relu,
            lambda z, b: np.maximum(pools(z).max(axis=(1, 3)) - b, 0),
            "not subtracted",
        ),
        (
            exercises.pooled_relu,
            lambda z, b: np.maximum(pools(z).max(axis=(1, 3)), b),
            "compares with the bias",
        ),
        (
            exercises.pooled_relu,
            lambda z, b: np.maximum(pools(np.maximum(z, 0)).max(axis=(1, 3)) + b, 0),
            "One ReLU only",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(len(range(0, 55_000, 32)), rel=1e-9),
        "ReLU never falls, so the largest number stays the largest.",
        "Rounding errors grow along the way.",
    ]
