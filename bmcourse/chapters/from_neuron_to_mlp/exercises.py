"""Exercises on neurons and networks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _neuron_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([1.0]), np.array([2.0]), 0.0),
        (np.array([4.0, 1.0]), np.array([0.5, 2.0]), -3.0),
    ]
    return [*small, *((rng.normal(size=n), rng.normal(size=n), rng.normal()) for n in (3, 5))]


neuron = Exercise(
    "a neuron",
    reference=lambda x, w, b: _sigmoid(x @ w + b),
    cases=_neuron_cases,
    mistakes={
        "x @ w + b": "That is the score z. Pass it through the sigmoid.",
        "_sigmoid(x @ w)": "The bias b is missing.",
        "_sigmoid(x * w + b)": "You have one number for each input. Add the products up, then add b once.",
        "_sigmoid(-(x @ w + b))": "The sign in the exponent is turned: a large score must give a number near 1.",
        "_sigmoid(x @ w) + b": "The bias belongs inside: add it to the score, before the sigmoid.",
        "_sigmoid(x @ w - b)": "The bias is added, not subtracted.",
    },
)


def _line_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([1.0, 1.0]), -1.5),
        (np.array([2.0, 4.0]), -6.0),
        (np.array([0.0, -2.0]), 1.0),
    ]
    drawn = [(rng.uniform(1, 3, 2) * rng.choice([-1, 1], 2), rng.normal()) for _ in range(4)]
    return [*small, *drawn]


def _solved_for_x1(w: Array, b: float) -> tuple[float, float]:
    with np.errstate(all="ignore"):
        return -w[1] / w[0], -b / w[0]


boundary_line = Exercise(
    "slope and intercept of a boundary",
    reference=lambda w, b: (-w[0] / w[1], -b / w[1]),
    cases=_line_cases,
    mistakes={
        "(w[0] / w[1], b / w[1])": "Both signs are turned: bring w1*x1 + b to the other side before you divide.",
        "(-w[0] / w[1], b / w[1])": "The slope is right. The bias changes its sign, too, when it crosses the equals sign.",
        "(w[0] / w[1], -b / w[1])": "The intercept is right. w1*x1 changes its sign, too, when it crosses the equals sign.",
        "(-b / w[1], -w[0] / w[1])": "Right numbers, wrong order: slope first.",
        "(-w[0] / w[1], -b)": "The slope is right. Divide the bias by w2 as well.",
        "(-w[0], -b)": "Divide by w2: the line is x2 = slope * x1 + intercept, with x2 alone.",
        "(w[1] / w[0] if w[0] else np.inf, -b / w[1])": "That is the direction of the weights, which stands at a right angle to the line.",
        _solved_for_x1: "You solved for x1. Asked is x2 as a function of x1: divide by w2.",
    },
)


def _relu(z: Any) -> Any:
    return np.maximum(z, 0)


def _forward(x: Array, weights: list[Array], biases: list[Array], *, last: bool = False) -> Array:
    for kernel, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = _relu(x @ kernel + bias)
    z = x @ weights[-1] + biases[-1]
    return np.asarray(_relu(z) if last else z)


def _without_activations(x: Array, weights: list[Array], biases: list[Array]) -> Array:
    for kernel, bias in zip(weights, biases, strict=True):
        x = x @ kernel + bias
    return x


def _activations(x: Array, weights: list[Array], biases: list[Array]) -> list[Array]:
    depths = range(1, len(weights))
    hidden = [_forward(x, weights[:n], biases[:n], last=True) for n in depths]
    return [*hidden, _forward(x, weights, biases)]


def _bias_after(x: Array, weights: list[Array], biases: list[Array]) -> Array:
    for kernel, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = _relu(x @ kernel) + bias
    return np.asarray(x @ weights[-1] + biases[-1])


def _network_cases(rng: np.random.Generator) -> list[Case]:
    square = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    by_hand: Case = (
        square,
        [np.ones((2, 2)), np.array([[1.0], [-2.0]])],
        [np.array([0.0, -1.0]), np.array([-0.5])],
    )
    cases = [by_hand]
    for sizes in ([3, 4, 2], [2, 5, 4, 3], [4, 3, 3, 3, 1]):
        weights = [rng.normal(size=(n, m)) for n, m in pairwise(sizes)]
        biases = [rng.normal(size=m) for m in sizes[1:]]
        cases.append((rng.normal(size=(6, sizes[0])), weights, biases))
    return cases


ALL_LAYERS = "You returned the activations of all layers. Return only the last one."
ROWS = "The shapes don't fit. Examples are rows: write x @ W, from the first layer to the last."
forward = Exercise(
    "forward pass through L layers",
    reference=_forward,
    cases=_network_cases,
    mistakes={
        "_forward(x, weights, biases, last=True)": "The last layer must give plain scores: ReLU there cuts off every negative one.",
        _without_activations: "There is no ReLU between the layers, so the whole network is one linear layer.",
        "_forward(x, weights, [np.zeros_like(b) for b in biases])": "The biases are missing.",
        _bias_after: "Add the bias before the ReLU, not after it.",
        "_forward(_relu(x), weights, biases)": "The input gets no ReLU: only the outputs of the hidden layers do.",
        "_forward(x, weights[:2], biases[:2])": "Right for two layers. There may be any number of them: use a loop.",
        "np.asarray([x @ kernel + b for kernel, b in zip(weights, biases, strict=True)][-1])": "Each layer must read the output of the layer before it. Yours all read the input.",
        _activations: ALL_LAYERS,
        "[x, *_activations(x, weights, biases)]": ALL_LAYERS,
        "np.asarray(weights[0] @ x)": ROWS,
        "np.asarray(np.dot(weights[0], x))": ROWS,
    },
)


def _odd_cases(rng: np.random.Generator) -> list[Case]:
    corners = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], dtype=float)
    between = np.array([[0.5, 0.0, 0.0], [0.5, 1.0, 0.0], [1.0, 1.0, 0.5]])  # where units show
    return [(corners[:4],), (corners,), (rng.permutation(corners),), (between,)]


def _of_the_sum(a: float, b: float, c: float) -> Any:
    def network(x: Array) -> Array:
        s = x.sum(axis=1)
        return np.asarray(a * _relu(s) + b * _relu(s - 1) + c * _relu(s - 2))

    return network


BUILT = "Right for zeros and ones, but no network. Build it: the sum of three units h, each times its output weight."


odd_number_of_ones = Exercise(
    "is the number of ones odd?",
    reference=_of_the_sum(1, -2, 2),
    cases=_odd_cases,
    mistakes={
        "_of_the_sum(1, -2, 0)(x)": "Right for up to two ones. For three, the third unit must lift the sum from -1 to 1.",
        "_of_the_sum(1, -1, 0)(x)": "That answers 1 as soon as there is a one: OR. The sum must fall again at two.",
        "_of_the_sum(0, 0, 1)(x)": "That answers 1 only for three ones: AND. One 1 is odd, too.",
        "_of_the_sum(1, -2, 1)(x)": "Nearly: three ones give 0. The slope must rise by 2 where the third unit begins.",
        "x.sum(axis=1) % 2": BUILT,
        "x.sum(axis=1).astype(int) % 2": BUILT,
        "np.isin(x.sum(axis=1), (1, 3))": BUILT,
        "_of_the_sum(1, -2, 2)(x)[:, np.newaxis]": "The numbers are right, but the shape is (n, 1). Return one number a row: shape (n,).",
    },
)
