"""Wrong answers and quick questions on losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.losses import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any
LOGITS = np.log([[4.0, 1.0]])  # softmax: 0.8 and 0.2
ONE_HOT = "y holds class numbers. Make each a one-hot row first, or subtract 1 at the true class."


def gradient(*, of_max: Any = True, of_sum: Any = True, axis: Any = 1, y_as: Any = None) -> Any:
    def attempt(z: Array, y: Array) -> Array:
        raised = np.exp(z - z.max(axis=axis, keepdims=of_max))
        with np.errstate(all="ignore"):
            p = raised / raised.sum(axis=1, keepdims=of_sum)
        return (p - (y_as(y) if y_as else np.eye(z.shape[1])[y])) / len(z)

    return attempt


def whole_columns(z: Array, y: Array) -> Array:
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[:, y] -= 1
    return p / len(z)


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.cross_entropy_gradient, gradient(y_as=lambda y: y), ONE_HOT),
        (exercises.cross_entropy_gradient, gradient(y_as=lambda y: y.reshape(-1, 1)), ONE_HOT),
        (
            exercises.cross_entropy_gradient,
            gradient(of_sum=False),
            "Use keepdims=True, so that each row is divided by its own sum.",
        ),
        (
            exercises.cross_entropy_gradient,
            gradient(of_max=False),
            "Use keepdims=True, so that each row loses its own largest logit.",
        ),
        (
            exercises.cross_entropy_gradient,
            gradient(of_max=False, of_sum=False),
            "Use keepdims=True twice, so that each row meets its own maximum and its own sum.",
        ),
        (
            exercises.cross_entropy_gradient,
            gradient(axis=None),
            "Subtract the largest of each row, not of the whole array.",
        ),
        (exercises.cross_entropy_gradient, whole_columns, "np.arange(len(z))"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_losses_without_the_mean() -> None:
    squared = exercises.mean_squared_error.judge(lambda y, y_pred: (y - y_pred) ** 2)
    assert squared.message == "That is one squared error for each example. Did you forget the mean?"
    binary = exercises.bce_from_logits.judge(
        lambda z, y: np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z
    )
    assert binary.message == "That is one loss for each example. Did you forget the mean?"


def test_poisson_gradient() -> None:
    told = exercises.poisson_gradient.judge(lambda z, y: np.mean(np.exp(z) - y)).message
    assert told == "Return one number for each example: divide by n, but don't add up."


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(exercises.mean_squared_error.reference(0.0, np.array([1.0, -3.0])), rel=1e-9),
        pytest.approx(
            exercises.cross_entropy_gradient.reference(LOGITS, np.array([0]))[0, 0], rel=1e-9
        ),
        "It begins confidently wrong: inputs or first weights are too large.",
    ]
