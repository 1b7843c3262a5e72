"""Exercises on back-propagation."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _neuron_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [(2.0, 1.0, -2.0, 1.0), (1.0, 2.0, 0.5, 0.0)]
    return [*small, *(tuple(rng.normal(size=4)) for _ in range(4))]


def _neuron(x: float, w: float, b: float, y: float) -> tuple[float, float]:
    a = _sigmoid(w * x + b)
    dz = 2 * (a - y) * a * (1 - a)
    return dz * x, dz


def _neuron_without_slope(x: float, w: float, b: float, y: float) -> tuple[float, float]:
    error = 2 * (_sigmoid(w * x + b) - y)
    return error * x, error


def _neuron_slope_of_output(x: float, w: float, b: float, y: float) -> tuple[float, float]:
    a = _sigmoid(w * x + b)
    s = _sigmoid(a)
    dz = 2 * (a - y) * s * (1 - s)
    return dz * x, dz


neuron_gradients = Exercise(
    "gradients of one neuron",
    reference=_neuron,
    cases=_neuron_cases,
    mistakes={
        "(_neuron(x, w, b, y)[1], _neuron(x, w, b, y)[1])": "The bias is right. The weight's gradient needs one more factor: its input x.",
        "(_neuron(x, w, b, y)[1] * w, _neuron(x, w, b, y)[1])": "The bias is right. The slope of w*x with respect to w is x, not w.",
        "_neuron(x, w, b, y)[::-1]": "Right numbers, wrong order: weight first.",
        "tuple(g / 2 for g in _neuron_without_slope(x, w, b, y))": "That is cross-entropy's gradient. Here the loss is squared error.",
        _neuron_without_slope: "The slope of the sigmoid, a(1 - a), is missing between the loss and z.",
        "tuple(g / 2 for g in _neuron(x, w, b, y))": "A factor of 2 is missing: the derivative of (a - y)² is 2(a - y).",
        _neuron_slope_of_output: "You passed a through the sigmoid again. The slope is a(1 - a), with a itself.",
        "tuple(-g for g in _neuron(x, w, b, y))": "The sign is turned: the derivative of (a - y)² with respect to a is 2(a - y).",
    },
)


def _dense_cases(rng: np.random.Generator) -> list[Case]:
    shapes = [(1, 2, 2), (3, 3, 3), (5, 4, 2)]
    return [
        (rng.normal(size=(n, d)), rng.normal(size=(d, h)), rng.normal(size=(n, h)))
        for n, d, h in shapes
    ]


def _dense(x: Array, w: Array, dz: Array) -> dict[str, Array]:
    return {"dX": dz @ w.T, "dW": x.T @ dz, "db": dz.sum(axis=0)}


dense_backward = Exercise(
    "backward pass of a dense layer",
    reference=_dense,
    cases=_dense_cases,
    mistakes={
        "_dense(x, w, dz) | {'dX': dz @ w}": "dX: the kernel must be transposed. With a square kernel the shapes hide it.",
        "_dense(x, w, dz) | {'db': dz}": "db: each bias is used by every example, so add dZ up over the batch.",
        "_dense(x, w, dz) | {'db': dz.mean(axis=0)}": "db: add up, do not average. The mean already stands in the loss, so it is in dZ.",
        "_dense(x, w, dz) | {'dW': x.T @ dz / len(x), 'db': dz.mean(axis=0)}": "dW and db: add up, do not average. The mean already stands in the loss.",
        "_dense(x, w, dz) | {'dW': dz.T @ x}": "dW comes out transposed: it must have the shape of W.",
    },
)

silu_slope = Exercise(
    "slope of SiLU",
    reference=lambda z: _sigmoid(z) + z * _sigmoid(z) * (1 - _sigmoid(z)),
    cases=lambda rng: [(0.0,), (1.0,), (-2.0,), (rng.normal(0, 3, size=7),)],
    mistakes={
        "_sigmoid(z) * (1 - _sigmoid(z))": "That is the slope of the sigmoid alone. SiLU is a product: both factors depend on z.",
        "z * _sigmoid(z) * (1 - _sigmoid(z))": "One path is missing: z also stands in front of the sigmoid, where its slope is 1.",
        "z * _sigmoid(z)": "That is SiLU itself. Asked is its derivative.",
        "_sigmoid(z)": "The path through the sigmoid is missing.",
    },
)


def _skip_cases(rng: np.random.Generator) -> list[Case]:
    return [
        (rng.normal(size=(n, d)), rng.normal(size=(d, d)), rng.normal(size=(n, d)))
        for n, d in [(1, 2), (4, 3)]
    ]


def _through_tanh(x: Array, w: Array, upstream: Array, slope: Array) -> dict[str, Array]:
    dz = upstream * slope
    return {"dX": upstream + dz @ w.T, "dW": x.T @ dz}


def _skip(x: Array, w: Array, upstream: Array) -> dict[str, Array]:
    return _through_tanh(x, w, upstream, 1 - np.tanh(x @ w) ** 2)


def _skip_untransposed(x: Array, w: Array, upstream: Array) -> dict[str, Array]:
    dz = upstream * (1 - np.tanh(x @ w) ** 2)
    return {"dX": upstream + dz @ w, "dW": x.T @ dz}


def _direct(x: Array, w: Array, upstream: Array, path: Array | float) -> dict[str, Array]:
    right = _skip(x, w, upstream)
    return right | {"dX": right["dX"] - upstream + path}


DIRECT = "dX: the direct path carries dY, not 1."
SLOPE = "The slope of tanh is 1 - tanh(XW)²."
skip_backward = Exercise(
    "backward pass of a skip connection",
    reference=_skip,
    cases=_skip_cases,
    mistakes={
        "_direct(x, w, upstream, 0.0)": "dX: X reaches the output on two paths. You have the one through tanh; add the direct one.",
        "_skip(x, w, upstream) | {'dX': upstream}": "dX: X reaches the output on two paths. You have the direct one; add the one through tanh.",
        "{'dX': upstream + upstream @ w.T, 'dW': x.T @ upstream}": "The slope of tanh, 1 - tanh², is missing.",
        _skip_untransposed: "dX: the kernel must be transposed on the way back.",
        "_skip(x, w, upstream) | {'dW': _skip(x, w, upstream)['dW'].T}": "dW comes out transposed.",
        "_direct(x, w, upstream, 1.0)": DIRECT,
        "_direct(x, w, upstream, np.eye(len(w)))": DIRECT,
        "_through_tanh(x, w, upstream, 1 - (x @ w) ** 2)": SLOPE,
        "_through_tanh(x, w, upstream, 1 - (x + np.tanh(x @ w)) ** 2)": SLOPE,
        "_through_tanh(x, w, upstream, 1 - np.tanh(x + np.tanh(x @ w)) ** 2)": SLOPE,
    },
)
