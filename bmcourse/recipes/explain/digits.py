"""The digits' networks in the course's own layers: scores, gradients, shuffled weights, a mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.recipes.vision.remedies import Remedy, small_network

Array = npt.NDArray[Any]
MARK = (slice(1, 3), slice(1, 3))  # four pixels near the left upper corner


class GuidedReLU(nn.ReLU):
    """A ReLU that hands back only what is positive. This is no derivative any more.

    Springenberg and others, "Striving for Simplicity: The All Convolutional Net", 2015.
    """

    def backward(self, dy: npt.ArrayLike) -> Array:
        """Return the positive part of dy where x is positive, else 0."""
        return super().backward(np.maximum(np.asarray(dy), 0))


def article_network(weights: Mapping[str, npt.ArrayLike], guided: bool = False) -> nn.Sequential:
    """Return the article's network for digits with stored weights.

    Parameters
    ----------
    weights : mapping of str to array_like
        Kernel and bias of three convolutions and two dense layers, in this order.
    guided : bool
        With `GuidedReLU` in place of ReLU: the same answers, other "gradients".
    """
    relu = GuidedReLU if guided else nn.ReLU
    layers: list[nn.Layer] = [nn.Conv2D(1, 32, 3), relu(), nn.MaxPool2D(2)]
    layers += [nn.Conv2D(32, 64, 3), relu(), nn.MaxPool2D(2), nn.Conv2D(64, 64, 3), relu()]
    layers += [nn.Flatten(), nn.Dense(576, 64), relu(), nn.Dense(64, 10)]
    model = nn.Sequential(layers)
    for value, (name, stored) in zip(model.params.values(), weights.items(), strict=True):
        found = np.asarray(stored)
        if found.shape != value.shape:
            checks.fail("weights", f"{name} of shape {value.shape}", found.shape)
        value[...] = found
    return model


def shuffled(
    weights: Mapping[str, npt.ArrayLike], rng: np.random.Generator | int, last: int | None = None
) -> dict[str, Array]:
    """Return weights of which each array is put into a random order.

    Parameters
    ----------
    last : int, optional
        Only the last so many arrays; all of them if left out.
    """
    dice, names = checks.generator("rng", rng), list(weights)
    chosen = names if last is None else names[len(names) - checks.integer("last", last) :]
    arrays = {name: np.asarray(values) for name, values in weights.items()}
    for name in chosen:
        arrays[name] = dice.permutation(arrays[name].ravel()).reshape(arrays[name].shape)
    return arrays


@dataclass(frozen=True)
class Judged:
    """A network, and for each image the class whose score is explained.

    All three methods take images (batch, height, width, 1), one for each class in `classes`.
    """

    model: nn.Sequential
    classes: npt.NDArray[np.int64]

    def logit(self, images: npt.ArrayLike) -> Array:
        """Return the logit of each image's class, shape (batch,)."""
        logits = self.model.forward(np.asarray(images, dtype=np.float32))
        return np.asarray(logits[np.arange(len(logits)), self.classes], dtype=float)

    def probability(self, images: npt.ArrayLike) -> Array:
        """Return the probability of each image's class, shape (batch,)."""
        logits = self.model.forward(np.asarray(images, dtype=np.float32)).astype(float)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers[np.arange(len(powers)), self.classes] / powers.sum(axis=1))

    def gradient(self, images: npt.ArrayLike) -> Array:
        """Return the derivative of each image's logit by its pixels, of the images' shape."""
        logits = self.model.forward(np.asarray(images, dtype=np.float32), training=True)
        upstream = np.zeros_like(logits)
        upstream[np.arange(len(logits)), self.classes] = 1
        return np.asarray(self.model.backward(upstream))


def marked(images: Array, rows: Any) -> Array:
    """Return a copy in which the images of these rows have the mark: four black pixels."""
    found = images.copy()
    found[rows, *MARK] = 1
    return found


def train_small(images: Array, labels: Array, seed: int, epochs: int = 2) -> nn.Sequential:
    """Train the small network for images of 14 x 14 pixels with Adam; the seed decides all."""
    rng = np.random.default_rng(seed)
    model = small_network(Remedy(), rng)
    model.fit(
        images,
        labels,
        loss=nn.SparseCategoricalCrossentropy(),
        optimizer=nn.Adam(0.003),
        epochs=epochs,
        batch_size=64,
        rng=rng,
        threads=1,
    )
    return model
