"""Answers that a newcomer gave in chapters 4 to 16, and what she should read then."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import (
    cifar10_with_keras,
    class_imbalance,
    convolution_and_pooling,
    generalisation,
    gradient_descent,
    house_prices,
    mnist_with_keras,
    three_frameworks,
)
from bmcourse.exercises.checker import Exercise

Array = Any


def whole_path(w: float, curvature: float, rate: float, steps: int) -> Array:
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - rate * curvature * path[-1])
    return np.array(path)


def only_w(w: float, g: float, m: float, s: float, t: int) -> float:
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    return float(w - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-7))


def channels_summed(x: Array, kernel: Array) -> Array:
    k = kernel.shape[0]
    rows, columns, channels = x.shape
    out = np.zeros((rows - k + 1, columns - k + 1, channels))
    for i in range(rows - k + 1):
        for j in range(columns - k + 1):
            out[i, j] = np.sum(x[i : i + k, j : j + k] * kernel)
    return out


def half_of_the_window(n: int, k: int, s: int, padding: str) -> int:
    p = k // 2 if padding == "same" else 0
    return (n + 2 * p - k) // s + 1


def two_convolutions(side: int, channels: int, filters: list[int], hidden: int, out: int) -> int:
    first = (9 * channels + 1) * filters[0]
    second = (9 * filters[0] + 1) * filters[1]
    side = ((side - 2) // 2 - 2) // 2
    return first + second + (side * side * filters[1] + 1) * hidden + (hidden + 1) * out


def flat_argmax(matrix: Array) -> Any:
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    np.fill_diagonal(shares, 0)
    return np.argmax(shares)


def stops_at_the_first_rise(losses: Array, patience: int) -> int:
    for epoch in range(1, len(losses)):
        if losses[epoch] > losses[epoch - 1]:
            return epoch - 1
    return len(losses) - 1


def first_table(learn: Array, new: Array) -> Array:
    spread = learn.std(axis=0)
    spread[spread == 0] = 1
    return (learn - learn.mean(axis=0)) / spread


def by_class(counts: Array) -> dict[int, float]:
    return {k: sum(counts) / (len(counts) * n) for k, n in enumerate(counts)}


def whole_curve(y: Array, score: Array, recall: float) -> Array:
    ranked = y[np.argsort(score)[::-1]]
    return np.cumsum(ranked) / (np.arange(len(y)) + 1)


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (gradient_descent.descend, whole_path, "whole path"),
        (gradient_descent.adam_step, only_w, "Return the memories, too"),
        (convolution_and_pooling.depthwise, channels_summed, "axis=(0, 1)"),
        (convolution_and_pooling.output_size, half_of_the_window, "even window"),
        (
            mnist_with_keras.prepare,
            lambda images: images.reshape(-1, 28, 28, 1) / 255.0,
            "any size",
        ),
        (cifar10_with_keras.network_parameters, two_convolutions, "use a loop"),
        (cifar10_with_keras.worst_confusion, flat_argmax, "np.unravel_index"),
        (generalisation.early_stopping, stops_at_the_first_rise, "first rise"),
        (house_prices.standardise, first_table, "Return both"),
        (three_frameworks.to_pytorch, np.transpose, "Transpose each array"),
        (class_imbalance.balanced_weights, by_class, "not as a dictionary"),
        (class_imbalance.precision_at_recall, whole_curve, "whole curve"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    verdict = exercise.judge(attempt)
    assert verdict.status == "wrong"
    assert told in verdict.message


@pytest.mark.parametrize(
    "attempt",
    [
        [[0, 0, 0], [1, 1, 0], [0, 0, 0]],
        [[0, 0, 0], [-1, 0, 0], [0, 0, 0]],
        np.zeros((3, 3)),
        [[0, 0, 0], [1, 0], [0, 0, 0]],
        [1, 0, 0],
    ],
)
def test_the_filter_that_was_asked_for_is_not_told(attempt: Any) -> None:
    verdict = convolution_and_pooling.move_right.judge(attempt)
    assert verdict.status == "wrong"
    assert "expected [" not in verdict.message
    assert not {*"01"} & {*verdict.message}
