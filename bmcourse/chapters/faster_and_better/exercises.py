"""Exercises on fast training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.faster_and_better.work_and_price import network_flops, training_price
from bmcourse.exercises import Exercise

__all__ = ["averaged", "network_flops", "smoothed_loss", "training_price"]

Array = npt.NDArray[Any]


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
    logits: Array,
    labels: Array,
    smoothing: float,
    *,
    raised: bool = True,
    edge: float = 0.0,
    added: float = 0.0,
) -> float:
    with np.errstate(all="ignore"):
        powers = np.exp(logits - (logits.max(axis=1, keepdims=True) if raised else 0))
        logs = np.log(np.clip(powers / powers.sum(axis=1, keepdims=True) + added, edge, None))
        return float(-(_smoothed(labels, logits.shape[1], smoothing) * logs).sum(axis=1).mean())


SMALL = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
CLIPPED = "A smallest probability caps the loss. For a logit of 2000 it must be larger."


def _true_class_left_out(labels: Array, classes: int, smoothing: float) -> Array:
    return np.where(np.eye(classes)[labels] == 1, 1 - smoothing, smoothing / classes)


def _one_sum_for_all(logits: Array, labels: Array, smoothing: float) -> float:
    logs = np.log(np.exp(logits) / np.exp(logits).sum())
    return float(-(_smoothed(labels, logits.shape[1], smoothing) * logs).sum(axis=1).mean())


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
    mistakes={
        "_loss(_spread_over_the_others)(logits, labels, smoothing)": "You shared the smoothing among the other classes. It goes to all classes, the true one included.",
        "_loss(_full_to_every_class)(logits, labels, smoothing)": "Divide the smoothing by the number of classes, so that a row of targets sums to 1.",
        "_loss(_nothing_to_the_others)(logits, labels, smoothing)": "You took the smoothing away from the true class and gave it to nobody.",
        "_loss(lambda labels, classes, smoothing: np.eye(classes)[labels])(logits, labels, smoothing)": "That is the plain cross-entropy: the smoothing is not used.",
        "len(labels) * _loss(_smoothed)(logits, labels, smoothing)": "You summed over the examples. Take their mean.",
        _by_the_row: "That is one loss for each example. Take their mean.",
        "-_loss(_smoothed)(logits, labels, smoothing)": "The sign: logarithms of probabilities are negative, and the loss is minus that.",
        "_logarithm_last(logits, labels, smoothing, raised=False)": "Right on paper, but exp(2000) overflows. Subtract the largest logit of each row.",
        _logarithm_last: "A probability that became 0 has no logarithm. With the largest z subtracted, the logarithm of softmax is z - log(sum(exp(z))).",
        **{f"_logarithm_last(logits, labels, smoothing, edge={small})": CLIPPED for small in SMALL},
        **{
            f"_logarithm_last(logits, labels, smoothing, added={small})": CLIPPED for small in SMALL
        },
        "_loss(_smoothed)(logits, labels, smoothing) / logits.shape[1]": "np.mean over all numbers divides by the classes, too. Add up each row, then take the mean.",
        "_loss(lambda labels, classes, smoothing: _smoothed(labels, classes, 1 - smoothing))(logits, labels, smoothing)": "Smoothing is the share that is spread. The true class keeps 1 - smoothing.",
        "_loss(lambda labels, classes, smoothing: np.eye(classes)[labels] + smoothing / classes)(logits, labels, smoothing)": "Take the smoothing away from the true class first: 1 - smoothing, plus smoothing / classes.",
        "_loss(_true_class_left_out)(logits, labels, smoothing)": "The true class gets its part of the smoothing, too: 1 - smoothing + smoothing / classes.",
        "float(-(_smoothed(labels, logits.shape[1], smoothing) * logits).sum(axis=1).mean())": "Logits are not logarithms of probabilities. Subtract log(sum(exp(z))) of each row first.",
        _one_sum_for_all: "Each row has a softmax of its own: sum along axis=1, with keepdims=True.",
    },
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
    mistakes={
        _running: "The first averages are too near to 0, where you began. Divide by 1 - momentum ** step.",
        "_corrected(values, 1 - momentum)": "Momentum is the weight of the old average, not of the new value.",
        "_running(values, momentum, start=values[0])": "You began at the first value, which then counts too much. Begin at 0, then correct.",
        "_corrected(values, momentum, first=2)": "Count the steps from 1: after the first value, the correction is 1 - momentum.",
        "np.cumsum(values) / np.arange(1, len(values) + 1)": "That is the plain mean of all values so far. Old values should fade.",
        "_corrected(values, momentum)[-1]": "Return the average after every step, not only the last one.",
        _corrected_too_early: "Keep the average uncorrected for the next step. Correct only what you return.",
        "_running(values, momentum) / (1 - momentum)": "That is the correction of the first step. After step k it is 1 - momentum ** k.",
        "_corrected(values, momentum) / (1 - momentum)": "The new value gets the weight 1 - momentum.",
        "_running(values, momentum) / (1 - momentum ** len(values))": "Each average has a k of its own: the first is divided by 1 - momentum ** 1, and so on.",
        "_running(values, momentum) * (1 - momentum ** np.arange(1, len(values) + 1))": "You multiplied by the correction. Divide: the first averages are too small.",
        "_running(values, momentum) / momentum ** np.arange(1, len(values) + 1)": "If every value is 1, the average after k steps is 1 - momentum ** k. Divide by that.",
        "_running(values, momentum) / (1 - momentum * np.arange(1, len(values) + 1))": "momentum to the power k is momentum ** k, with two stars. You multiplied.",
        "np.append(0, _corrected(values, momentum))": "One average after each value: leave out the 0 at which you began.",
        "_corrected(values, momentum, first=0)": "Count the steps from 1: after the first value, the correction is 1 - momentum.",
        "_running(values, 1 - momentum)": "Momentum is the weight of the old average. And the first averages need the correction.",
        "_running(values, momentum)[-1]": "Return the average after every step, not only the last one. And correct each.",
    },
)
