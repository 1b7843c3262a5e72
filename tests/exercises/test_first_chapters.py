"""Answers that a newcomer gave in chapters 0 to 3, and what she should read then."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import backprop_by_hand, from_neuron_to_mlp, losses, welcome

Array = Any
LOOP = "The list may have any length: use a loop over neighbours."
NOTHING = "Your function returned nothing (None). End it with `return`."
ROWS = "The shapes don't fit. Examples are rows: write x @ W, from the first layer to the last."
ALL = "You returned the activations of all layers. Return only the last one."
ONE_HOT = "y holds class numbers. Make each a one-hot row first, or subtract 1 at the true class."
SLOPE = "The slope of tanh is 1 - tanh(XW)²."
DIRECT = "dX: the direct path carries dY, not 1."


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def a_step_too_far(sizes: list[int]) -> int:
    total = 0
    for i in range(len(sizes)):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (lambda s: s[0] * s[1] + s[1] + s[1] * s[2] + s[2], LOOP),
        (lambda s: s[0] * s[1] + s[1], LOOP),
        (
            a_step_too_far,
            "The last size has no neighbour to its right: let the loop end one earlier.",
        ),
        (
            lambda s: [a * b + b for a, b in pairwise(s)],
            "That is one number for each layer. Add them up.",
        ),
        (lambda s: str(sum(s)), "Return a number, not a text."),
        (lambda s: print(sum(s)), NOTHING),
    ],
)
def test_dense_parameters(attempt: Any, told: str) -> None:
    assert welcome.dense_parameters.judge(attempt).message == told


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (lambda said, truth: print(np.mean(said == truth)), NOTHING),
        (lambda said, truth: f"{np.mean(said == truth):.1%}", "Return a number, not a text."),
        (
            lambda said, truth: [np.mean(said == truth)],
            "for said = [1, 2], truth = [1, 3]: expected one number, received a list with one "
            "number",
        ),
    ],
)
def test_accuracy(attempt: Any, told: str) -> None:
    assert welcome.accuracy_of.judge(attempt).message == told


def test_neuron() -> None:
    told = from_neuron_to_mlp.neuron.judge(lambda x, w, b: sigmoid(np.dot(w, x) - b)).message
    assert told == "The bias is added, not subtracted."


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (
            lambda w, b: (w[0] / w[1], -b / w[1]),
            "The intercept is right. w1*x1 changes its sign, too, when it crosses the equals sign.",
        ),
        (lambda w, b: (-b / w[1], -w[0] / w[1]), "Right numbers, wrong order: slope first."),
    ],
)
def test_boundary_line(attempt: Any, told: str) -> None:
    assert from_neuron_to_mlp.boundary_line.judge(attempt).message == told


def layers(multiply: Any) -> Any:
    def attempt(x: Array, weights: list[Array], biases: list[Array]) -> Array:
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            x = np.maximum(multiply(x, w) + b, 0)
        return multiply(x, weights[-1]) + biases[-1]

    return attempt


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
    ("attempt", "told"),
    [
        (layers(lambda x, w: w @ x), ROWS),
        (layers(lambda x, w: np.dot(w, x)), ROWS),
        (layers(lambda x, w: x @ w.T), ROWS),
        (layers(lambda x, w: x.dot(w.T)), ROWS),
        (all_activations, ALL),
        (lambda *case: all_activations(*case)[1:], ALL),
        (relu_on_the_input, "The input gets no ReLU: only the outputs of the hidden layers do."),
        (two_layers, "Right for two layers. There may be any number of them: use a loop."),
        (
            not_fed_on,
            "Each layer must read the output of the layer before it. Yours all read the input.",
        ),
    ],
)
def test_forward(attempt: Any, told: str) -> None:
    assert from_neuron_to_mlp.forward.judge(attempt).message == told


def test_a_wrong_result_of_many_layers_is_told_shortly() -> None:
    right = from_neuron_to_mlp.forward.reference

    def one_too_few(x: Array, weights: list[Array], biases: list[Array]) -> Array:
        end = -1 if len(weights) == 3 else None
        return right(x, weights[:end], biases[:end])

    told = from_neuron_to_mlp.forward.judge(one_too_few).message
    assert told == (
        "for x of shape (6, 2), weights of length 3, biases of length 3: "
        "expected shape (6, 3), received (6, 4)"
    )


def test_losses_without_the_mean() -> None:
    squared = losses.mean_squared_error.judge(lambda y, y_pred: (y - y_pred) ** 2)
    assert squared.message == "That is one squared error for each example. Did you forget the mean?"
    binary = losses.bce_from_logits.judge(
        lambda z, y: np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z
    )
    assert binary.message == "That is one loss for each example. Did you forget the mean?"


def gradient(*, of_max: Any = True, of_sum: Any = True, axis: Any = 1, y_as: Any = None) -> Any:
    def attempt(z: Array, y: Array) -> Array:
        raised = np.exp(z - z.max(axis=axis, keepdims=of_max))
        with np.errstate(all="ignore"):
            p = raised / raised.sum(axis=1, keepdims=of_sum)
        return (p - (y_as(y) if y_as else np.eye(z.shape[1])[y])) / len(z)

    return attempt


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (gradient(y_as=lambda y: y), ONE_HOT),
        (gradient(y_as=lambda y: y.reshape(-1, 1)), ONE_HOT),
        (
            gradient(of_sum=False),
            "Use keepdims=True, so that each row is divided by its own sum.",
        ),
        (
            gradient(of_max=False),
            "Use keepdims=True, so that each row loses its own largest logit.",
        ),
        (
            gradient(of_max=False, of_sum=False),
            "Use keepdims=True twice, so that each row meets its own maximum and its own sum.",
        ),
        (gradient(axis=None), "Subtract the largest of each row, not of the whole array."),
    ],
)
def test_cross_entropy_gradient(attempt: Any, told: str) -> None:
    assert losses.cross_entropy_gradient.judge(attempt).message == told


def test_poisson_gradient() -> None:
    told = losses.poisson_gradient.judge(lambda z, y: np.mean(np.exp(z) - y)).message
    assert told == "Return one number for each example: divide by n, but don't add up."


def bias_first(x: float, w: float, b: float, y: float) -> tuple[float, float]:
    a = sigmoid(w * x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return dz, dz * x


def of_cross_entropy(x: float, w: float, b: float, y: float) -> tuple[float, float]:
    a = sigmoid(w * x + b)
    return (a - y) * x, a - y


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (bias_first, "Right numbers, wrong order: weight first."),
        (of_cross_entropy, "That is cross-entropy's gradient. Here the loss is squared error."),
    ],
)
def test_neuron_gradients(attempt: Any, told: str) -> None:
    assert backprop_by_hand.neuron_gradients.judge(attempt).message == told


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (
            lambda X, W, dZ: {"dX": dZ @ W.T, "dW": X.T @ dZ, "db": dZ.sum(axis=0, keepdims=True)},
            "]]: db: expected shape (2,), received (1, 2)",
        ),
        (
            lambda X, W, dZ: {"dx": dZ @ W.T, "dW": X.T @ dZ, "db": dZ.sum(axis=0)},
            ": the key dX is missing (you have dx)",
        ),
        (
            lambda X, W, dZ: (dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)),
            "The numbers are right. Return them in a dictionary with the keys dX, dW and db.",
        ),
    ],
)
def test_dense_backward(attempt: Any, told: str) -> None:
    assert backprop_by_hand.dense_backward.judge(attempt).message.endswith(told)


def skip(path: Any = None, slope: Any = None, turned: bool = False) -> Any:
    def attempt(X: Array, W: Array, dY: Array) -> dict[str, Array]:
        dZ = dY * (slope(X, W) if slope else 1 - np.tanh(X @ W) ** 2)
        dW = dZ.T @ X if turned else X.T @ dZ
        return {"dX": (path(W) if path else dY) + dZ @ W.T, "dW": dW}

    return attempt


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (
            lambda X, W, dY: tuple(skip()(X, W, dY).values()),
            "The numbers are right. Return them in a dictionary with the keys dX and dW.",
        ),
        (skip(turned=True), "dW comes out transposed."),
        (skip(path=lambda W: 1), DIRECT),
        (skip(path=lambda W: np.eye(len(W))), DIRECT),
        (skip(slope=lambda X, W: 1 - (X @ W) ** 2), SLOPE),
        (skip(slope=lambda X, W: 1 - (X + np.tanh(X @ W)) ** 2), SLOPE),
        (skip(slope=lambda X, W: 1 - np.tanh(X + np.tanh(X @ W)) ** 2), SLOPE),
    ],
)
def test_skip_backward(attempt: Any, told: str) -> None:
    assert backprop_by_hand.skip_backward.judge(attempt).message == told
