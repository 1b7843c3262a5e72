"""Wrong answers and quick questions on back-propagation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.backprop_by_hand import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def bias_first(x: float, w: float, b: float, y: float) -> tuple[float, float]:
    a = sigmoid(w * x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return dz, dz * x


def of_cross_entropy(x: float, w: float, b: float, y: float) -> tuple[float, float]:
    a = sigmoid(w * x + b)
    return (a - y) * x, a - y


def skip(path: Any = None, slope: Any = None, turned: bool = False) -> Any:
    def attempt(X: Array, W: Array, dY: Array) -> dict[str, Array]:
        dZ = dY * (slope(X, W) if slope else 1 - np.tanh(X @ W) ** 2)
        dW = dZ.T @ X if turned else X.T @ dZ
        return {"dX": (path(W) if path else dY) + dZ @ W.T, "dW": dW}

    return attempt


DIRECT = "dX: the direct path carries dY, not 1."


SLOPE = "The slope of tanh is 1 - tanh(XW)²."


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.neuron_gradients, bias_first, "Right numbers, wrong order: weight first."),
        (
            exercises.neuron_gradients,
            of_cross_entropy,
            "That is cross-entropy's gradient. Here the loss is squared error.",
        ),
        (
            exercises.dense_backward,
            lambda X, W, dZ: {"dX": dZ @ W.T, "dW": X.T @ dZ, "db": dZ.sum(axis=0, keepdims=True)},
            "]]: db: expected shape (2,), received (1, 2)",
        ),
        (
            exercises.dense_backward,
            lambda X, W, dZ: {"dx": dZ @ W.T, "dW": X.T @ dZ, "db": dZ.sum(axis=0)},
            ": the key dX is missing (you have dx)",
        ),
        (
            exercises.dense_backward,
            lambda X, W, dZ: (dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)),
            "The numbers are right. Return them in a dictionary with the keys dX, dW and db.",
        ),
        (
            exercises.skip_backward,
            lambda X, W, dY: tuple(skip()(X, W, dY).values()),
            "The numbers are right. Return them in a dictionary with the keys dX and dW.",
        ),
        (exercises.skip_backward, skip(turned=True), "dW comes out transposed."),
        (exercises.skip_backward, skip(path=lambda W: 1), DIRECT),
        (exercises.skip_backward, skip(path=lambda W: np.eye(len(W))), DIRECT),
        (exercises.skip_backward, skip(slope=lambda X, W: 1 - (X @ W) ** 2), SLOPE),
        (exercises.skip_backward, skip(slope=lambda X, W: 1 - (X + np.tanh(X @ W)) ** 2), SLOPE),
        (
            exercises.skip_backward,
            skip(slope=lambda X, W: 1 - np.tanh(X + np.tanh(X @ W)) ** 2),
            SLOPE,
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(4 * 0.5 * (1 - 0.5) * 3, rel=1e-9),
        "Add the gradients of the two paths.",
        "A falling loss does not show that the gradient is right.",
    ]
