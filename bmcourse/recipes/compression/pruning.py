"""Pruning by magnitude: the smallest weights become 0 and stay there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn

Array = npt.NDArray[Any]


def perceptron(sizes: Sequence[int], rng: np.random.Generator | int) -> nn.Sequential:
    """Return dense layers of the given sizes, with ReLU between them.

    Examples
    --------
    >>> perceptron([784, 33, 10], 0).forward(np.zeros((1, 784))).shape
    (1, 10)
    """
    draws = checks.generator("rng", rng)
    layers: list[nn.Layer] = []
    for size, units in itertools.pairwise(sizes):
        layers += [nn.Dense(size, units, rng=draws), nn.ReLU()]
    return nn.Sequential(layers[:-1])


def share_at(step: int, *, first: int, last: int, final: float) -> float:
    """Return the share of weights to remove at a step: a cubic curve from 0 to `final`.

    Zhu and Gupta, "To prune, or not to prune", 2017: fast at first, when many weights are of no
    use, and slow at the end.

    Examples
    --------
    >>> [round(share_at(s, first=0, last=100, final=0.9), 3) for s in (0, 50, 100, 200)]
    [0.0, 0.787, 0.9, 0.9]
    """
    done = min(max((step - first) / (last - first), 0.0), 1.0)
    return final * (1 - (1 - done) ** 3)


def magnitude_masks(params: Mapping[str, Array], share: float) -> dict[str, Array]:
    """Return a mask for each kernel, of all of them together: False for the smallest share.

    Parameters
    ----------
    params : mapping of str to ndarray
        Only names that end in ``kernel`` are pruned; biases are few.
    share : float from 0 to 1
        What is removed, rounded to whole weights. Of equal weights, the first ones go.
    """
    checks.number("share", share, at_least=0, at_most=1)
    kernels = {name: w for name, w in params.items() if name.endswith("kernel")}
    sizes = np.abs(np.concatenate([w.ravel() for w in kernels.values()]))
    keep = np.ones(len(sizes), bool)
    keep[np.argsort(sizes, kind="stable")[: round(share * len(sizes))]] = False
    masks, start = {}, 0
    for name, w in kernels.items():
        masks[name] = keep[start : start + w.size].reshape(w.shape)
        start += w.size
    return masks


def apply(params: Mapping[str, Array], masks: Mapping[str, Array]) -> None:
    """Set the removed weights to 0, in place."""
    for name, mask in masks.items():
        params[name] *= mask


def train_pruned(
    model: nn.Sequential,
    x: Array,
    y: Array,
    *,
    loss: nn.losses.Loss,
    optimizer: nn.optimizers.Optimizer,
    steps: int,
    batch: int,
    rng: np.random.Generator,
    share: Callable[[int], float] = lambda step: 0.0,
    every: int = 50,
) -> dict[str, Array]:
    """Train; every `every` steps choose anew which `share(step)` of the weights is 0.

    A weight that is 0 still gets a gradient, but the mask sets it to 0 again after each step: it
    comes back only if its mask does. Returns the last masks.
    """
    masks = magnitude_masks(model.params, 0.0)
    order = np.empty(0, int)
    for step in range(steps):
        if len(order) < batch:
            order = rng.permutation(len(x))
        rows, order = order[:batch], order[batch:]
        loss.forward(model.forward(x[rows], training=True), y[rows])
        model.backward(loss.backward())
        optimizer.step(model.params_and_grads())
        if step % every == 0 or step == steps - 1:
            masks = magnitude_masks(model.params, share(step))
        apply(model.params, masks)
    return masks


def sparse_bytes(weights: int, kept: int, bits: int = 32) -> int:
    """Return the bytes of pruned weights: a bit for each place, and the bits of those kept.

    Examples
    --------
    >>> sparse_bytes(1000, 100), sparse_bytes(1000, 100, bits=8), 4 * 1000
    (525, 225, 4000)
    """
    return math.ceil(weights / 8) + math.ceil(kept * bits / 8)
