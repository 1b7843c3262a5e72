"""The same GPT from the course's own NumPy layers, and how it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.text import sampling

Array = npt.NDArray[Any]


def numpy_gpt(weights: Mapping[str, npt.ArrayLike], heads: int) -> nn.Sequential:
    """Return `gpt` in NumPy, with the weights of one trained in Keras.

    Parameters
    ----------
    weights : mapping of str to array_like
        ``{weight.path: values}`` of a model that `bmcourse.recipes.language.gpt.gpt` made. If
        there is no table of places among them, its positions are rotary.
    heads : int
        Heads of each block: the shapes alone do not tell.

    Returns
    -------
    Sequential
        Ids (batch, steps) in, logits (batch, steps, vocabulary) out.
    """
    arrays = {name: np.asarray(values) for name, values in weights.items()}
    table = arrays["token_embedding/embeddings"]
    vocabulary, features = table.shape
    blocks = sum(name.endswith("_attention/query/kernel") for name in arrays)
    layers: list[nn.Layer] = [_filled(nn.Embedding(vocabulary, features), {"embeddings": table})]
    places = arrays.get("position_embedding/position_embeddings")
    if places is not None:
        positions = nn.PositionalEmbedding(len(places), features)
        layers.append(_filled(positions, {"position_embeddings": places}))
    base = 10_000.0 if places is None else None
    for number in range(blocks):
        block = nn.TransformerBlock(features, heads, 4 * features, causal=True, rotary_base=base)
        layers.append(_filled(block, {key: arrays[_path(number, key)] for key in block.params}))
    last = {key: arrays[f"last_norm/{key}"] for key in ("gamma", "beta")}
    output = {"kernel": table.T, "bias": np.zeros(vocabulary)}  # the same table, read backwards
    layers += [
        _filled(nn.LayerNormalization(features), last),
        _filled(nn.Dense(features, vocabulary), output),
    ]
    return nn.Sequential(layers)


def write(
    model: nn.Sequential,
    prompt: npt.ArrayLike,
    n: int,
    choose: Callable[[Array], Array],
    rng: np.random.Generator,
    context: int,
) -> npt.NDArray[np.int64]:
    """Go on with each of several texts by `n` ids, drawn one after the other.

    Parameters
    ----------
    model : Sequential
        Ids (batch, steps) to logits (batch, steps, vocabulary).
    prompt : array_like of shape (batch, steps)
        How the texts begin.
    n : int
    choose : callable
        Logits (batch, vocabulary) to the probabilities to draw from, of the same shape.
    rng : numpy.random.Generator
    context : int
        The last ids that the model sees.

    Returns
    -------
    ndarray of shape (batch, steps + n)
        The prompt and what follows.
    """
    ids = np.array(prompt, dtype=np.int64)
    if ids.ndim != 2 or ids.shape[1] == 0:
        checks.fail("prompt", "of shape (batch, steps), with at least one step", ids.shape)
    for _ in range(checks.integer("n", n)):
        logits = model.forward(ids[:, -context:])[:, -1]  # (batch, vocabulary)
        ids = np.concatenate([ids, sampling.draw(choose(logits), rng)[:, np.newaxis]], axis=1)
    return ids


def _path(number: int, key: str) -> str:
    """Return Keras's path of a block's parameter."""
    part, name = key.split(".")
    if part == "attention":
        which, kind = name.split("_")
        part, name = f"attention/{'attention_output' if which == 'output' else which}", kind
    return f"block_{number}_{part}/{name}"


def _filled(layer: Any, values: Mapping[str, npt.ArrayLike]) -> Any:
    for key, array in values.items():
        layer.params[key][...] = array
    return layer
