"""A network in NumPy that finds the noise in small pictures, with its backward pass by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.recipes.generative.diffusion import Noise, Predict, spread_steps

Array = npt.NDArray[Any]
WAVES = 32


def waves(time: npt.ArrayLike, n: int = WAVES) -> Array:
    """Describe times between 0 and 1 by sines and cosines, shape (batch, n).

    Examples
    --------
    >>> waves([0.0, 0.5], 4).round(2)
    array([[ 0.  ,  0.  ,  1.  ,  1.  ],
           [ 1.  ,  0.8 ,  0.  , -0.61]])
    """
    speeds = np.pi * 2 ** (np.arange(n // 2) / 2)
    angles = np.asarray(time, dtype=float)[:, np.newaxis] * speeds  # (batch, n / 2)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def silu(z: Array) -> Array:
    """Return z times its sigmoid."""
    found: Array = z * nn.activations.sigmoid(z)
    return found


def silu_slope(z: Array) -> Array:
    """Return the derivative of `silu`."""
    s = nn.activations.sigmoid(z)
    slope: Array = s * (1 + z * (1 - s))
    return slope


class Denoiser(nn.Layer):
    """Noisy pixels and waves of the time in, noise out: three hidden layers, two of them added.

    Parameters
    ----------
    pixels, units : int
    rng : numpy.random.Generator or int, optional
    dtype : dtype

    Notes
    -----
    With x the pixels and w the waves: ``z1 = x W1 + w U1 + b1``, ``h1 = silu(z1)``;
    ``z2 = h1 W2 + w U2 + b2``, ``h2 = h1 + silu(z2)``; likewise h3; output ``h3 W4 + b4``.
    """

    def __init__(
        self,
        pixels: int,
        units: int = 384,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.pixels = checks.integer("pixels", pixels)
        draws = checks.generator("rng", rng, fresh=True)
        sizes = (pixels, units, units, units, pixels)
        for i, (size, out) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), start=1):
            self.params[f"W{i}"] = (draws.normal(size=(size, out)) / np.sqrt(size)).astype(dtype)
            self.params[f"b{i}"] = np.zeros(out, dtype)
            if i < 4:  # noqa: PLR2004 - the last layer does not see the time
                scale = 1 / np.sqrt(WAVES)
                self.params[f"U{i}"] = (draws.normal(size=(WAVES, out)) * scale).astype(dtype)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the noise (batch, pixels), given pixels and waves (batch, pixels + WAVES)."""
        x = self._check_input(x, self.pixels + WAVES)
        p, self.w = self.params, x[:, self.pixels :]
        self.h, self.z = [x[:, : self.pixels]], []
        for i in (1, 2, 3):
            z = self.h[-1] @ p[f"W{i}"] + self.w @ p[f"U{i}"] + p[f"b{i}"]  # (batch, units)
            self.z.append(z)
            self.h.append(silu(z) if i == 1 else self.h[-1] + silu(z))
        return self.h[-1] @ p["W4"] + p["b4"]  # (batch, pixels)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient of the input; store dW = hᵀ dz, dU = wᵀ dz and db, layer by layer."""
        dz, p, g = self._check_gradient(grad_output), self.params, self.grads
        dw = np.zeros_like(self.w)
        g["W4"], g["b4"] = self.h[3].T @ dz, dz.sum(axis=0)
        dh = dz @ p["W4"].T  # (batch, units)
        for i in (3, 2, 1):
            dz = dh * silu_slope(self.z[i - 1])
            g[f"W{i}"], g[f"U{i}"] = self.h[i - 1].T @ dz, self.w.T @ dz
            g[f"b{i}"] = dz.sum(axis=0)
            dw += dz @ p[f"U{i}"].T
            through = dz @ p[f"W{i}"].T
            dh = through if i == 1 else dh + through  # the skip hands dh on as it is
        return np.concatenate([dh, dw], axis=1)

    def output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the noise."""
        return (self.pixels,)


def predictor(network: Denoiser, noise: Noise) -> Predict:
    """Return ``predict(xt, t)`` of a network, for `diffusion.sample`."""

    def predict(xt: Array, t: Array) -> Array:
        inputs = np.concatenate([xt, waves(t / noise.steps)], axis=1)
        return network.forward(inputs.astype(np.float32))

    return predict


def small(images: npt.NDArray[np.uint8]) -> Array:
    """Return pictures (n, 28, 28) at half the width and height, flat, from -1 to 1."""
    cells = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype=np.float32)
    return (cells / np.float32(127.5) - 1).reshape(-1, 196)


def train(
    network: Denoiser,
    noise: Noise,
    x0: Array,
    *,
    steps: int,
    rng: np.random.Generator,
    batch: int = 128,
    rate: float = 1e-3,
) -> Array:
    """Teach a network to find noise; return the loss of each step.

    Adam, its rate falling along a cosine. At the end the network has the mean of the weights of
    the last fifth of the steps.
    """
    optimizer = nn.Adam(nn.CosineDecay(rate, steps))
    mean, counted = {key: np.zeros_like(v) for key, v in network.params.items()}, 0
    losses = np.empty(steps)
    for step in range(steps):
        picture = x0[rng.integers(0, len(x0), batch)]
        t = spread_steps(batch, noise.steps, rng)
        z = rng.standard_normal(picture.shape, dtype=np.float32)
        xt = noise.noised(picture, t, z)
        wrong = predictor(network, noise)(xt, t) - z
        losses[step] = np.mean(wrong**2)
        network.backward(2 * wrong / wrong.size)
        optimizer.step([(w, network.grads[key]) for key, w in network.params.items()])
        if step >= 0.8 * steps:
            counted += 1
            for key, value in network.params.items():
                mean[key] += (value - mean[key]) / counted
    for key, value in mean.items():
        network.params[key][...] = value
    return losses
