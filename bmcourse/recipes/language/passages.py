"""Vectors of ids, learned by finding the passage that goes on with a passage.

A passage is the mean of its ids' vectors, with length 1. Of all second passages of a batch, the one
that stands behind the first should point most nearly in its direction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from bmcourse import checks, nn
from bmcourse.recipes.language.masked import Corpus, Ids

Array = npt.NDArray[Any]


def counted(passages: npt.ArrayLike, vocabulary: int) -> Any:
    """Return the share of each id in each passage: a sparse matrix (passages, vocabulary)."""
    ids = np.asarray(passages)
    rows = np.repeat(np.arange(len(ids)), ids.shape[1])
    shares = np.full(ids.size, 1 / ids.shape[1], np.float32)
    return sparse.csr_matrix((shares, (rows, ids.ravel())), shape=(len(ids), vocabulary))


def unit(x: Array) -> tuple[Array, Array]:
    """Return the rows of x (n, features) with length 1, and their lengths (n, 1)."""
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    return x / lengths, lengths


def find_next(
    table: Array, first: npt.ArrayLike, second: npt.ArrayLike, temperature: float = 0.07
) -> tuple[float, Array, float]:
    """Return the loss, its gradient with respect to the table, and the share that was found.

    Parameters
    ----------
    table : ndarray of shape (vocabulary, features)
    first, second : array_like of shape (n, length)
        Row i of `second` goes on with row i of `first`.
    temperature : float
        The cosines are divided by it before the softmax over the n second passages.

    References
    ----------
    van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive Coding",
    2018.
    """
    checks.same_length(first=np.asarray(first), second=np.asarray(second))
    a, b = (counted(side, len(table)) for side in (first, second))
    (u, u_length), (v, v_length) = unit(a @ table), unit(b @ table)
    logits = u @ v.T / np.float32(temperature)  # (n, n); the right ones on the diagonal
    judge, diagonal = nn.SparseCategoricalCrossentropy(), np.arange(len(logits))
    loss = judge.forward(logits, diagonal)
    gradient = judge.backward()  # (n, n)
    du, dv = gradient @ v / temperature, gradient.T @ u / temperature
    da = (du - u * (u * du).sum(axis=1, keepdims=True)) / u_length
    db = (dv - v * (v * dv).sum(axis=1, keepdims=True)) / v_length
    return loss, a.T @ da + b.T @ db, float((logits.argmax(axis=1) == diagonal).mean())


def train(
    table: Array,
    corpus: Corpus,
    steps: int,
    *,
    passages: int = 256,
    length: int = 30,
    rate: float = 1e-3,
    rng: np.random.Generator,
) -> list[tuple[float, float]]:
    """Change the table in place by Adam; return each step's loss and share found."""
    optimizer, found = nn.Adam(rate), []
    for _ in range(checks.integer("steps", steps)):
        loss, gradient, right = find_next(table, *corpus.neighbours(passages, length, rng))
        optimizer.step([(table, np.asarray(gradient, table.dtype))])
        found.append((loss, right))
    return found


def near(ids: Ids, vocabulary: int, features: int, window: int = 8) -> npt.NDArray[np.float32]:
    """Return vectors of ids that tell which others stand near them, without any training.

    Pointwise mutual information of two ids at most `window` places apart, negative values set to
    0, the counts of neighbours to the power of 3/4; then its largest singular vectors, each
    times the root of its value.

    References
    ----------
    Levy, Goldberg and Dagan, "Improving Distributional Similarity with Lessons Learned from Word
    Embeddings", 2015.
    """
    text, pairs = np.asarray(ids, np.int64), np.zeros(vocabulary**2)
    for distance in range(1, checks.integer("window", window) + 1):
        pairs += np.bincount(
            text[:-distance] * vocabulary + text[distance:], minlength=vocabulary**2
        )
    counts = pairs.reshape(vocabulary, vocabulary)
    counts += counts.T.copy()
    each = counts.sum(axis=1)
    smooth = each**0.75 / (each**0.75).sum()
    expected = np.maximum(each, 1)[:, np.newaxis] * smooth
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.nan_to_num(np.log(counts / expected), nan=0, neginf=0, posinf=0)
    left, values, _ = randomized_svd(np.maximum(information, 0), features, random_state=0)
    return (left * np.sqrt(values)).astype(np.float32)
