"""Wrong answers and quick questions on neurons and networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.from_neuron_to_mlp import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


ROWS = "The shapes don't fit. Examples are rows: write x @ W, from the first layer to the last."


def layers(multiply: Any) -> Any:
    def attempt(x: Array, weights: list[Array], biases: list[Array]) -> Array:
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            x = np.maximum(multiply(x, w) + b, 0)
        return multiply(x, weights[-1]) + biases[-1]

    return attempt


ALL = "You returned the activations of all layers. Return only the last one."


def all_activations(x: Array, weights: list[Array], biases: list[Array]) -> list[Array]:
    found = [x]
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        found.append(np.maximum(0, found[-1] @ w + b))
    return [*found, found[-1] @ weights[-1] + biases[-1]]


def relu_on_the_input(x: Array, weights: list[Array], biases: list[Array]) -> Array:
    for w, b in zip(weights, biases, strict=True):
        x = np.maximum(x, 0) @ w + b
    return x


def two_layers(x: Array, weights: list[Array], biases: list[Array]) -> Array:
    hidden = np.maximum(x @ weights[0] + biases[0], 0)
    return hidden @ weights[1] + biases[1]


def not_fed_on(x: Array, weights: list[Array], biases: list[Array]) -> Array:
    for w, b in zip(weights, biases, strict=True):
        z = x @ w + b
        np.maximum(z, 0)
    return z


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.boundary_line,
            lambda w, b: (w[0] / w[1], -b / w[1]),
            "The intercept is right. w1*x1 changes its sign, too, when it crosses the equals sign.",
        ),
        (
            exercises.boundary_line,
            lambda w, b: (-b / w[1], -w[0] / w[1]),
            "Right numbers, wrong order: slope first.",
        ),
        (exercises.forward, layers(lambda x, w: w @ x), ROWS),
        (exercises.forward, layers(lambda x, w: np.dot(w, x)), ROWS),
        (exercises.forward, layers(lambda x, w: x @ w.T), ROWS),
        (exercises.forward, layers(lambda x, w: x.dot(w.T)), ROWS),
        (exercises.forward, all_activations, ALL),
        (exercises.forward, lambda *case: all_activations(*case)[1:], ALL),
        (
            exercises.forward,
            relu_on_the_input,
            "The input gets no ReLU: only the outputs of the hidden layers do.",
        ),
        (
            exercises.forward,
            two_layers,
            "Right for two layers. There may be any number of them: use a loop.",
        ),
        (
            exercises.forward,
            not_fed_on,
            "Each layer must read the output of the layer before it. Yours all read the input.",
        ),
        (exercises.odd_number_of_ones, lambda x: x.sum(1) % 2, "no network"),
        (exercises.odd_number_of_ones, lambda x: np.sum(x, axis=1).astype(int) % 2, "no network"),
        (exercises.odd_number_of_ones, lambda x: [s in (1, 3) for s in x.sum(1)], "no network"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_neuron() -> None:
    told = exercises.neuron.judge(lambda x, w, b: sigmoid(np.dot(w, x) - b)).message
    assert told == "The bias is added, not subtracted."


def test_a_wrong_result_of_many_layers_is_told_shortly() -> None:
    right = exercises.forward.reference

    def one_too_few(x: Array, weights: list[Array], biases: list[Array]) -> Array:
        end = -1 if len(weights) == 3 else None
        return right(x, weights[:end], biases[:end])

    told = exercises.forward.judge(one_too_few).message
    assert told == (
        "for x of shape (6, 2), weights of length 3, biases of length 3: "
        "expected shape (6, 3), received (6, 4)"
    )


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        "Its boundary is a straight line, and no straight line divides the points.",
        pytest.approx(np.zeros((32, 784)).dot(np.zeros((784, 64))).size, rel=1e-9),
        "As much as one dense layer.",
    ]
