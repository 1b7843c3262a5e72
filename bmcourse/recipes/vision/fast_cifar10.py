"""A network for CIFAR-10 that gets far more out of the article's minutes: model and training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from bmcourse.recipes.one_cycle import OneCycle
from bmcourse.recipes.precision import fast_policy, has_matrix_unit
from bmcourse.recipes.vision.shift_and_flip import ShiftAndFlip
from bmcourse.recipes.vision.whitening import whitening_kernel

Images = npt.NDArray[np.float32]
BATCH = 256
WEIGHT_DECAY = 0.01
"""Each step takes this share off every trained weight, times the learning rate."""
SMALL = 24
"""Height and width of the images, in pixels, in the first epochs."""


@dataclass(frozen=True)
class Plan:
    """How much to train, and in which number format.

    Attributes
    ----------
    widths : tuple of int
        Filters in each of the three blocks.
    small_epochs : int
        Epochs on images of 24 x 24 pixels, which cost about half.
    full_epochs : int
        Epochs on whole images after that.
    policy : keras.DTypePolicy
    """

    widths: tuple[int, int, int]
    small_epochs: int
    full_epochs: int
    policy: keras.DTypePolicy


def plan(policy: keras.DTypePolicy | None = None, *, matrix_unit: bool | None = None) -> Plan:
    """Return the plan meant to take a machine no longer than the article's ten epochs.

    The plans without a matrix unit fit by processor time on one thread, as
    ``benchmarks/cifar10_epochs.py`` measured it.

    Parameters
    ----------
    policy : keras.DTypePolicy, optional
        Number format; by default `fast_policy()`, the one that this machine computes fast.
    matrix_unit : bool, optional
        Whether it has a unit for products of whole matrices in bfloat16; by default this one's.
    """
    policy = policy or fast_policy()
    if policy.name == "float32":
        return Plan((32, 64, 128), 4, 1, policy)
    wide = has_matrix_unit() if matrix_unit is None else matrix_unit
    if wide:
        return Plan((64, 128, 128), 5, 4, policy)
    return Plan((32, 64, 128), 6, 1, policy)


def standardise(images: npt.NDArray[np.uint8]) -> Images:
    """Shift and scale colours with the published mean and deviation of CIFAR-10's training set.

    Parameters
    ----------
    images : ndarray of shape (n, 32, 32, 3), dtype uint8

    Returns
    -------
    ndarray of shape (n, 32, 32, 3), dtype float32
    """
    mean = np.array([0.4914, 0.4822, 0.4465], dtype=np.float32) * 255
    deviation = np.array([0.2470, 0.2435, 0.2616], dtype=np.float32) * 255
    return (images - mean) / deviation


def fast_model(images: Images, chosen: Plan) -> keras.Model:
    """Build the network: a fixed whitening layer, then three blocks of two convolutions.

    It takes images of any size, and gives logits.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, 3)
        Standardised training images, for the whitening layer; 5,000 are used at most.
    chosen : Plan
    """
    dtype = chosen.policy
    inputs = keras.Input((None, None, 3))
    whitening = layers.Conv2D(24, 2, use_bias=False, trainable=False, dtype=dtype)
    x = layers.ReLU(dtype=dtype)(whitening(inputs))
    whitening.set_weights([whitening_kernel(images[:5000])])
    for filters in chosen.widths:
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False, dtype=dtype)(x)
        x = _normalised(layers.MaxPooling2D(2, dtype=dtype)(x), dtype)
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False, dtype=dtype)(x)
        x = _normalised(x, dtype)
    x = layers.GlobalMaxPooling2D(dtype=dtype)(x)
    x = layers.Dense(10, use_bias=False, dtype="float32")(x)
    return keras.Model(inputs, layers.Rescaling(1 / 9, dtype="float32")(x), name="fast")


def train(
    images: Images,
    labels: npt.NDArray[np.integer[Any]],
    *,
    seed: int,
    chosen: Plan | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> keras.Model:
    """Build the network and train it: small images first, then whole ones.

    Parameters
    ----------
    images : ndarray of shape (n, 32, 32, 3), dtype float32
        Standardised training images.
    labels : ndarray of shape (n,)
        Class numbers, 0...9.
    seed : int
        Seeds the weights and the batches.
    chosen : Plan, optional
        By default `plan()`.
    callbacks : sequence of keras.callbacks.Callback
        Passed on to ``fit``.

    References
    ----------
    Jordan, 94% on CIFAR-10 in 3.29 seconds on a single GPU, arXiv 2404.00498, 2024. Several
    parts of this recipe are from there.
    """
    chosen = chosen or plan()
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    model = fast_model(images, chosen)
    epochs = chosen.small_epochs + chosen.full_epochs
    compile_fast(model, steps=epochs * (len(images) // BATCH))
    targets = np.eye(10, dtype=np.float32)[labels]
    phases = [(shrink(images), 0, chosen.small_epochs), (images, chosen.small_epochs, epochs)]
    for shown, start, end in phases:
        data = ShiftAndFlip(shown, targets, batch_size=BATCH, pixels=2, rng=rng)
        settings = {"initial_epoch": start, "epochs": end, "verbose": 0}
        model.fit(data, callbacks=list(callbacks), **settings)
    return model


def compile_fast(model: keras.Model, steps: int) -> None:
    """Compile with momentum, weight decay, one cycle of the rate, and label smoothing."""
    schedule = OneCycle(peak=0.375, steps=steps, warm_up=0.23)
    optimizer = keras.optimizers.SGD(
        schedule, momentum=0.85, nesterov=True, weight_decay=WEIGHT_DECAY
    )
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])


def shrink(images: Images, side: int = SMALL) -> Images:
    """Resize images to `side` x `side` pixels, averaging what falls together."""
    resize = keras.ops.image.resize
    parts = [
        keras.ops.convert_to_numpy(resize(part, (side, side), "bilinear", antialias=True))
        for part in np.array_split(images, max(1, len(images) // 5000))
    ]
    return np.concatenate(parts)


def logits(model: keras.Model, images: Images) -> Images:
    """Return the mean of the logits for each image and for its mirror image, shape (n, 10)."""
    straight, mirrored = (
        model.predict(shown, batch_size=500, verbose=0) for shown in (images, images[:, :, ::-1])
    )
    return np.asarray((straight + mirrored) / 2, dtype=np.float32)


def _normalised(x: Any, dtype: keras.DTypePolicy) -> Any:
    x = layers.BatchNormalization(momentum=0.6, scale=False, dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x)
