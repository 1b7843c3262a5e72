"""Wrong answers and quick questions on CIFAR-10 with Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.cifar10_with_keras import exercises, questions
from bmcourse.chapters.mnist_with_keras import exercises as mnist
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def two_convolutions(side: int, channels: int, filters: list[int], hidden: int, out: int) -> int:
    first = (9 * channels + 1) * filters[0]
    second = (9 * filters[0] + 1) * filters[1]
    side = ((side - 2) // 2 - 2) // 2
    return first + second + (side * side * filters[1] + 1) * hidden + (hidden + 1) * out


def flat_argmax(matrix: Array) -> Any:
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    np.fill_diagonal(shares, 0)
    return np.argmax(shares)


def parameters(
    conv_bias: int = 1,
    dense_bias: int = 1,
    shrink: Callable[[Any], Any] = lambda side: (side - 2) // 2,
) -> Any:
    def attempt(side: Any, channels: int, filters: list[int], hidden: int, classes: int) -> int:
        total = 0
        for count in filters:
            total += (9 * channels + conv_bias) * count
            side, channels = shrink(side), count
        total += (int(side * side * channels) + dense_bias) * hidden
        return total + (hidden + dense_bias) * classes

    return attempt


def network(
    shrink: Callable[[Any], Any] = lambda side: (side - 2) // 2,
    weights: Callable[[int, int], int] = lambda channels, count: (9 * channels + 1) * count,
    flatten: Callable[[Any, int], Any] = lambda side, channels: side * side * channels,
    dense: bool = True,
) -> Any:
    def attempt(side: int, channels: int, filters: list[int], hidden: int, classes: int) -> Any:
        total: Any = 0
        for count in filters:
            total += weights(channels, count)
            side, channels = shrink(side), count
        inputs = flatten(side, channels)
        return total + ((inputs + 1) * hidden + (hidden + 1) * classes if dense else 0)

    return attempt


def pooled_once(side: int, channels: int, filters: list[int], hidden: int, classes: int) -> int:
    total = 0
    for count in filters:
        total += (9 * channels + 1) * count
        side, channels = side - 2, count
    side = side // 2
    return total + (side * side * channels + 1) * hidden + (hidden + 1) * classes


def shares(matrix: Array) -> Array:
    found = matrix / matrix.sum(axis=1, keepdims=True)
    np.fill_diagonal(found, 0)
    return found


def where_largest(matrix: Array) -> Any:
    return np.unravel_index(shares(matrix).argmax(), matrix.shape)


def last_of_equals(matrix: Array) -> tuple[int, int]:
    best, pair = -1.0, (0, 0)
    for (row, column), share in np.ndenumerate(shares(matrix)):
        if share >= best:
            best, pair = share, (row, column)
    return pair


def column_by_column(matrix: Array) -> tuple[int, int]:
    found = shares(matrix)
    best, pair = 0.0, (0, 0)
    for column in range(len(matrix)):
        for row in range(len(matrix)):
            if found[row, column] > best:
                best, pair = found[row, column], (row, column)
    return pair


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.network_parameters, two_convolutions, "use a loop"),
        (exercises.worst_confusion, flat_argmax, "np.unravel_index"),
        (exercises.network_parameters, parameters(conv_bias=0), "biases of the convolutions"),
        (exercises.network_parameters, parameters(dense_bias=0), "biases of the dense layers"),
        (
            exercises.network_parameters,
            parameters(shrink=lambda side: side - 2 // 2),
            "brackets around side - 2",
        ),
        (
            exercises.network_parameters,
            parameters(shrink=lambda side: (side - 2) / 2),
            "not the product at the end",
        ),
        (exercises.network_parameters, network(shrink=lambda side: (side - 2) / 2), "so use //"),
        (
            exercises.network_parameters,
            network(shrink=lambda side: round((side - 2) / 2)),
            "not to the nearest",
        ),
        (
            exercises.network_parameters,
            network(shrink=lambda side: -(-(side - 2) // 2)),
            "rounded down",
        ),
        (exercises.network_parameters, network(shrink=lambda side: side / 2), "Follow the side"),
        (exercises.network_parameters, network(weights=lambda c, n: (3 * c + 1) * n), "9 weights"),
        (
            exercises.network_parameters,
            network(weights=lambda c, n: 9 * c * n + 1),
            "not one in all",
        ),
        (
            exercises.network_parameters,
            network(flatten=lambda side, c: side * c),
            "both sides count",
        ),
        (
            exercises.network_parameters,
            network(flatten=lambda side, c: side**2),
            "multiply by the channels",
        ),
        (exercises.network_parameters, network(dense=False), "Two dense layers follow"),
        (
            exercises.network_parameters,
            network(weights=lambda c, n: 0),
            "Those are the dense layers",
        ),
        (exercises.network_parameters, pooled_once, "not only the last one"),
        (
            exercises.smallest_loss,
            lambda k, best: np.log(1 + np.exp((1 - best) / (k - 1) - best)),
            "You counted one of them",
        ),
        (
            exercises.smallest_loss,
            lambda k, best: np.log(np.exp(best) + 1 - best) - best,
            "raises e to each",
        ),
        (exercises.smallest_loss, lambda k, best: np.log(k), "all probabilities are equal"),
        (
            exercises.worst_confusion,
            lambda m: np.add(where_largest(m), 1),
            "from 0, as an index does",
        ),
        (exercises.worst_confusion, last_of_equals, "not the last"),
        (exercises.worst_confusion, column_by_column, "row by row"),
        (
            exercises.worst_confusion,
            lambda m: (shares(m).sum(1).argmax(), shares(m)[shares(m).sum(1).argmax()].argmax()),
            "worst class first",
        ),
        (
            exercises.worst_confusion,
            lambda m: (*where_largest(m), shares(m).max()),
            "without the share",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(mnist.conv_parameters.reference(3, 3, 32), rel=1e-9),
        "The second softmax gets numbers from 0 to 1, so its largest probability stays small.",
        "Read it, and measure with and without the line it names.",
    ]
