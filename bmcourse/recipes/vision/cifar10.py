"""Models for CIFAR-10: the article's network."""

from __future__ import annotations

from typing import Literal

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from bmcourse import checks

Output = Literal["logits", "printed", "twice"]


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


def article_model(*, output: Output = "logits") -> keras.Model:
    """Build and compile the network of article 002 §5; train it with batches of 32.

    Parameters
    ----------
    output : {"logits", "printed", "twice"}
        "logits": as the loss expects. "printed": as the article prints it, a softmax output with
        a loss that takes it for logits; on TensorFlow, Keras notices, warns, and uses the logits
        all the same. "twice": softmax really applied twice, as happens where nobody notices.
    """
    checks.one_of("output", output, ("logits", "printed", "twice"))
    stages = [
        keras.Input((32, 32, 3)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation=None if output == "logits" else "softmax"),
    ]
    if output == "twice":
        stages.append(layers.Rescaling(1.0))  # changes nothing, and hides the softmax from Keras
    model = keras.Sequential(stages, name="article")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss, metrics=["accuracy"])
    return model
