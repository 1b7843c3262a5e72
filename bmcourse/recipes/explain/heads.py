"""Attention heads of the course's own GPT: find those that copy, switch heads off, blind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn

Array = npt.NDArray[Any]


def attentions(model: nn.Sequential) -> list[nn.MultiHeadAttention]:
    """Return the attention of each block of a `numpy_gpt`, first block first."""
    blocks = [layer for layer in model.layers if isinstance(layer, nn.TransformerBlock)]
    parts = [block.parts["attention"] for block in blocks]
    return [part for part in parts if isinstance(part, nn.MultiHeadAttention)]


def repeated(ids: npt.ArrayLike) -> Array:
    """Return each row (batch, steps) twice, one after the other: (batch, 2 * steps)."""
    rows = np.asarray(ids)
    return np.concatenate([rows, rows], axis=1)


def induction_scores(model: nn.Sequential, ids: npt.ArrayLike) -> Array:
    """Return how much each head looks at the piece that came after the same piece before.

    Olsson and others, "In-context Learning and Induction Heads", 2022.

    Parameters
    ----------
    model : Sequential
        A `numpy_gpt`.
    ids : array_like of shape (batch, steps)
        They are shown twice; the score is the mean weight in the second showing.

    Returns
    -------
    ndarray of shape (blocks, heads)
        From 0 to 1. A head that looks at all places alike has about ``1 / (1.5 * steps)``.
    """
    rows = np.asarray(ids)
    steps = rows.shape[1]
    model.forward(repeated(rows))
    query = np.arange(steps, 2 * steps)
    found = [layer.weights[:, :, query, query - steps + 1] for layer in attentions(model)]
    return np.stack([weights.mean(axis=(0, 2)) for weights in found])


def looks_back(model: nn.Sequential, ids: npt.ArrayLike) -> Array:
    """Return how much each head looks one place back, the mean over all places but the first.

    Parameters
    ----------
    model : Sequential
        A `numpy_gpt`.
    ids : array_like of shape (batch, steps)

    Returns
    -------
    ndarray of shape (blocks, heads)
    """
    rows = np.asarray(ids)
    model.forward(rows)
    query = np.arange(1, rows.shape[1])
    found = [layer.weights[:, :, query, query - 1] for layer in attentions(model)]
    return np.stack([weights.mean(axis=(0, 2)) for weights in found])


@contextmanager
def switched_off(model: nn.Sequential, block: int, head: int) -> Iterator[None]:
    """Let one head add nothing to its block while the ``with`` lasts; then put it back."""
    kernel = _attention_with(model, block, head).params["output_kernel"][head]
    kept = kernel.copy()  # (key_dim, features)
    kernel[...] = 0
    try:
        yield
    finally:
        kernel[...] = kept


@contextmanager
def blind(model: nn.Sequential, block: int, head: int, back: int = 1) -> Iterator[None]:
    """Let one head look everywhere but `back` places back while the ``with`` lasts.

    Its softmax shares the weight among the places that are left.
    """
    layer = _attention_with(model, block, head)
    checks.integer("back", back, at_least=1)
    as_before = layer.allowed

    def allowed(mask: npt.ArrayLike | None) -> Array:
        steps = layer.x.shape[1]
        before = as_before(mask)
        may = np.ones((len(layer.x), layer.num_heads, steps, steps), dtype=bool)
        if before is not None:
            may &= before
        query = np.arange(back, steps)
        may[:, head, query, query - back] = False
        return may

    with mock.patch.object(layer, "allowed", allowed):
        yield


def _attention_with(model: nn.Sequential, block: int, head: int) -> nn.MultiHeadAttention:
    """Return the attention of a block, or refuse a block or a head that is not there."""
    layers = attentions(model)
    for name, number, many in (
        ("block", block, len(layers)),
        ("head", head, layers[0].num_heads),
    ):
        if checks.integer(name, number, at_least=0) >= many:
            checks.fail(name, f"below {many}", number)
    return layers[block]
