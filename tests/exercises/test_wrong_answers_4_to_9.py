"""Natural wrong answers of chapters 4 to 9: each gets a hint, not two numbers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import (
    backprop_through_convolution,
    cifar10_with_keras,
    convolution_and_pooling,
    gradient_descent,
    mnist_with_keras,
    numpy_cnn_on_mnist,
)
from bmcourse.exercises.checker import Exercise

Array = Any


def by_step(step: Callable[[float, float, float], float]) -> Any:
    def attempt(w: float, curvature: float, rate: float, steps: int) -> float:
        for _ in range(steps):
            w -= step(w, curvature, rate)
        return w

    return attempt


def adam(
    power: int = 2,
    rate: float = 0.01,
    corrections: Callable[[int], tuple[float, float]] = lambda t: (1 - 0.9**t, 1 - 0.999**t),
) -> Any:
    def attempt(w: float, g: float, m: float, s: float, t: int) -> tuple[float, float, float]:
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**power
        first, second = corrections(t)
        return w - rate * (m / first) / (np.sqrt(s / second) + 1e-7), m, s

    return attempt


def jumping(jump_on: Callable[[int, int], int], field: int = 1) -> Any:
    def attempt(layers: list[tuple[int, int]]) -> int:
        seen, jump = field, 1
        for k, s in layers:
            seen += (k - 1) * jump
            jump = jump_on(jump, s)
        return seen

    return attempt


def scattered(place: Callable[[int, int, int], int], passed: bool = True, left: int = 0) -> Any:
    def attempt(g: Array, k: Array, stride: int, n: int) -> Array:
        dx = np.zeros(n)
        for i in range(len(g) - left):
            for a in range(len(k)):
                if place(i, a, stride) < n:
                    dx[place(i, a, stride)] += (g[i] if passed else 1) * k[a]
        return dx

    return attempt


def pooled(start: Callable[[Array], Array], place: Callable[..., Any]) -> Any:
    def attempt(x: Array, g: Array) -> Array:
        dx = start(x)
        for i in range(g.shape[0]):
            for j in range(g.shape[1]):
                window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                a, b = np.unravel_index(np.argmax(window), (2, 2))
                dx[place(i, j, a, b)] = g[i, j]
        return dx

    return attempt


def down_the_columns(x: Array, g: Array) -> Array:
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*g.shape):
        window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        b, a = np.unravel_index(np.argmax(window.T), (2, 2))
        dx[2 * i + a, 2 * j + b] = g[i, j]
    return dx


def pools(z: Array) -> Array:
    return z.reshape(len(z) // 2, 2, -1, 2)


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


def sure_of(
    answer: Callable[[Array, Array, Array], Any], none: Any = 0, strict: bool = False
) -> Any:
    def attempt(logits: Array, y_true: Array, sure: float) -> Any:
        powers = np.exp(logits)
        chances = (powers / powers.sum(axis=1, keepdims=True)).max(axis=1)
        kept = chances > sure if strict else chances >= sure
        return answer(logits.argmax(axis=1) == y_true, kept, chances) if kept.any() else none

    return attempt


def share_of_right(right: Array, kept: Array, chances: Array) -> Any:
    return np.mean(right[kept])


def shares(matrix: Array) -> Array:
    found = matrix / matrix.sum(axis=1, keepdims=True)
    np.fill_diagonal(found, 0)
    return found


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


def where_largest(matrix: Array) -> Any:
    return np.unravel_index(shares(matrix).argmax(), matrix.shape)


STEP, RATE = gradient_descent.descend, gradient_descent.largest_rate
ADAM, LEAKY = gradient_descent.adam_step, gradient_descent.leaky_deviation
SIZE, FIELD = convolution_and_pooling.output_size, convolution_and_pooling.receptive_field
FILTER = backprop_through_convolution.filter_gradient
SIGNAL = backprop_through_convolution.signal_gradient
POOL = backprop_through_convolution.pool_backward
FLOPS, BATCH = numpy_cnn_on_mnist.conv_flops, numpy_cnn_on_mnist.whole_gradient
RELU = numpy_cnn_on_mnist.pooled_relu
COUNT, IMAGES = mnist_with_keras.conv_parameters, mnist_with_keras.prepare
SURE = mnist_with_keras.accuracy_when_sure
NETWORK, TWICE = cifar10_with_keras.network_parameters, cifar10_with_keras.smallest_loss
CONFUSED = cifar10_with_keras.worst_confusion


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (STEP, by_step(lambda w, c, r: r * c), "c w, not c"),
        (STEP, by_step(lambda w, c, r: r * w), "curvature is missing"),
        (STEP, by_step(lambda w, c, r: c * w), "learning rate is missing"),
        (STEP, by_step(lambda w, c, r: r * c * w / 2), "no half is left"),
        (STEP, lambda w, c, r, n: c * (w * (1 - r * c) ** n) ** 2 / 2, "That is the loss"),
        (RATE, lambda h: 2 / np.sqrt(np.sum(h**2)), "norm of the whole matrix"),
        (RATE, lambda h: 2 / (np.linalg.eigvalsh(h)[[0, -1]].sum()), "converges fastest"),
        (RATE, lambda h: 0.5 / np.linalg.eigvalsh(h).max(), "above the line"),
        (RATE, lambda h: 2 / np.linalg.eig(h)[0][-1], "no certain order"),
        (ADAM, adam(rate=0.001), "rate is 0.01"),
        (ADAM, adam(corrections=lambda t: (1 - 0.9**t, 1)), "the first memory only"),
        (ADAM, adam(corrections=lambda t: (1, 1 - 0.999**t)), "the second memory only"),
        (ADAM, adam(power=1), "squares"),
        (ADAM, adam(corrections=lambda t: (1 - 0.9, 1 - 0.999)), "correction of step 1"),
        (ADAM, adam(corrections=lambda t: (1 - 0.9 * t, 1 - 0.999 * t)), "two stars"),
        (ADAM, adam(corrections=lambda t: (1 - 0.9 ** (t - 1), 1 - 0.999 ** (t - 1))), "not t - 1"),
        (LEAKY, lambda n, slope: np.sqrt(2 / (1 + slope**2) * n), "n stands above the line"),
        (LEAKY, lambda n, slope: np.sqrt(2 / (1 + slope**2 * n)), "brackets around the sum"),
        (LEAKY, lambda n, slope: np.sqrt(2 / ((1 + slope) ** 2 * n)), "Square the slope alone"),
        (LEAKY, lambda n, slope: n**-0.5, "slope of 1 only"),
        (SIZE, lambda n, k, s, p: -(-n // s) if p == "valid" else (n - k) // s + 1, "are swapped"),
        (SIZE, lambda n, k, s, p: n // s + 1 if p == "same" else (n - k) // s + 1, "one too many"),
        (FIELD, jumping(lambda jump, s: jump * s, field=0), "Begin at 1"),
        (FIELD, jumping(lambda jump, s: s), "not jump = s"),
        (FIELD, jumping(lambda jump, s: jump + s), "not jump += s"),
        (FILTER, lambda x, g: np.correlate(x, g, "same"), "hangs over the ends"),
        (FILTER, lambda x, g: np.correlate(x, g).sum(), "a sum of its own"),
        (FILTER, lambda x, g: np.convolve(x, g**0, "valid"), "upstream gradient is missing"),
        (SIGNAL, scattered(lambda i, a, s: i * s + a, passed=False), "upstream gradient"),
        (SIGNAL, scattered(lambda i, a, s: i * s + a, left=1), "last output is missing"),
        (SIGNAL, scattered(lambda i, a, s: i + a * s), "moves the window"),
        (POOL, pooled(np.copy, lambda i, j, a, b: (2 * i + a, 2 * j + b)), "Begin with zeros"),
        (POOL, pooled(np.zeros_like, lambda i, j, a, b: (2 * i + b, 2 * j + a)), "are swapped"),
        (POOL, pooled(np.zeros_like, lambda i, j, a, b: (i + a, j + b)), "double i and j"),
        (POOL, down_the_columns, "column by column"),
        (POOL, lambda x, g: (x == x.max()) * g.repeat(2, 0).repeat(2, 1), "the whole map"),
        (FLOPS, lambda h, w, c, f, k: (h - 2) * (w - 2) * f * (2 * k * k * c + 1), "always 3 × 3"),
        (FLOPS, lambda h, w, c, f, k: (h - k + 1) ** 2 * f * (2 * k**2 * c + 1), "be a square"),
        (
            FLOPS,
            lambda h, w, c, f, k: (h - k + 1) * (w - k + 1) * f * c * (2 * k**2 + 1),
            "every input channel",
        ),
        (
            FLOPS,
            lambda h, w, c, f, k: (h - k + 1) * (w - k + 1) * f * (2 * k**2 * c - 1),
            "a sum for each weight",
        ),
        (BATCH, lambda g1, n1, g2, n2: (n1 * g1 + n2 * g2) / (n1 * n2), "not by the product"),
        (BATCH, lambda g1, n1, g2, n2: n1 * g1 + n2 * g2 / (n1 + n2), "Brackets are missing"),
        (BATCH, lambda g1, n1, g2, n2: (g1 / n1 + g2 / n2) / (n1 + n2), "you divided once more"),
        (BATCH, lambda g1, n1, g2, n2: (g1 / n1 + g2 / n2) / 2, "you divided once more"),
        (RELU, lambda z, b: np.maximum(pools(z).sum(axis=(1, 3)) + b, 0), "added up each pool"),
        (RELU, lambda z, b: np.maximum(pools(z).max(axis=(1, 3)) - b, 0), "not subtracted"),
        (RELU, lambda z, b: np.maximum(pools(z).max(axis=(1, 3)), b), "compares with the bias"),
        (
            RELU,
            lambda z, b: np.maximum(pools(np.maximum(z, 0)).max(axis=(1, 3)) + b, 0),
            "One ReLU only",
        ),
        (COUNT, lambda k, c, f: (k * k + c + 1) * f, "multiply by the channels"),
        (COUNT, lambda k, c, f: 2 * k * c * f + f, "not twice"),
        (COUNT, lambda k, c, f: k**2 * f, "all input channels, and"),
        (COUNT, lambda k, c, f: k * c * f, "And each filter has a bias"),
        (IMAGES, lambda x: (x[..., None] - np.mean(x)) / np.std(x), "standardised"),
        (IMAGES, lambda x: (x[..., None] - x.min()) / np.ptp(x), "darkest and brightest"),
        (
            IMAGES,
            lambda x: np.array([image[..., None] / image.max() for image in x]),
            "largest value of each image",
        ),
        (IMAGES, lambda x: np.stack([x, x, x], axis=-1) / 255, "one channel"),
        (IMAGES, lambda x: np.expand_dims(x, 2) / 255, "before the width"),
        (IMAGES, lambda x: 1 - x[..., None] / 255, "black and white"),
        (SURE, sure_of(share_of_right, strict=True), ">= and not >"),
        (SURE, sure_of(lambda right, kept, p: np.mean(p[kept])), "how sure"),
        (SURE, sure_of(lambda right, kept, p: np.mean(~right[kept])), "share of mistakes"),
        (
            SURE,
            sure_of(lambda right, kept, p: sum(right & kept) / max(sum(right), 1)),
            "by all right answers",
        ),
        (SURE, sure_of(share_of_right, none=1), "return 0"),
        (SURE, sure_of(share_of_right, none=None), "return 0"),
        (NETWORK, network(shrink=lambda side: (side - 2) / 2), "so use //"),
        (NETWORK, network(shrink=lambda side: round((side - 2) / 2)), "not to the nearest"),
        (NETWORK, network(shrink=lambda side: -(-(side - 2) // 2)), "rounded down"),
        (NETWORK, network(shrink=lambda side: side / 2), "Follow the side"),
        (NETWORK, network(weights=lambda c, n: (3 * c + 1) * n), "9 weights"),
        (NETWORK, network(weights=lambda c, n: 9 * c * n + 1), "not one in all"),
        (NETWORK, network(flatten=lambda side, c: side * c), "both sides count"),
        (NETWORK, network(flatten=lambda side, c: side**2), "multiply by the channels"),
        (NETWORK, network(dense=False), "Two dense layers follow"),
        (NETWORK, network(weights=lambda c, n: 0), "Those are the dense layers"),
        (NETWORK, pooled_once, "not only the last one"),
        (
            TWICE,
            lambda k, best: np.log(1 + np.exp((1 - best) / (k - 1) - best)),
            "You counted one of them",
        ),
        (TWICE, lambda k, best: np.log(np.exp(best) + 1 - best) - best, "raises e to each"),
        (TWICE, lambda k, best: np.log(k), "all probabilities are equal"),
        (CONFUSED, lambda m: np.add(where_largest(m), 1), "from 0, as an index does"),
        (CONFUSED, last_of_equals, "not the last"),
        (CONFUSED, column_by_column, "row by row"),
        (
            CONFUSED,
            lambda m: (shares(m).sum(1).argmax(), shares(m)[shares(m).sum(1).argmax()].argmax()),
            "worst class first",
        ),
        (CONFUSED, lambda m: (*where_largest(m), shares(m).max()), "without the share"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    verdict = exercise.judge(attempt)
    assert verdict.status == "wrong"
    assert told in verdict.message
