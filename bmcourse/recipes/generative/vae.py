"""A variational autoencoder in NumPy: its bound, the gradients by hand, and its training."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.nn.activations import sigmoid
from bmcourse.nn.training import shuffled_batches

Array = npt.NDArray[Any]
PIXELS = 784


class GaussianCode:
    """Draw a code z from N(μ, σ²), one Gaussian a number, so that gradients can pass.

    The encoder hands over ``(n, 2 units)``: first μ, then log σ². With noise ε from N(0, 1),
    z = μ + σ ε. `backward` adds the gradient of the divergence from N(0, 1).

    Attributes
    ----------
    kl : ndarray of shape (n, units)
        Divergence of each Gaussian from N(0, 1), in nats: ½ (μ² + σ² - 1 - log σ²).
    """

    kl: Array

    def forward(self, code: Array, noise: Array) -> Array:
        """Return z, shape (n, units), and keep `kl`."""
        self._mean, log_variance = np.split(code, 2, axis=1)  # (n, units) each
        self._noise, self._variance = noise, np.exp(log_variance)
        self.kl = 0.5 * (self._mean**2 + self._variance - 1 - log_variance)
        return np.asarray(self._mean + np.sqrt(self._variance) * noise)

    def backward(self, dz: Array, weight: float | Array = 1.0) -> Array:
        """Return the gradient for the code, of what gave `dz` plus `weight` times the sum of `kl`.

        ∂z/∂μ = 1 and ∂z/∂log σ² = ½ σ ε; ∂kl/∂μ = μ and ∂kl/∂log σ² = ½ (σ² - 1).
        """
        of_mean = dz + weight * self._mean
        through_z = 0.5 * np.sqrt(self._variance) * self._noise * dz
        return np.concatenate([of_mean, through_z + 0.5 * weight * (self._variance - 1)], axis=1)


class PixelsBefore(nn.Layer):
    """Logits of each pixel from the pixels before it, in reading order: x (K · mask)."""

    def __init__(self, pixels: int = PIXELS, dtype: npt.DTypeLike = np.float32) -> None:
        super().__init__()
        self.params["kernel"] = np.zeros((pixels, pixels), dtype)
        self._mask = np.triu(np.ones((pixels, pixels), dtype), 1)  # row i feeds columns after i

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the logits, shape (n, pixels)."""
        self._x = np.asarray(x)
        # (n, pixels) @ (pixels, pixels)
        return np.asarray(self._x @ (self.params["kernel"] * self._mask))

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient for x; keep that of the kernel."""
        upstream = np.asarray(grad_output)
        self.grads["kernel"] = (self._x.T @ upstream) * self._mask
        return np.asarray(upstream @ (self.params["kernel"] * self._mask).T)


@dataclass
class Curve:
    """What happened in training: means over the images of every 50 steps, in nats."""

    step: list[int] = field(default_factory=list)
    reconstruction: list[float] = field(default_factory=list)
    kl: list[float] = field(default_factory=list)


class VAE:
    """Encoder, Gaussian code, decoder; images are rows of 784 numbers, 0 or 1.

    Parameters
    ----------
    units : int
        Length of the code z.
    width : int
        Units of the two hidden layers on each side.
    rng : numpy.random.Generator or int
        Source of the first weights.
    strong : bool
        The decoder also sees, for each pixel, the true pixels before it.
    """

    def __init__(
        self,
        units: int,
        width: int = 256,
        *,
        rng: np.random.Generator | int,
        strong: bool = False,
        pixels: int = PIXELS,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        draws = checks.generator("rng", rng)
        self.units, self.dtype = checks.integer("units", units), np.dtype(dtype)
        self.encoder = _network((pixels, width, width, 2 * units), draws, dtype)
        self.encoder.layers[0].input_gradient = False  # nobody asks how the pixels should move
        self.code = GaussianCode()
        self.decoder = _network((units, width, width, pixels), draws, dtype)
        self.before = PixelsBefore(pixels, dtype) if strong else None

    def forward(self, x: Array, noise: Array) -> tuple[Array, Array]:
        """Return, for each image, -log p(x|z) in nats, and the divergence of each unit."""
        self._x = x
        z = self.code.forward(self.encoder.forward(x, True), noise)  # (n, units)
        self._logits = self.decoder.forward(z, True)  # (n, pixels)
        if self.before:
            self._logits = self._logits + self.before.forward(x, True)
        return cross_entropy(self._logits, x), self.code.kl

    def backward(self, kl_weight: float | Array = 1.0) -> None:
        """Fill the gradients of the mean over the images of reconstruction + weight · kl."""
        n = len(self._x)
        dlogits = (sigmoid(self._logits) - self._x) / n
        if self.before:
            self.before.backward(dlogits)
        dz = self.decoder.backward(dlogits)  # (n, units)
        self.encoder.backward(self.code.backward(dz, kl_weight / n))

    def params_and_grads(self) -> Iterator[tuple[Array, Array]]:
        """Yield each parameter with its gradient."""
        yield from self.encoder.params_and_grads()
        yield from self.decoder.params_and_grads()
        if self.before:
            yield self.before.params["kernel"], self.before.grads["kernel"]

    def fit(
        self,
        images: Array,
        steps: int,
        rng: np.random.Generator,
        *,
        batch: int = 128,
        rate: Any = 1e-3,
        kl_weight: Callable[[int, Array], float | Array] = lambda step, kl: 1.0,
    ) -> Curve:
        """Train with Adam on images in [0, 1], whose pixels are drawn as 0 or 1 anew each time.

        Parameters
        ----------
        images : ndarray of shape (n, 784)
        steps : int
        rng : numpy.random.Generator
        batch : int
        rate : float or schedule
        kl_weight : function of the step and the batch's kl (batch, units)
            Weight of the divergence in the gradient; 1 is the bound.
        """
        optimizer, curve, sums = nn.Adam(rate), Curve(), np.zeros(2)
        for step, rows in enumerate(_rows(len(images), batch, steps, rng), start=1):
            x = drawn(images[rows], rng)
            noise = rng.standard_normal((len(x), self.units), np.float32).astype(self.dtype)
            reconstruction, kl = self.forward(x, noise)
            self.backward(kl_weight(step, kl))
            optimizer.step(self.params_and_grads())
            sums += reconstruction.mean(), kl.sum(axis=1).mean()
            if step % 50 == 0:
                curve.step.append(step)
                curve.reconstruction.append(float(sums[0] / 50))
                curve.kl.append(float(sums[1] / 50))
                sums[:] = 0
        return curve

    def encode(self, x: Array) -> tuple[Array, Array]:
        """Return μ and σ of each image's Gaussian, shape (n, units) each."""
        mean, log_variance = np.split(self.encoder.forward(x), 2, axis=1)
        return mean, np.exp(0.5 * log_variance)

    def decode(self, z: Array) -> Array:
        """Return the probability of each pixel to be 1, shape (n, 784)."""
        if self.before:
            raise ValueError("decode must be asked of a decoder that sees no pixels before")
        return np.asarray(sigmoid(self.decoder.forward(np.asarray(z, self.dtype))))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Return the pixel probabilities of n codes drawn from N(0, 1)."""
        return self.decode(rng.standard_normal((n, self.units)))

    def log_weights(self, x: Array, samples: int, rng: np.random.Generator) -> Array:
        """Return log w = log p(x|z) + log p(z) - log q(z|x) of drawn codes, (n, samples).

        The mean of log w over many samples is the bound; log of the mean of w is tighter.
        """
        mean, sigma = self.encode(x)
        found = np.empty((len(x), samples))
        context = self.before.forward(x) if self.before else 0.0
        for s in range(samples):
            noise = rng.standard_normal(mean.shape)
            z = mean + sigma * noise
            logits = self.decoder.forward(z.astype(self.dtype)) + context
            ratio = 0.5 * (noise**2 - z**2) + np.log(sigma)  # log p(z) - log q(z|x)
            found[:, s] = ratio.sum(axis=1) - cross_entropy(logits, x)
        return found

    def bound(self, x: Array, rng: np.random.Generator, samples: int = 1) -> Array:
        """Return the lower bound on log p(x) of each image, in nats, the divergence by formula."""
        mean, sigma = self.encode(x)
        kl = 0.5 * (mean**2 + sigma**2 - 1) - np.log(sigma)
        context = self.before.forward(x) if self.before else 0.0
        total = np.zeros(len(x))
        for _ in range(samples):
            z = mean + sigma * rng.standard_normal(mean.shape)
            logits = self.decoder.forward(z.astype(self.dtype)) + context
            total += cross_entropy(logits, x)
        return np.asarray(-total / samples - kl.sum(axis=1))

    def weights(self) -> dict[str, Array]:
        """Return all parameters by name, as `load` takes them."""
        parts = {"encoder": self.encoder.params, "decoder": self.decoder.params}
        return {f"{side}/{key}": value for side in parts for key, value in parts[side].items()}

    def load(self, arrays: Mapping[str, Array]) -> VAE:
        """Take over parameters, and return this model."""
        for name, value in self.weights().items():
            value[...] = arrays[name]
        return self


def cross_entropy(logits: Array, x: Array) -> Array:
    """Return -log p(x) of each row of pixels, in nats: summed over the pixels, shape (n,)."""
    # log(1 + e^a) = max(a, 0) + log(1 + e^-|a|), which never overflows
    softplus = np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits)))
    return np.asarray((softplus - x * logits).sum(axis=1, dtype=np.float64))


def importance_weighted(log_weights: Array) -> Array:
    """Return log of the mean of w for each row, without overflow, shape (n,)."""
    largest = log_weights.max(axis=1, keepdims=True)
    return np.asarray(largest[:, 0] + np.log(np.exp(log_weights - largest).mean(axis=1)))


def warm_up(steps: int) -> Callable[[int, Array], float]:
    """Return a weight of the divergence that grows along a line from 0 to 1 (Bowman and others)."""
    return lambda step, kl: min(1.0, step / steps)


def free_nats(least: float) -> Callable[[int, Array], Array]:
    """Return a weight that is 0 for each unit whose mean divergence in the batch is below `least`.

    The divergence of such a unit costs nothing, so it is not pushed to 0 (Kingma and others 2016).
    """
    return lambda step, kl: (kl.mean(axis=0) > least).astype(kl.dtype)


def drawn(images: Array, rng: np.random.Generator) -> Array:
    """Return pixels drawn as 0 or 1, each 1 with its grey value as probability."""
    return (rng.random(images.shape, dtype=np.float32) < images).astype(images.dtype)


def _network(sizes: tuple[int, ...], rng: np.random.Generator, dtype: Any) -> nn.Sequential:
    layers: list[nn.Layer] = []
    for inputs, units in itertools.pairwise(sizes):
        layers += [nn.Dense(inputs, units, rng=rng, dtype=dtype), nn.ReLU()]
    return nn.Sequential(layers[:-1])


def _rows(n: int, batch: int, steps: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yield the row numbers of each step's batch, epoch after epoch, whole batches only."""
    per_epoch = n // batch
    for _ in range(math.ceil(steps / per_epoch)):
        for i, rows in enumerate(shuffled_batches(n, batch, rng)):
            if i < per_epoch and steps > 0:
                steps -= 1
                yield rows
