"""A small U-Net that tells picture from noise, given the step and the label."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from bmcourse.recipes.generative.diffusion import Noise, Predict

Array = npt.NDArray[Any]

NO_LABEL = 10
"""Stands for "no label": what the network is told where guidance needs an opinion without one."""


def unet(*, narrow: int = 32, wide: int = 96, steps: int = 1000) -> keras.Model:
    """Return an untrained network: pictures, steps and labels in, velocity out.

    Where ``x_t = a x_0 + b noise`` with ``a² + b² = 1``, the velocity is ``a noise - b x_0``. Noise
    and picture follow from it: ``b x_t + a v`` and ``a x_t - b v`` (Salimans and Ho, 2022).

    Two by two pixels become four channels (space to depth). One residual block of `narrow`
    channels at 14 x 14, two of `wide` at 7 x 7, one of `narrow` at 14 x 14 again, which also sees
    the first block's output. Step and label scale and shift the channels in each block.

    Parameters
    ----------
    narrow, wide : int
        Channels at 14 x 14 and at 7 x 7.
    steps : int
        The largest step.

    Returns
    -------
    keras.Model
        Inputs: pictures (batch, 28, 28, 1), steps (batch,), labels (batch,), `NO_LABEL` for none.
        Output: velocity (batch, 28, 28, 1).
    """
    picture = keras.Input((28, 28, 1), name="picture")
    step = keras.Input((), name="step")
    label = keras.Input((), dtype="int32", name="label")
    known = layers.Add()(
        [
            layers.Dense(2 * narrow, name="step_dense")(_waves(step / steps)),
            layers.Embedding(NO_LABEL + 1, 2 * narrow, name="label_table")(label),
        ]
    )
    known = layers.Activation("silu")(known)
    x = layers.Reshape((14, 2, 14, 2))(picture)
    x = layers.Reshape((14, 14, 4))(layers.Permute((1, 3, 2, 4))(x))
    first = _block(_conv(x, narrow, "first"), known, "down")
    x = layers.AveragePooling2D(2)(first)
    x = _block(_conv(x, wide, "widen", 1), known, "middle_1")
    x = _block(x, known, "middle_2")
    x = layers.UpSampling2D(2)(_conv(x, narrow, "narrow", 1))
    x = _block(layers.Add()([x, first]), known, "up")
    x = _conv(layers.Activation("silu")(_norm(x)), 4, "last", zero=True)
    x = layers.Permute((1, 3, 2, 4))(layers.Reshape((14, 14, 2, 2))(x))
    return keras.Model([picture, step, label], layers.Reshape((28, 28, 1))(x), name="unet")


def _waves(time: Any, pairs: int = 16) -> Any:
    """Return sines and cosines of times (batch,) between 0 and 1, shape (batch, 2 * pairs)."""
    speeds = ops.convert_to_tensor([math.pi * 2 ** (i / 2) for i in range(pairs)], "float32")
    angles = ops.expand_dims(time, -1) * speeds
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def _conv(x: Any, filters: int, name: str, size: int = 3, *, zero: bool = False) -> Any:
    start = "zeros" if zero else "he_normal"
    conv = layers.Conv2D(filters, size, padding="same", kernel_initializer=start, name=name)
    return conv(x)


def _norm(x: Any) -> Any:
    """Divide the channels of each pixel by their root mean square."""
    return x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + 1e-5)


def _block(x: Any, known: Any, name: str) -> Any:
    """Add what two convolutions find; step and label scale and shift what lies between them."""
    channels = x.shape[-1]
    found = _conv(layers.Activation("silu")(_norm(x)), channels, f"{name}_1")
    both = layers.Dense(2 * channels, name=f"{name}_known")(known)
    scale, shift = ops.split(ops.reshape(both, (-1, 1, 1, 2 * channels)), 2, axis=-1)
    found = layers.Activation("silu")(_norm(found) * (1 + scale) + shift)
    return layers.Add()([x, _conv(found, channels, f"{name}_2", zero=True)])


def draws(model: keras.Model, noise: Noise, label: Array, guidance: float = 0.0) -> Predict:
    """Return ``predict(xt, t)`` of a trained network, for `diffusion.sample`.

    Parameters
    ----------
    model : keras.Model
        From `unet`.
    noise : Noise
    label : ndarray of int, shape (batch,)
        What each picture is to be; `NO_LABEL` for anything.
    guidance : float
        With w, the velocity is ``(1 + w) * with_label - w * without_label``: past what the label
        asks for, away from what is drawn without it (Ho and Salimans, 2022).
    """
    label = np.asarray(label, np.int32)
    none = np.full_like(label, NO_LABEL)

    def predict(xt: Array, t: Array) -> Array:
        step = np.asarray(t, np.float32)
        found = np.asarray(model.predict_on_batch([xt, step, label]))
        if guidance:
            bare = np.asarray(model.predict_on_batch([xt, step, none]))
            found = (1 + guidance) * found - guidance * bare
        return noise.from_velocity(xt, t, found)

    return predict
