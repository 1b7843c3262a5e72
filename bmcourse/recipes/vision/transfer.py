"""Transfer learning in small: learn five kinds of photographs, then five others from few labels."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import nn

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.integer[Any]]
KINDS = 5  # classes 0 to 4 of CIFAR-10 are learned first, classes 5 to 9 afterwards
BATCH = 50
WIDTHS = (32, 64, 64)
FEATURES = 2 * 2 * WIDTHS[-1]


def shrunk(images: npt.NDArray[np.uint8]) -> Images:
    """Halve colour photographs of 32 x 32 pixels, by averaging, and scale them to [-1, 1].

    Parameters
    ----------
    images : ndarray of shape (n, 32, 32, 3), dtype uint8

    Returns
    -------
    ndarray of shape (n, 16, 16, 3), dtype float32

    Examples
    --------
    >>> shrunk(np.full((1, 32, 32, 3), 255, dtype=np.uint8))[0, 0, 0]
    array([1., 1., 1.], dtype=float32)
    """
    small = images.reshape(-1, 16, 2, 16, 2, 3).mean(axis=(2, 4), dtype=np.float32)
    return small / np.float32(127.5) - np.float32(1)


def body(rng: np.random.Generator) -> nn.Sequential:
    """Build the part that is handed on: three convolutions, from (16, 16, 3) to 256 features."""
    layers: list[nn.Layer] = []
    for channels, filters in zip((3, *WIDTHS[:-1]), WIDTHS, strict=True):
        convolution = nn.Conv2D(channels, filters, 3, padding="same", rng=rng)
        layers += [convolution, nn.ReLU(), nn.MaxPool2D(2)]
    return nn.fuse(nn.Sequential([*layers, nn.Flatten()]))


def with_head(trunk: nn.Sequential, rng: np.random.Generator) -> nn.Sequential:
    """Put a new last layer, for five kinds, on a body; the body's weights are shared."""
    return nn.Sequential([*trunk.layers, nn.Dense(FEATURES, KINDS, rng=rng)])


def fit(
    model: nn.Sequential,
    images: npt.NDArray[np.floating[Any]],
    labels: Labels,
    *,
    rate: float,
    steps: int,
    rng: np.random.Generator,
) -> None:
    """Train every layer of a network with Adam for a number of steps of 50 examples.

    Parameters
    ----------
    model : Sequential
        Changed in place.
    images, labels
        Images, or features of images, and their kinds from 0 to 4.
    rate : float
        Adam's learning rate.
    steps : int
    rng : numpy.random.Generator
        Source of the order.
    """
    epochs = max(1, steps * BATCH // len(images))
    loss, optimizer = nn.SparseCategoricalCrossentropy(), nn.Adam(rate)
    model.fit(
        images,
        labels,
        loss=loss,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=BATCH,
        rng=rng,
        threads=1,
    )


def packed(right: npt.NDArray[np.bool_]) -> str:
    """Write right and wrong answers as a short text; `unpacked` reads it.

    Examples
    --------
    >>> unpacked(packed(np.array([True, False, True])), 3)
    array([ True, False,  True])
    """
    return base64.b64encode(np.packbits(right).tobytes()).decode()


def unpacked(text: str, n: int) -> npt.NDArray[np.bool_]:
    """Read the first `n` answers of what `packed` wrote."""
    bits = np.unpackbits(np.frombuffer(base64.b64decode(text), np.uint8), count=n)
    return bits.astype(np.bool_)
