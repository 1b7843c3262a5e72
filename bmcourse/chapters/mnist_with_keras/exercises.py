"""Exercises on MNIST with Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

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
    mistakes={
        "kernel_size**2 * in_channels * filters": "You counted the weights and forgot the biases: one for each filter.",
        "(kernel_size**2 + 1) * filters": "Every filter looks at all input channels, not at one.",
        "(kernel_size * in_channels + 1) * filters": "The window is a square: kernel_size times kernel_size weights.",
        "kernel_size**2 * in_channels * filters + 1": "There is one bias for each filter, not one for the layer.",
        "(kernel_size**2 + 1) * in_channels * filters": "The bias belongs to the filter. It is not repeated for every input channel.",
        "kernel_size**2 * in_channels * filters + in_channels": "There is one bias for each filter, not one for each input channel.",
        "kernel_size**2 * in_channels + filters": "Those are the weights of one filter. Each filter has its own.",
        "kernel_size**2 * in_channels + 1": "Those are the parameters of one filter. Multiply by the number of filters.",
        "(kernel_size**2 + in_channels + 1) * filters": "Each channel has a window of its own: multiply by the channels, don't add them.",
        "(2 * kernel_size * in_channels + 1) * filters": "The window is a square: kernel_size**2 weights, not twice kernel_size.",
        "kernel_size**2 * filters": "Every filter looks at all input channels, and it has a bias.",
        "kernel_size * in_channels * filters": "The window is a square: kernel_size**2 weights. And each filter has a bias.",
    },
)


def _image_cases(rng: np.random.Generator) -> list[Case]:
    shapes = [(1, 2, 2), (2, 3, 2), (3, 28, 28)]
    return [(rng.integers(0, 256, shape, dtype=np.uint8),) for shape in shapes]


ANY_SIZE = "The images may have any size, not only 28 × 28. Read it from images.shape."


prepare = Exercise(
    "prepare images",
    reference=lambda images: images[..., np.newaxis] / 255,
    cases=_image_cases,
    mistakes={
        "images / 255": "The channel axis is missing: it comes last.",
        "images[..., np.newaxis]": "The axis is there, but the values still run from 0 to 255.",
        "images[:, np.newaxis] / 255": "That puts the channels second, as PyTorch does. Keras wants them last.",
        "images[..., np.newaxis] // 255": "Whole-number division turns every grey into 0. Use / and not //.",
        "images[..., np.newaxis] / 256": "Divide by the largest possible value, 255, so that full ink becomes 1.",
        "images[..., np.newaxis] / images.max()": "Divide by 255, not by the largest value that this batch happens to hold.",
        "images.reshape(-1, 28, 28, 1) / 255": ANY_SIZE,
        "images.reshape(len(images), 28, 28, 1) / 255": ANY_SIZE,
        "images[np.newaxis] / 255": "You added the new axis in front. It must come last: (n, height, width, 1).",
        "images.reshape(len(images), -1) / 255": "That is flat, for a dense layer. A convolution wants (n, height, width, 1).",
        "images[..., np.newaxis] / 127.5 - 1": "That runs from -1 to 1. Here 0 stays 0, and 255 becomes 1.",
        "(images[..., np.newaxis] - images.mean()) / images.std()": "That is standardised. Here the values run from 0 to 1: divide by 255.",
        "(images[..., np.newaxis] - images.min()) / (images.max() - images.min())": "Divide by 255, whatever the darkest and brightest pixel of this batch are.",
        "images[..., np.newaxis] / images.max(axis=(1, 2))[:, None, None, None]": "Divide by 255, not by the largest value of each image.",
        "np.repeat(images[..., np.newaxis], 3, axis=-1) / 255": "Grey needs one channel, not three.",
        "images[:, :, np.newaxis] / 255": "You put the new axis before the width. It must come last: (n, height, width, 1).",
        "1 - images[..., np.newaxis] / 255": "You turned black and white around: 0 stays 0.",
    },
)


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _overflowing(logits: Array) -> Array:
    powers = np.exp(logits)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _right(logits: Array, y_true: Array) -> Array:
    return np.asarray(logits.argmax(axis=1) == y_true)


def _mean_of(values: Array, kept: Array, none: float | None = 0.0) -> float | None:
    return float(np.mean(values[kept])) if kept.any() else none


def _when_sure_of(chances: Array, logits: Array, y_true: Array, sure: float) -> float | None:
    return _mean_of(_right(logits, y_true), chances.max(axis=1) >= sure)


def _when_sure(logits: Array, y_true: Array, sure: float) -> float | None:
    return _when_sure_of(_softmax(logits), logits, y_true, sure)


def _sure_cases(rng: np.random.Generator) -> list[Case]:
    first = (np.array([[2.0, 0.0], [0.1, 0.0], [0.0, 3.0]]), np.array([0, 0, 0]), 0.8)
    none = (np.zeros((2, 4)), np.array([0, 1]), 0.9)
    one = (np.array([[1.0, 0.0]]), np.array([0]), 0.9)
    drawn = [
        (rng.normal(0, 2, (n, 5)), rng.integers(0, 5, n), sure)
        for n, sure in ((6, 0.5), (40, 0.4), (40, 0.7), (200, 0.6))
    ]
    equal = (np.zeros((2, 2)), np.array([0, 1]), 0.5)  # a probability of exactly 0.5
    large = (np.array([[1000.0, 0.0], [0.0, 0.1]]), np.array([0, 0]), 0.9)
    return [first, none, one, *drawn, equal, large]


EMPTY = "Right, but for one case: if no image is kept, there is no mean. Return 0."
ZERO = "Right, but for one case: if no image is kept, return 0."
SLIPS = {  # with a softmax of one's own that is right
    "float(np.mean(_right(logits, y_true) & (_softmax(logits).max(axis=1) >= sure)))": "You divided by all images. Divide by those that the network is sure of.",
    "_mean_of(_right(logits, y_true), _softmax(logits).max(axis=1) >= sure, float('nan'))": EMPTY,
    "_mean_of(_right(logits, y_true), _softmax(logits).max(axis=1) >= sure, 1.0)": ZERO,
    "_mean_of(_right(logits, y_true), _softmax(logits).max(axis=1) >= sure, None)": ZERO,
    "_mean_of(_right(logits, y_true), _softmax(logits)[np.arange(len(y_true)), y_true] >= sure)": "The threshold asks for the largest probability, not for that of the true class.",
    "_mean_of(_right(logits, y_true), _softmax(logits).max(axis=1) < sure)": "You kept the images of which the network is not sure.",
    "float(np.mean(_softmax(logits).max(axis=1) >= sure))": "That is the share of images that are kept. Asked is how many of those are right.",
    "int(np.sum(_right(logits, y_true) & (_softmax(logits).max(axis=1) >= sure)))": "That is a count. Divide by the number of images that are kept.",
    "_when_sure_of(_softmax(logits.T).T, logits, y_true, sure)": "Your softmax runs over the images. The classes of one image, a row, must sum to 1.",
    "_mean_of(_right(logits, y_true), _softmax(logits).max(axis=1) > sure)": "A probability equal to `sure` is kept, too: >= and not >.",
    "_mean_of(_softmax(logits).max(axis=1), _softmax(logits).max(axis=1) >= sure)": "That is how sure the network is of the kept images. Asked is how often it is right.",
    "_mean_of(~_right(logits, y_true), _softmax(logits).max(axis=1) >= sure)": "That is the share of mistakes. Return the share of right answers.",
    "float(np.sum(_right(logits, y_true) & (_softmax(logits).max(axis=1) >= sure)) / max(np.sum(_right(logits, y_true)), 1))": "You divided by all right answers. Divide by the number of images that are kept.",
}


accuracy_when_sure = Exercise(
    "accuracy when sure",
    reference=_when_sure,
    cases=_sure_cases,
    mistakes={
        **SLIPS,
        "_when_sure_of(logits, logits, y_true, sure)": "You compared logits with the threshold. Turn them into probabilities first.",
        "float(np.mean(_right(logits, y_true)))": "That is the accuracy on all images: the threshold is not used.",
        "_when_sure_of(1 / (1 + np.exp(-logits)), logits, y_true, sure)": "You took the sigmoid. With several classes, softmax gives the probabilities.",
        "_when_sure_of(np.exp(logits) / np.exp(logits).sum(), logits, y_true, sure)": "You divided by the sum of all numbers. Divide each row by its own sum: axis=1 and keepdims=True.",
        "_when_sure_of(_overflowing(logits), logits, y_true, sure)": "Right on paper, but exp(1000) overflows. Subtract the largest logit of each row first.",
        **{wrong.replace("_softmax", "_overflowing"): hint for wrong, hint in SLIPS.items()},
    },
)
