"""Jane Austen's novels as characters: the parts, the network, and its bits a character."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bmcourse import datasets, nn

Ids = npt.NDArray[np.int64]
UNITS, FEATURES = 128, 32


class Characters(NamedTuple):
    """The six novels, each cut in two: its beginning to learn from, its end to be judged by.

    Attributes
    ----------
    alphabet : str
        All characters that occur; the number of each is its place.
    train, validation, test : ndarray of int
        The first 88 % of each novel, then 2 %, then the last 10 %, joined.
    """

    alphabet: str
    train: Ids
    validation: Ids
    test: Ids


def characters() -> Characters:
    """Return the novels as numbers of characters."""
    books = list(datasets.novels().texts.values())
    alphabet = "".join(sorted(set("".join(books))))
    number = {letter: place for place, letter in enumerate(alphabet)}
    parts: tuple[list[Ids], ...] = ([], [], [])
    for book in books:
        ids = np.array([number[letter] for letter in book], np.int64)
        cuts = np.array([0.88, 0.90]) * len(ids)
        for part, piece in zip(parts, np.split(ids, cuts.astype(int)), strict=True):
            part.append(piece)
    return Characters(alphabet, *map(np.concatenate, parts))


def network(symbols: int, rng: np.random.Generator | int) -> nn.Sequential:
    """Return an untrained character model: a vector for each symbol, an LSTM, and a dense layer."""
    draws = np.random.default_rng(rng)
    layers = [
        nn.Embedding(symbols, FEATURES, rng=draws),
        nn.LSTM(FEATURES, UNITS, return_sequences=True, rng=draws),
        nn.Dense(UNITS, symbols, rng=draws),
    ]
    return nn.Sequential(layers)


def windows(ids: Ids, length: int, starts: npt.ArrayLike) -> Ids:
    """Return the symbols of each window, and the one behind it, shape (starts, length + 1)."""
    return ids[np.asarray(starts)[:, np.newaxis] + np.arange(length + 1)]


def train(
    model: nn.Sequential,
    ids: Ids,
    steps: int,
    rng: np.random.Generator | int,
    *,
    rate: float = 0.01,
    batch: int = 16,
    length: int = 64,
) -> list[float]:
    """Train on windows drawn at random, each from an empty state; return the bits at each step."""
    draws = np.random.default_rng(rng)
    loss = nn.SparseCategoricalCrossentropy()
    optimizer = nn.Adam(lambda step: rate * (1 - step / steps), global_clipnorm=1.0)
    bits = []
    for _ in range(steps):
        text = windows(ids, length, draws.integers(0, len(ids) - length, batch))
        bits.append(float(loss.forward(model.forward(text[:, :-1]), text[:, 1:]) / np.log(2)))
        model.backward(loss.backward())
        optimizer.step(model.params_and_grads())
    return bits


def bits_of(model: nn.Sequential, text: Ids, skip: int = 0) -> npt.NDArray[np.floating]:
    """Return -log2 of the probability of each symbol after the first `skip` + 1 of each row.

    Parameters
    ----------
    model : Sequential
    text : ndarray of int, shape (rows, steps + 1)
    skip : int
        Symbols at the start of each row that are read, and not counted.
    """
    logits = model.forward(text[:, :-1]).astype(np.float64)
    logits -= logits.max(axis=-1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    found = np.take_along_axis(logs, text[:, 1:, np.newaxis], axis=-1)[..., 0]
    return -found[:, skip:] / np.log(2)
