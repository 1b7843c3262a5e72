"""Federated averaging: clients train on their own data, a server averages their weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bmcourse import checks, nn
from bmcourse.checks import Array
from bmcourse.recipes.privacy.network import get_weights, gradient, pieces, put_weights

Client = tuple[Array, Array]


def split_alike(y: Array, clients: int, rng: np.random.Generator) -> list[Array]:
    """Return each client's rows: an equal part of everything, at random."""
    size = len(y) // clients
    return list(rng.permutation(len(y))[: size * clients].reshape(clients, size))


def split_by_class(y: Array, clients: int, rng: np.random.Generator) -> list[Array]:
    """Return each client's rows: two shards of the rows sorted by class (McMahan, 2017)."""
    size = len(y) // (2 * clients)
    shards = np.argsort(y, kind="stable")[: 2 * clients * size].reshape(2 * clients, size)
    return list(shards[rng.permutation(2 * clients)].reshape(clients, 2 * size))


def local_training(
    model: nn.Sequential,
    start: Array,
    data: Client,
    *,
    steps: int,
    rate: float,
    rng: np.random.Generator,
    batch: int | None = 50,
) -> Array:
    """Return a client's weights after `steps` steps from `start`; all its data where no batch."""
    put_weights(model, start)
    x, y = data
    for _ in range(steps):
        rows = slice(None) if batch is None else rng.integers(0, len(x), batch)
        parts = pieces(model, x[rows], y[rows])
        for w, total in zip(model.params.values(), gradient(parts), strict=True):
            w -= rate / len(parts[0][0]) * total
    return get_weights(model)


def mean(updates: Array, sizes: Array) -> Array:
    """Return the mean of the updates, each weighted by its client's number of examples."""
    return np.asarray(np.average(updates, axis=0, weights=sizes))


def median(updates: Array, sizes: Array) -> Array:
    """Return the median of each number by itself; the sizes play no part."""
    return np.asarray(np.median(updates, axis=0))


def clipped_mean(updates: Array, sizes: Array) -> Array:
    """Return the mean of updates cut to the median of their lengths."""
    length = np.linalg.norm(updates, axis=1)
    cut = np.minimum(1.0, np.median(length) / np.maximum(length, 1e-12))
    return mean(updates * cut[:, np.newaxis], sizes)


def one_round(
    weights: Array,
    returned: Sequence[Array | None],
    sizes: Sequence[int],
    combine: Callable[[Array, Array], Array] = mean,
) -> Array:
    """Return the server's weights after a round; a client that is None has died.

    Raises
    ------
    ValueError
        If no client has answered.
    """
    if len(returned) != len(sizes):
        checks.fail("sizes", f"one for each of {len(returned)} clients", f"{len(sizes)}")
    alive = [i for i, w in enumerate(returned) if w is not None]
    if not alive:
        checks.fail("returned", "the weights of one client or more", "none")
    updates = np.stack([np.asarray(returned[i]) - weights for i in alive])
    return np.asarray(weights + combine(updates, np.asarray(sizes)[alive]))


def drift(returned: Sequence[Array]) -> float:
    """Return how far clients lie from their mean: the root of the mean squared distance."""
    stack = np.stack(list(returned))
    return float(np.sqrt(np.square(stack - stack.mean(axis=0)).sum(axis=1).mean()))


def train_federated(
    model: nn.Sequential,
    clients: Sequence[Client],
    *,
    rounds: int,
    steps: int,
    rate: float,
    rng: np.random.Generator,
    combine: Callable[[Array, Array], Array] = mean,
    lie: float = 1.0,
    after_round: Callable[[nn.Sequential], None] = lambda model: None,
) -> float:
    """Train by federated averaging, every client in every round; return the last round's drift.

    The first client multiplies what it has learned by `lie`: below 0, it pushes the wrong way.
    """
    weights, apart = get_weights(model), 0.0
    sizes = [len(data[1]) for data in clients]
    for _ in range(rounds):
        returned = [
            local_training(model, weights, data, steps=steps, rate=rate, rng=rng)
            for data in clients
        ]
        apart = drift(returned)
        returned[0] = weights + lie * (returned[0] - weights)
        weights = one_round(weights, returned, sizes, combine).astype(weights.dtype)
        put_weights(model, weights)
        after_round(model)
    return apart
