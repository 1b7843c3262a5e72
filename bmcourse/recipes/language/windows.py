"""Windows of a text: what a language model is trained on, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Ids = npt.NDArray[np.int32]


def draw(ids: npt.ArrayLike, n: int, length: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
    """Return `n` windows at random places, and the same windows one id further on.

    Parameters
    ----------
    ids : array_like of shape (many,)
        The text; longer than `length`.
    n, length : int
    rng : numpy.random.Generator

    Returns
    -------
    inputs, targets : ndarray of shape (n, length), int32
        ``targets[:, i]`` comes after ``inputs[:, i]``.

    Examples
    --------
    >>> x, y = draw(np.arange(100), 2, 3, np.random.default_rng(0))
    >>> x[0], y[0]
    (array([82, 83, 84], dtype=int32), array([83, 84, 85], dtype=int32))
    """
    text = np.asarray(ids, dtype=np.int32)
    if len(text) <= checks.integer("length", length):
        checks.fail("ids", f"more than length={length} of them", len(text))
    starts = rng.integers(len(text) - length, size=checks.integer("n", n))
    places = starts[:, None] + np.arange(length + 1)  # (n, length + 1)
    windows = text[places]
    return windows[:, :-1], windows[:, 1:]


def surprises(
    model: Callable[[Ids], Any], ids: npt.ArrayLike, context: int, batch_size: int = 32
) -> npt.NDArray[Any]:
    """Return -log2 of the probability of each next id, in windows that overlap by one half.

    Parameters
    ----------
    model : callable
        Ids (batch, context) to logits (batch, context, vocabulary), such as
        ``keras.Model.predict_on_batch``.
    ids : array_like of shape (n,)
    context : int
        An even number.
    batch_size : int
        Windows at once.

    Returns
    -------
    ndarray of shape (windows, context)
        In column i the model has seen i + 1 ids. NaN where the text has ended.
    """
    text = np.asarray(ids, dtype=np.int32)
    half = checks.integer("context", context, at_least=2) // 2
    if context % 2:
        checks.fail("context", "an even number", context)
    starts = np.arange(0, max(len(text) - 1 - half, 1), half)
    padded = np.append(text, np.zeros(context, np.int32))
    places = starts[:, None] + np.arange(context + 1)  # (windows, context + 1)
    windows = padded[places]
    found = []
    for first in range(0, len(windows), batch_size):
        part = windows[first : first + batch_size]
        found.append(_bits(np.asarray(model(part[:, :-1])), part[:, 1:]))
    return np.where(places[:, 1:] < len(text), np.concatenate(found), np.nan)


def joined(bits: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return one number for each id but the first, from the windows of `surprises`.

    Each id is judged in the window in which it stands in the second half, so that the model has
    seen at least half a context before it; the first ones in the first window.
    """
    half = bits.shape[1] // 2
    whole = np.concatenate([bits[0, :half], bits[:, half:].reshape(-1)])
    return whole[~np.isnan(whole)]


def _bits(logits: npt.NDArray[Any], targets: Ids) -> npt.NDArray[Any]:
    top = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
    chosen = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return (total - chosen) / np.log(2)
