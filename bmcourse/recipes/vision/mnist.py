"""Models for MNIST: the article's network, and one that learns faster."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from bmcourse.recipes.one_cycle import OneCycle

FAST_BATCH = 128


def as_input(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Scale grey images to [0, 1] and add the channel axis.

    Parameters
    ----------
    images : ndarray of shape (n, 28, 28), dtype uint8

    Returns
    -------
    ndarray of shape (n, 28, 28, 1), dtype float32
    """
    return images[..., np.newaxis].astype(np.float32) / np.float32(255)


def article_model() -> keras.Model:
    """Build and compile the network of article 000 §5, with logits as its output."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ],
        name="article",
    )
    return _compile(model, keras.optimizers.Adam())


def fast_model(images: int, epochs: int = 2) -> keras.Model:
    """Build and compile a smaller network that learns in fewer steps.

    Half the filters, batch normalisation, and a learning rate that rises and falls; train it
    with batches of `FAST_BATCH`.

    Parameters
    ----------
    images : int
        Number of training images: the schedule must know how many steps there will be.
    epochs : int
        Number of epochs.
    """
    stages: list[layers.Layer] = [keras.Input((28, 28, 1))]
    for filters, pool in ((16, True), (32, True), (64, False)):
        stages.append(layers.Conv2D(filters, 3, use_bias=False))
        if pool:
            stages.append(layers.MaxPooling2D(2))
        stages += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    model = keras.Sequential([*stages, layers.Flatten(), layers.Dense(10)], name="fast")
    steps = epochs * -(-images // FAST_BATCH)
    return _compile(model, keras.optimizers.Adam(OneCycle(peak=0.01, steps=steps)))


def _compile(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> keras.Model:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model
