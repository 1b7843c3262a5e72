"""Models for CIFAR-10: the article's network."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt
from keras import layers


def as_input(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Scale colour images to [0, 1].

    Parameters
    ----------
    images : ndarray of shape (n, 32, 32, 3), dtype uint8

    Returns
    -------
    ndarray of shape (n, 32, 32, 3), dtype float32
    """
    return images.astype(np.float32) / np.float32(255)


def article_model(*, softmax_twice: bool = False) -> keras.Model:
    """Build and compile the network of article 002 §5; train it with batches of 32.

    Parameters
    ----------
    softmax_twice : bool
        Compile it as the article prints it: a softmax output, and a loss that takes it for
        logits and applies softmax again. By default the output is logits, as the loss expects.
    """
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax" if softmax_twice else None),
        ],
        name="article",
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss, metrics=["accuracy"])
    return model
