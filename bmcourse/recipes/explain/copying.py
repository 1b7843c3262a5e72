"""A small GPT that learns, in seconds, to go on with a sequence that it saw once before."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.recipes.explain import heads

Array = npt.NDArray[Any]
VOCABULARY, FEATURES, HEADS = 32, 32, 2
LENGTHS = (16, 33)  # a new length each step: a fixed distance back is then no help


def copier(seed: int, blocks: int = 2) -> nn.Sequential:
    """Return an untrained network of rotary causal blocks: ids in, logits out."""
    rng = np.random.default_rng(seed)
    layers: list[nn.Layer] = [nn.Embedding(VOCABULARY, FEATURES, rng=rng)]
    for _ in range(checks.integer("blocks", blocks)):
        layers.append(
            nn.TransformerBlock(
                FEATURES, HEADS, 2 * FEATURES, causal=True, rotary_base=10_000.0, rng=rng
            )
        )
    layers += [nn.LayerNormalization(FEATURES), nn.Dense(FEATURES, VOCABULARY, rng=rng)]
    return nn.Sequential(layers)


def surprises(logits: npt.ArrayLike, ids: npt.ArrayLike) -> Array:
    """Return -log of the probability of each next id, shape (batch, steps - 1), in nats."""
    z, x = np.asarray(logits)[:, :-1], np.asarray(ids)
    z = z - z.max(axis=-1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    found: Array = -np.take_along_axis(logs, x[:, 1:, np.newaxis], axis=2)[..., 0]
    return found


def losses(model: nn.Sequential, ids: npt.ArrayLike, batch: int = 32) -> Array:
    """Return the surprises of many rows, a batch at a time, shape (rows, steps - 1)."""
    x = np.asarray(ids)
    parts = [x[start : start + batch] for start in range(0, len(x), batch)]
    return np.concatenate([surprises(model.forward(part), part) for part in parts])


def learn(model: nn.Sequential, steps: int, seed: int, batch: int = 8) -> None:
    """Train on random ids shown twice; only the second showing counts in the loss."""
    rng, optimizer = np.random.default_rng(seed), nn.Adam(3e-3, global_clipnorm=1.0)
    for _ in range(checks.integer("steps", steps)):
        length = int(rng.integers(*LENGTHS))
        x = heads.repeated(rng.integers(VOCABULARY, size=(batch, length)))
        logits = model.forward(x, training=True)
        z = logits[:, length:-1]
        powers = np.exp(z - z.max(axis=-1, keepdims=True))
        slope = powers / powers.sum(axis=-1, keepdims=True)
        row, place = np.mgrid[:batch, : length - 1]
        slope[row, place, x[:, length + 1 :]] -= 1
        grad = np.zeros_like(logits)
        grad[:, length:-1] = slope / (batch * (length - 1))
        model.backward(grad)
        optimizer.step(list(model.params_and_grads()))
