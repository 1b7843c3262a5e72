"""Exercises of chapter 11."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Exercise, Mistake

Array = npt.NDArray[Any]


def _flops(
    side: int, widths: Sequence[int], *, per_weight: int = 2, pool: int = 2, inputs: bool = True
) -> int:
    total, channels = 0, 3
    for filters in widths:
        window = 9 * (channels if inputs else 1)
        total += per_weight * window * filters * side * side
        channels, side = filters, side // pool
    return total


def _never_fewer_channels(side: int, widths: Sequence[int]) -> int:
    return sum(2 * 27 * f * (side // 2**i) ** 2 for i, f in enumerate(widths))


def _side_not_squared(side: int, widths: Sequence[int]) -> int:
    sides = [side // 2**i for i in range(len(widths))]
    channels = [3, *widths]
    return sum(18 * c * f * s for c, f, s in zip(channels, widths, sides, strict=False))


def _pooled_before(side: int, widths: Sequence[int]) -> int:
    return _flops(side // 2, widths)


network_flops = Exercise(
    "FLOPs of a network",
    reference=_flops,
    cases=lambda rng: [
        (4, (1,)),
        (4, (2, 5)),
        (32, (32, 64, 128)),
        *[(int(rng.integers(8, 40)), tuple(map(int, rng.integers(1, 9, 3)))) for _ in range(4)],
    ],
    mistakes=[
        Mistake(
            lambda side, widths: _flops(side, widths, per_weight=1),
            "A product and its sum are two operations.",
        ),
        Mistake(
            lambda side, widths: _flops(side, widths, pool=1),
            "The pooling after each convolution halves the side for the next one.",
        ),
        Mistake(
            lambda side, widths: _flops(side, widths, inputs=False),
            "Each window reads all channels that come in, not one.",
        ),
        Mistake(
            _never_fewer_channels,
            "The filters of one convolution are the input channels of the next.",
        ),
        Mistake(_side_not_squared, "There are side times side places for the window."),
        Mistake(
            _pooled_before,
            "The pooling comes after the convolution, which still sees the whole side.",
        ),
        Mistake(
            lambda side, widths: _flops(side, widths) // 3,
            "The window is a square: 3 times 3 weights for each channel, not 3.",
        ),
        Mistake(
            lambda side, widths: sum(18 * c * f for c, f in pairwise((3, *widths))),
            "Each weight is used at every place of the picture: multiply by side times side.",
        ),
    ],
)


def _smoothed(labels: Array, classes: int, smoothing: float) -> Array:
    return np.asarray((1 - smoothing) * np.eye(classes)[labels] + smoothing / classes)


def _loss(targets: Callable[[Array, int, float], Array]) -> Callable[[Array, Array, float], float]:
    def loss(logits: Array, labels: Array, smoothing: float) -> float:
        shifted = logits - logits.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        rows = -(targets(labels, logits.shape[1], smoothing) * logs).sum(axis=1)
        return float(rows.mean())

    return loss


def _spread_over_the_others(labels: Array, classes: int, smoothing: float) -> Array:
    hot = np.eye(classes)[labels]
    return np.asarray((1 - smoothing) * hot + smoothing / (classes - 1) * (1 - hot))


def _full_to_every_class(labels: Array, classes: int, smoothing: float) -> Array:
    return np.asarray((1 - smoothing) * np.eye(classes)[labels] + smoothing)


def _nothing_to_the_others(labels: Array, classes: int, smoothing: float) -> Array:
    return np.asarray((1 - smoothing) * np.eye(classes)[labels])


def _by_the_row(logits: Array, labels: Array, smoothing: float) -> list[float]:
    loss = _loss(_smoothed)
    pairs = zip(logits, labels, strict=True)
    return [loss(row[np.newaxis], np.array([label]), smoothing) for row, label in pairs]


def _logarithm_last(
    logits: Array, labels: Array, smoothing: float, *, raised: bool = True, edge: float = 0.0
) -> float:
    with np.errstate(all="ignore"):
        powers = np.exp(logits - (logits.max(axis=1, keepdims=True) if raised else 0))
        logs = np.log(np.clip(powers / powers.sum(axis=1, keepdims=True), edge, None))
        return float(-(_smoothed(labels, logits.shape[1], smoothing) * logs).sum(axis=1).mean())


CLIPPED = "Clipping the probability caps the loss. For a logit of 2000 it must be larger."
smoothed_loss = Exercise(
    "label-smoothed loss",
    reference=_loss(_smoothed),
    cases=lambda rng: [
        (np.log([[8.0, 1.0, 1.0]]), np.array([0]), 0.3),
        *[
            (rng.normal(0, 3, (n, k)), rng.integers(0, k, n), s)
            for n, k, s in ((2, 3, 0.1), (5, 10, 0.2), (20, 4, 0.5))
        ],
        (np.array([[2000.0, 0.0, 0.0]]), np.array([1]), 0.2),
    ],
    mistakes=[
        Mistake(
            _loss(_spread_over_the_others),
            "You shared the smoothing among the other classes. It goes to all classes, the true "
            "one included.",
        ),
        Mistake(
            _loss(_full_to_every_class),
            "Divide the smoothing by the number of classes, so that a row of targets sums to 1.",
        ),
        Mistake(
            _loss(_nothing_to_the_others),
            "You took the smoothing away from the true class and gave it to nobody.",
        ),
        Mistake(
            _loss(lambda labels, classes, smoothing: np.eye(classes)[labels]),
            "That is the plain cross-entropy: the smoothing is not used.",
        ),
        Mistake(
            lambda logits, labels, smoothing: (
                len(labels) * _loss(_smoothed)(logits, labels, smoothing)
            ),
            "You summed over the examples. Take their mean.",
        ),
        Mistake(_by_the_row, "That is one loss for each example. Take their mean."),
        Mistake(
            lambda logits, labels, smoothing: -_loss(_smoothed)(logits, labels, smoothing),
            "The sign: logarithms of probabilities are negative, and the loss is minus that.",
        ),
        Mistake(
            partial(_logarithm_last, raised=False),
            "Right on paper, but exp(2000) overflows. Subtract the largest logit of each row.",
        ),
        Mistake(
            _logarithm_last,
            "A probability that became 0 has no logarithm. With the largest z subtracted, the "
            "logarithm of softmax is z - log(sum(exp(z))).",
        ),
        Mistake(partial(_logarithm_last, edge=1e-7), CLIPPED),
        Mistake(partial(_logarithm_last, edge=1e-12), CLIPPED),
    ],
)


def _running(values: Array, momentum: float, start: float = 0.0) -> Array:
    averages = []
    for value in values:
        start = momentum * start + (1 - momentum) * value
        averages.append(start)
    return np.array(averages)


def _corrected(values: Array, momentum: float, first: int = 1) -> Array:
    steps = np.arange(first, first + len(values))
    return np.asarray(_running(values, momentum) / (1 - momentum**steps))


def _corrected_too_early(values: Array, momentum: float) -> Array:
    average, averages = 0.0, []
    for step, value in enumerate(values, start=1):
        average = (momentum * average + (1 - momentum) * value) / (1 - momentum**step)
        averages.append(average)
    return np.array(averages)


averaged = Exercise(
    "corrected moving average",
    reference=_corrected,
    cases=lambda rng: [
        (np.array([4.0, 4.0, 4.0]), 0.5),
        (np.array([1.0, 2.0, 3.0]), 0.5),
        *[(rng.normal(2, 1, n), float(rng.uniform(0.6, 0.95))) for n in (2, 5, 9)],
    ],
    mistakes=[
        Mistake(
            _running,
            "The first averages are too near to 0, where you began. Divide by "
            "1 - momentum ** step.",
        ),
        Mistake(
            lambda values, momentum: _corrected(values, 1 - momentum),
            "Momentum is the weight of the old average, not of the new value.",
        ),
        Mistake(
            lambda values, momentum: _running(values, momentum, start=values[0]),
            "You began at the first value, which then counts too much. Begin at 0, then correct.",
        ),
        Mistake(
            lambda values, momentum: _corrected(values, momentum, first=2),
            "Count the steps from 1: after the first value, the correction is 1 - momentum.",
        ),
        Mistake(
            lambda values, momentum: np.cumsum(values) / np.arange(1, len(values) + 1),
            "That is the plain mean of all values so far. Old values should fade.",
        ),
        Mistake(
            lambda values, momentum: _corrected(values, momentum)[-1],
            "Return the average after every step, not only the last one.",
        ),
        Mistake(
            _corrected_too_early,
            "Keep the average uncorrected for the next step. Correct only what you return.",
        ),
        Mistake(
            lambda values, momentum: _running(values, momentum) / (1 - momentum),
            "That is the correction of the first step. After step k it is 1 - momentum ** k.",
        ),
        Mistake(
            lambda values, momentum: _corrected(values, momentum) / (1 - momentum),
            "The new value gets the weight 1 - momentum.",
        ),
    ],
)


def _price(
    forward: float, images: int, epochs: int, speed: float, price: float, passes: int = 3
) -> float:
    return passes * forward * images * epochs / speed / 3600 * price


training_price = Exercise(
    "price of a training",
    reference=_price,
    cases=lambda rng: [
        (1e6, 1000, 1, 1e9, 3600.0),
        (4e7, 50_000, 8, 2e10, 0.05),
        *[
            (float(rng.uniform(1e6, 1e8)), int(rng.integers(1000, 9000)), 5, 1e10, 0.1)
            for _ in range(3)
        ],
    ],
    mistakes=[
        Mistake(
            lambda forward, images, epochs, speed, price: _price(
                forward, images, epochs, speed, price, passes=1
            ),
            "That is inference. Training adds two passes of about the same work backward.",
        ),
        Mistake(
            lambda forward, images, epochs, speed, price: _price(
                forward, images, epochs, speed, price, passes=2
            ),
            "The way back costs two passes, one for the inputs and one for the weights: 3 in all.",
        ),
        Mistake(
            lambda forward, images, epochs, speed, price: (
                3600 * _price(forward, images, epochs, speed, price)
            ),
            "The price is for an hour, and you have seconds.",
        ),
        Mistake(
            lambda forward, images, epochs, speed, price: _price(forward, images, 1, speed, price),
            "You paid for one epoch. The images are seen once in each epoch.",
        ),
        Mistake(
            lambda forward, images, epochs, speed, price: _price(forward, 1, epochs, speed, price),
            "You paid for one image. Multiply by the number of images.",
        ),
        Mistake(
            lambda forward, images, epochs, speed, price: _price(forward, images, epochs, speed, 1),
            "Those are the hours. Multiply by the price of one.",
        ),
    ],
)
