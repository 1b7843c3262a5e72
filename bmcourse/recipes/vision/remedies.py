"""One small NumPy network for digits, and the remedies for over-fitting, alone or together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import nn
from bmcourse.nn.training import shuffled_batches
from bmcourse.recipes.vision.affine import Changes, change

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.integer[Any]]
BATCH = 50


@dataclass(frozen=True)
class Remedy:
    """What is done against over-fitting; by default nothing.

    Attributes
    ----------
    l2 : float
        Factor of the penalty on the squared weights of every layer.
    dropout : float
        Share of the numbers set to 0 before each dense layer.
    batch_norm : bool
        Batch normalisation in each convolution stage.
    changes : Changes, optional
        Augmentation: the images of every epoch are changed anew.
    """

    l2: float = 0.0
    dropout: float = 0.0
    batch_norm: bool = False
    changes: Changes | None = None


L2, DROPOUT = 3e-3, 0.3  # one strength each, alone and together


def single_remedies(changes: Changes) -> dict[str, Remedy]:
    """Return nothing, each remedy alone, and the rotation, scale and crop of `changes` together.

    Examples
    --------
    >>> found = single_remedies(Changes(degrees=15, scale=0.15, pixels=1))
    >>> found["crop"].changes
    Changes(degrees=0.0, scale=0.0, pixels=1, flip=False)
    """
    return {
        "nothing": Remedy(),
        "L2": Remedy(l2=L2),
        "dropout": Remedy(dropout=DROPOUT),
        "batch norm": Remedy(batch_norm=True),
        "rotate": Remedy(changes=Changes(degrees=changes.degrees)),
        "scale": Remedy(changes=Changes(scale=changes.scale)),
        "crop": Remedy(changes=Changes(pixels=changes.pixels)),
        "flip": Remedy(changes=Changes(flip=True)),
        "rotate, scale, crop": Remedy(changes=changes),
    }


ALL_THREE = Changes(degrees=15, scale=0.15, pixels=1)
REMEDIES = {
    **single_remedies(ALL_THREE),
    "all but flip": Remedy(L2, DROPOUT, True, ALL_THREE),
}


@dataclass
class Curves:
    """What happened in each epoch.

    Attributes
    ----------
    train_loss : list of float
        Mean cross-entropy of the epoch's batches, with whatever noise the remedy adds.
    val_loss, val_error : list of float
        Mean cross-entropy and share of wrong answers on the validation images, after each epoch.
    best : int
        Index of the epoch with the lowest validation loss: whose weights early stopping keeps.
    best_values : list of ndarray
        Copies of the parameters and moving averages after that epoch.
    """

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_error: list[float] = field(default_factory=list)
    best: int = 0
    best_values: list[npt.NDArray[Any]] = field(default_factory=list)


def thumbnails(images: npt.NDArray[np.uint8]) -> Images:
    """Halve grey images of 28 x 28 pixels, by averaging, and scale them to [0, 1].

    Parameters
    ----------
    images : ndarray of shape (n, 28, 28), dtype uint8

    Returns
    -------
    ndarray of shape (n, 14, 14, 1), dtype float32

    Examples
    --------
    >>> thumbnails(np.full((1, 28, 28), 255, dtype=np.uint8))[0, 0, 0]
    array([1.], dtype=float32)
    """
    small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype=np.float32)
    return small[..., np.newaxis] / np.float32(255)


def small_network(remedy: Remedy, rng: np.random.Generator) -> nn.Sequential:
    """Build a network for images of 14 x 14 pixels: two convolutions, two dense layers."""
    layers: list[nn.Layer] = []
    for channels, filters in ((1, 8), (8, 16)):
        layers += [nn.Conv2D(channels, filters, 3, rng=rng), nn.MaxPool2D(2)]
        if remedy.batch_norm:
            layers.append(nn.BatchNormalization(filters, momentum=0.9))
        layers.append(nn.ReLU())
    layers.append(nn.Flatten())
    for inputs, units in ((64, 64), (64, 10)):
        if remedy.dropout:
            layers.append(nn.Dropout(remedy.dropout, rng))
        layers.append(nn.Dense(inputs, units, rng=rng))
        if units != 10:
            layers.append(nn.ReLU())
    return nn.fuse(nn.Sequential(layers))


def train(
    model: nn.Sequential,
    remedy: Remedy,
    training: tuple[Images, Labels],
    validation: tuple[Images, Labels],
    *,
    epochs: int,
    rng: np.random.Generator,
) -> Curves:
    """Train with Adam for a fixed number of epochs, and watch the validation loss.

    Parameters
    ----------
    model : Sequential
        Changed in place.
    remedy : Remedy
    training, validation : (images, labels)
        Images of shape (n, 14, 14, 1).
    epochs : int
    rng : numpy.random.Generator
        Source of the order and of the changes.
    """
    images, labels = training
    loss, optimizer, curves = nn.SparseCategoricalCrossentropy(), nn.Adam(0.003), Curves()
    for epoch in range(epochs):
        shown = images if remedy.changes is None else change(images, remedy.changes, rng)
        losses = []
        for chosen in shuffled_batches(len(images), BATCH, rng):
            losses.append(loss.forward(model.forward(shown[chosen], True), labels[chosen]))
            model.backward(loss.backward())
            add_l2(model, remedy.l2)
            optimizer.step(model.params_and_grads())
        scores = model.evaluate(*validation, loss=loss, batch_size=1000)
        curves.train_loss.append(float(np.mean(losses)))
        curves.val_loss.append(scores["loss"])
        curves.val_error.append(1 - scores["accuracy"])
        if scores["loss"] <= min(curves.val_loss):
            curves.best, curves.best_values = epoch, snapshot(model)
    return curves


def add_l2(model: nn.Sequential, strength: float) -> None:
    """Add the slope of the penalty, 2 · strength · w, to the gradient of every kernel."""
    if strength:
        for parameter, gradient in model.params_and_grads():
            if parameter.ndim > 1:
                gradient += 2 * strength * parameter


def snapshot(model: nn.Sequential) -> list[npt.NDArray[Any]]:
    """Return copies of all parameters and moving averages."""
    return [value.copy() for value in _values(model)]


def restore(model: nn.Sequential, values: list[npt.NDArray[Any]]) -> None:
    """Put back what `snapshot` returned."""
    for value, kept in zip(_values(model), values, strict=True):
        value[...] = kept


def _values(model: nn.Sequential) -> list[npt.NDArray[Any]]:
    arrays = ((*layer.params.values(), *layer.state.values()) for layer in model.layers)
    return [array for layer in arrays for array in layer]
