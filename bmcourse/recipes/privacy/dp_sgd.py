"""DP-SGD: clip each example's gradient, add noise, and step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bmcourse import checks, nn
from bmcourse.checks import Array
from bmcourse.recipes.privacy.network import gradient, pieces


def lengths(parts: list[tuple[Array, Array]]) -> Array:
    """Return the length of every example's gradient, shape (n,), without making the gradients.

    The outer product of a and d has the squared length |a|² |d|²; the bias adds |d|².
    """
    squares = np.zeros(len(parts[0][0]))
    for inputs, slopes in parts:
        squares += (np.square(inputs).sum(axis=1) + 1) * np.square(slopes).sum(axis=1)
    return np.asarray(np.sqrt(squares))


def factors(length: Array, clip: float) -> Array:
    """Return what each gradient is multiplied with so that none is longer than `clip`."""
    return np.asarray(np.minimum(1.0, clip / np.maximum(length, 1e-12)))


def clipped_sum(model: nn.Sequential, x: Array, y: Array, clip: float) -> list[Array]:
    """Return the sum of the clipped gradients, kernel and bias in turn."""
    parts = pieces(model, x, y)
    return gradient(parts, factors(lengths(parts), clip))


def poisson_batch(n: int, share: float, rng: np.random.Generator) -> Array:
    """Return the rows of a batch that each example joins by its own coin, with chance `share`."""
    return np.flatnonzero(rng.random(n) < share)


def train_privately(
    model: nn.Sequential,
    x: Array,
    y: Array,
    *,
    share: float,
    noise: float,
    clip: float,
    steps: int,
    rate: float,
    rng: np.random.Generator,
    summed: Callable[[nn.Sequential, Array, Array, float], list[Array]] = clipped_sum,
) -> None:
    """Train by DP-SGD over Poisson batches. Abadi and others, 2016.

    Parameters
    ----------
    share : float in (0, 1]
        Chance of each example to be in a batch.
    noise : float
        Standard deviation of the noise on each number of the summed gradient, in clips.
    clip : float
        Longest gradient of one example.
    summed : callable
        What is done to the gradients before the noise; another one is a fault to be found.

    Notes
    -----
    The sum is divided by the *expected* size of a batch, n · share: the real size would tell.
    NumPy's generator is no cryptographic one; a product needs one that nobody can guess.
    """
    share = checks.number("share", share, above=0, at_most=1)
    expected = share * len(x)
    for _ in range(steps):
        rows = poisson_batch(len(x), share, rng)
        sums = summed(model, x[rows], y[rows], clip) if len(rows) else None
        for place, w in enumerate(model.params.values()):
            drawn = rng.standard_normal(w.shape, dtype=np.float32) * (noise * clip)
            total = drawn if sums is None else sums[place] + drawn
            w -= (rate / expected * total).astype(w.dtype)


def clipped_mean_only(model: nn.Sequential, x: Array, y: Array, clip: float) -> list[Array]:
    """Commit a usual fault: the *mean* gradient is clipped, not each example's; the noise stays."""
    sums = gradient(pieces(model, x, y))
    length = np.sqrt(sum(np.square(part).sum() for part in sums)) / len(x)
    return [part * float(min(1.0, clip / length)) for part in sums]
