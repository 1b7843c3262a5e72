"""A network in NumPy that finds the noise in small pictures, with its backward pass by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.recipes.generative.diffusion import Noise, Predict, spread_steps

Array = npt.NDArray[Any]
WAVES, LABELS = 32, 10
KNOWN = WAVES + LABELS
UNLABELLED = 0.15
WEIGHTS: dict[str, Callable[[Array], Array]] = {
    "noise": lambda kept: kept,
    "velocity": np.ones_like,
    "picture": lambda kept: 1 - kept,
}
"""What to multiply the squared error of the velocity by to get that of another quantity."""


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
    """Noisy pixels, time and label in, velocity out: three hidden layers, two of them added.

    Parameters
    ----------
    pixels, units : int
    rng : numpy.random.Generator or int, optional
    dtype : dtype

    Notes
    -----
    With x the pixels and c what else is known, waves of the time and the label:
    ``z1 = x W1 + c U1 + b1``, ``h1 = silu(z1)``; ``z2 = h1 W2 + c U2 + b2``,
    ``h2 = h1 + silu(z2)``; likewise h3; output ``h3 W4 + b4``.
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
        for i, (size, out) in enumerate(itertools.pairwise(sizes), start=1):
            self.params[f"W{i}"] = (draws.normal(size=(size, out)) / np.sqrt(size)).astype(dtype)
            self.params[f"b{i}"] = np.zeros(out, dtype)
            if i < 4:
                kernel = draws.normal(size=(KNOWN, out)) / np.sqrt(WAVES)
                self.params[f"U{i}"] = kernel.astype(dtype)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the velocity (batch, pixels), given `inputs` (batch, pixels + KNOWN)."""
        x = self._check_input(x, self.pixels + KNOWN)
        p, self.c = self.params, x[:, self.pixels :]
        self.h, self.z = [x[:, : self.pixels]], []
        for i in (1, 2, 3):
            z = self.h[-1] @ p[f"W{i}"] + self.c @ p[f"U{i}"] + p[f"b{i}"]  # (batch, units)
            self.z.append(z)
            self.h.append(silu(z) if i == 1 else self.h[-1] + silu(z))
        return self.h[-1] @ p["W4"] + p["b4"]  # (batch, pixels)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient of the input; store dW = hᵀ dz, dU = cᵀ dz and db, layer by layer."""
        dz, p, g = self._check_gradient(grad_output), self.params, self.grads
        dc = np.zeros_like(self.c)
        g["W4"], g["b4"] = self.h[3].T @ dz, dz.sum(axis=0)
        dh = dz @ p["W4"].T  # (batch, units)
        for i in (3, 2, 1):
            dz = dh * silu_slope(self.z[i - 1])
            g[f"W{i}"], g[f"U{i}"] = self.h[i - 1].T @ dz, self.c.T @ dz
            g[f"b{i}"] = dz.sum(axis=0)
            dc += dz @ p[f"U{i}"].T
            through = dz @ p[f"W{i}"].T
            dh = through if i == 1 else dh + through  # the skip hands dh on as it is
        return np.concatenate([dh, dc], axis=1)

    def output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the velocity."""
        return (self.pixels,)


def inputs(xt: Array, t: Array, label: Array, noise: Noise) -> Array:
    """Return what `Denoiser` sees, shape (batch, pixels + KNOWN); a label of -1 is none."""
    known = np.eye(LABELS + 1, LABELS)[label]  # the last row, -1, is all zeros
    return np.concatenate([xt, waves(t / noise.steps), known], axis=1).astype(np.float32)


def predictor(network: Denoiser, noise: Noise, label: Array, guidance: float = 0.0) -> Predict:
    """Return ``predict(xt, t)`` of a network, for `diffusion.sample`.

    With ``guidance`` w, the noise is ``(1 + w) * with_label - w * without_label``.
    """

    def predict(xt: Array, t: Array) -> Array:
        found = network.forward(inputs(xt, t, label, noise))
        if guidance:
            bare = network.forward(inputs(xt, t, np.full(len(xt), -1), noise))
            found = (1 + guidance) * found - guidance * bare
        return noise.from_velocity(xt, t, found)

    return predict


def small(images: npt.NDArray[np.uint8]) -> Array:
    """Return pictures (n, 28, 28) at half the width and height, flat, from -1 to 1."""
    cells = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype=np.float32)
    return (cells / np.float32(127.5) - 1).reshape(-1, 196)


def train(
    network: Denoiser,
    noise: Noise,
    x0: Array,
    label: Array,
    *,
    steps: int,
    rng: np.random.Generator,
    batch: int = 128,
    rate: float = 1e-3,
    weight: str = "velocity",
) -> Array:
    """Teach a network to find noise; return the loss of each step.

    Adam, its rate falling along a cosine. At the end the network has the mean of the weights of
    the last fifth of the steps.
    """
    optimizer = nn.Adam(nn.CosineDecay(rate, steps))
    mean, counted = {key: np.zeros_like(v) for key, v in network.params.items()}, 0
    losses = np.empty(steps)
    for step in range(steps):
        chosen = rng.integers(0, len(x0), batch)
        told = np.where(rng.random(batch) < UNLABELLED, -1, label[chosen])
        t = spread_steps(batch, noise.steps, rng)
        z = rng.standard_normal((batch, x0.shape[1]), dtype=np.float32)
        xt = noise.noised(x0[chosen], t, z)
        wrong = network.forward(inputs(xt, t, told, noise)) - noise.velocity(x0[chosen], t, z)
        share = WEIGHTS[weight](noise.kept[t])[:, np.newaxis]
        losses[step] = np.mean(share * wrong**2)
        network.backward(2 * share * wrong / wrong.size)
        optimizer.step([(w, network.grads[key]) for key, w in network.params.items()])
        if step >= 0.8 * steps:
            counted += 1
            for key, value in network.params.items():
                mean[key] += (value - mean[key]) / counted
    for key, value in mean.items():
        network.params[key][...] = value
    return losses
