"""How well a search finds: recall at k, reciprocal rank, and gaps with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.recipes.answers.fusion import ranks


def first_ranks(scores: Array, right: Sequence[Sequence[int]]) -> Array:
    """Return the best rank among each question's right passages, 1 for the first.

    Parameters
    ----------
    scores : ndarray of shape (questions, passages)
    right : sequence of sequences of int
        For each question the numbers of the passages that answer it, one or more.

    Examples
    --------
    >>> first_ranks(np.array([[0.1, 0.9, 0.5]]), [[0, 2]]).tolist()
    [2]
    """
    places = ranks(scores)
    checks.same_length(scores=places, right=np.empty(len(right)))
    if not all(len(rows) for rows in right):
        checks.fail("right", "a passage or more for each question", "none")
    return np.array([row[list(rows)].min() for row, rows in zip(places, right, strict=True)])


def recall_at(found: Array, k: int) -> Array:
    """Return 1 for each question with a right passage among the first k, else 0."""
    return (np.asarray(found) <= checks.integer("k", k)).astype(float)


@dataclass(frozen=True)
class Mean:
    """A mean over questions with its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.2f} [{self.low:.2f}, {self.high:.2f}]"


def over_questions(
    values: Array, *, groups: Sequence[str] | None = None, rng: np.random.Generator | int = 0,
    repeats: int = 2000,
) -> Mean:  # fmt: skip
    """Return the mean of one value a question, and a percentile bootstrap interval.

    The interval covers the luck of the questions alone: passages and searches stay. Where several
    questions belong to one section, give their `groups`: sections are drawn then, whole.

    Examples
    --------
    >>> print(over_questions(np.array([1.0] * 90 + [0.0] * 10)))
    0.90 [0.84, 0.96]
    """
    found = checks.array("values", values, ndim=1)
    names = np.arange(len(found)) if groups is None else np.unique(groups, return_inverse=True)[1]
    size = int(names.max()) + 1
    sums = np.bincount(names, weights=found, minlength=size)
    counts = np.bincount(names, minlength=size)
    drawn = checks.generator("rng", rng).integers(size, size=(repeats, size))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Mean(float(found.mean()), float(low), float(high))
