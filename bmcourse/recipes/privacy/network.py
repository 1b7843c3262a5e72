"""A small network for digits, its weights as one vector, and its gradient in two pieces."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import nn
from bmcourse.checks import Array


def digits_network(
    rng: np.random.Generator, units: int = 64, pixels: int = 784, dtype: npt.DTypeLike = np.float32
) -> nn.Sequential:
    """Return pixels → units, ReLU, → 10 logits; without hidden layer where `units` is 0."""
    if not units:
        return nn.Sequential([nn.Dense(pixels, 10, rng=rng, dtype=dtype)])
    hidden = nn.Dense(pixels, units, rng=rng, dtype=dtype)
    return nn.Sequential([hidden, nn.ReLU(), nn.Dense(units, 10, rng=rng, dtype=dtype)])


def get_weights(model: nn.Sequential) -> Array:
    """Return all parameters as one vector (a copy)."""
    return np.concatenate([w.ravel() for w in model.params.values()])


def put_weights(model: nn.Sequential, vector: Array) -> None:
    """Write what `get_weights` returned into a network of the same layers."""
    start = 0
    for w in model.params.values():
        w[...] = vector[start : start + w.size].reshape(w.shape)
        start += w.size


def log_probabilities(model: nn.Sequential, x: Array) -> Array:
    """Return the logarithms of the softmax, shape (n, classes)."""
    logits = np.asarray(model.predict(x, 2000), dtype=np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))


def losses(model: nn.Sequential, x: Array, y: Array) -> Array:
    """Return the cross-entropy of every example, shape (n,)."""
    return np.asarray(-log_probabilities(model, x)[np.arange(len(y)), y])


def accuracy(model: nn.Sequential, x: Array, y: Array) -> float:
    """Return the share of examples whose largest logit is that of their class."""
    return float((model.predict(x, 2000).argmax(axis=1) == y).mean())


def pieces(model: nn.Sequential, x: Array, y: Array) -> list[tuple[Array, Array]]:
    """Return for each dense layer its inputs A (n, d) and the slopes D (n, h) of its outputs.

    Row i of D is the gradient of the loss of example i *alone*. The gradient of that example is
    the outer product of A's and D's rows i for the kernel, and D's row i for the bias.
    """
    logits = model.forward(x, training=True)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    slopes = powers / powers.sum(axis=1, keepdims=True)  # (n, classes)
    slopes[np.arange(len(y)), y] -= 1
    found: list[tuple[Array, Array]] = []
    for place in reversed(range(len(model.layers))):
        layer = model.layers[place]
        if isinstance(layer, nn.Dense):
            found.append((layer.x, slopes))
            if place:
                slopes = slopes @ layer.params["kernel"].T  # (n, h) @ (h, d) -> (n, d)
        else:
            slopes = layer.backward(slopes)
    return found[::-1]


def gradient(parts: list[tuple[Array, Array]], weights: Array | None = None) -> list[Array]:
    """Return the summed gradient, kernel and bias in turn; example i counts `weights[i]` times."""
    sums: list[Array] = []
    for inputs, slopes in parts:
        scaled = slopes if weights is None else slopes * weights[:, np.newaxis].astype(slopes.dtype)
        sums += [inputs.T @ scaled, scaled.sum(axis=0)]  # (d, n) @ (n, h) -> (d, h)
    return sums


def train_plain(
    model: nn.Sequential,
    x: Array,
    y: Array,
    *,
    epochs: int,
    rate: float,
    rng: np.random.Generator,
    batch: int = 50,
) -> None:
    """Train by SGD over shuffled batches."""
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            sums = gradient(pieces(model, x[rows], y[rows]))
            for w, total in zip(model.params.values(), sums, strict=True):
                w -= rate / len(rows) * total
