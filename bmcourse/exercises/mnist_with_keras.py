"""Exercises of chapter 8."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake

Array = npt.NDArray[Any]


def _conv_cases(rng: np.random.Generator) -> list[Case]:
    small = [(1, 1, 1), (3, 1, 32), (3, 32, 64), (5, 3, 8)]
    return small + [tuple(int(n) for n in rng.integers(1, 9, 3)) for _ in range(5)]


conv_parameters = Exercise(
    "parameters of a convolution",
    reference=lambda kernel_size, in_channels, filters: (
        (kernel_size**2 * in_channels + 1) * filters
    ),
    cases=_conv_cases,
    mistakes=[
        Mistake(
            lambda kernel_size, in_channels, filters: kernel_size**2 * in_channels * filters,
            "You counted the weights and forgot the biases: one for each filter.",
        ),
        Mistake(
            lambda kernel_size, in_channels, filters: (kernel_size**2 + 1) * filters,
            "Every filter looks at all input channels, not at one.",
        ),
        Mistake(
            lambda kernel_size, in_channels, filters: (kernel_size * in_channels + 1) * filters,
            "The window is a square: kernel_size times kernel_size weights.",
        ),
        Mistake(
            lambda kernel_size, in_channels, filters: kernel_size**2 * in_channels * filters + 1,
            "There is one bias for each filter, not one for the layer.",
        ),
        Mistake(
            lambda kernel_size, in_channels, filters: (kernel_size**2 + 1) * in_channels * filters,
            "The bias belongs to the filter. It is not repeated for every input channel.",
        ),
    ],
)


def _image_cases(rng: np.random.Generator) -> list[Case]:
    shapes = [(1, 2, 2), (2, 3, 2), (3, 28, 28)]
    return [(rng.integers(0, 256, shape, dtype=np.uint8),) for shape in shapes]


prepare = Exercise(
    "prepare images",
    reference=lambda images: images[..., np.newaxis] / 255,
    cases=_image_cases,
    mistakes=[
        Mistake(lambda images: images / 255, "The channel axis is missing: it comes last."),
        Mistake(
            lambda images: images[..., np.newaxis],
            "The axis is there, but the values still run from 0 to 255.",
        ),
        Mistake(
            lambda images: images[:, np.newaxis] / 255,
            "That puts the channels second, as PyTorch does. Keras wants them last.",
        ),
        Mistake(
            lambda images: images[..., np.newaxis] // 255,
            "Whole-number division turns every grey into 0. Use / and not //.",
        ),
        Mistake(
            lambda images: images[..., np.newaxis] / 256,
            "Divide by the largest possible value, 255, so that full ink becomes 1.",
        ),
        Mistake(
            lambda images: images[..., np.newaxis] / images.max(),
            "Divide by 255, not by the largest value that this batch happens to hold.",
        ),
    ],
)


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _when_sure(logits: Array, y_true: Array, sure: float) -> float:
    kept = _softmax(logits).max(axis=1) >= sure
    right = logits.argmax(axis=1) == y_true
    return float(np.mean(right[kept])) if kept.any() else 0.0


def _all_in_the_denominator(logits: Array, y_true: Array, sure: float) -> float:
    kept = _softmax(logits).max(axis=1) >= sure
    return float(np.mean((logits.argmax(axis=1) == y_true) & kept))


def _threshold_on_logits(logits: Array, y_true: Array, sure: float) -> float:
    kept = logits.max(axis=1) >= sure
    return float(np.mean((logits.argmax(axis=1) == y_true)[kept])) if kept.any() else 0.0


def _nothing_is_nan(logits: Array, y_true: Array, sure: float) -> float:
    kept = _softmax(logits).max(axis=1) >= sure
    return _when_sure(logits, y_true, sure) if kept.any() else float("nan")


def _threshold_on_truth(logits: Array, y_true: Array, sure: float) -> float:
    kept = _softmax(logits)[np.arange(len(y_true)), y_true] >= sure
    return float(np.mean((logits.argmax(axis=1) == y_true)[kept])) if kept.any() else 0.0


def _unsure_ones(logits: Array, y_true: Array, sure: float) -> float:
    kept = _softmax(logits).max(axis=1) < sure
    return float(np.mean((logits.argmax(axis=1) == y_true)[kept])) if kept.any() else 0.0


def _sure_cases(rng: np.random.Generator) -> list[Case]:
    first = (np.array([[2.0, 0.0], [0.1, 0.0], [0.0, 3.0]]), np.array([0, 0, 0]), 0.8)
    none = (np.zeros((2, 4)), np.array([0, 1]), 0.9)
    drawn = [
        (rng.normal(0, 2, (n, 5)), rng.integers(0, 5, n), sure)
        for n, sure in ((6, 0.5), (40, 0.4), (40, 0.7), (200, 0.6))
    ]
    return [first, none, *drawn]


accuracy_when_sure = Exercise(
    "accuracy when sure",
    reference=_when_sure,
    cases=_sure_cases,
    mistakes=[
        Mistake(
            _all_in_the_denominator,
            "You divided by all images. Divide by those that the network is sure of.",
        ),
        Mistake(
            _threshold_on_logits,
            "You compared logits with the threshold. Turn them into probabilities first.",
        ),
        Mistake(
            _nothing_is_nan,
            "Right, but for one case: if no image is kept, there is no mean. Return 0.",
        ),
        Mistake(
            _threshold_on_truth,
            "The threshold asks for the largest probability, not for that of the true class.",
        ),
        Mistake(_unsure_ones, "You kept the images of which the network is not sure."),
        Mistake(
            lambda logits, y_true, sure: float(np.mean(logits.argmax(axis=1) == y_true)),
            "That is the accuracy on all images: the threshold is not used.",
        ),
    ],
)
