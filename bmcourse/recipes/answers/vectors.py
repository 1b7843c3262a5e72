"""The passages' vectors by MiniLM: stored, since a thousand of them take minutes."""

from __future__ import annotations

import numpy as np

from bmcourse import weights
from bmcourse.checks import Array

LEVELS = 7  # whole numbers from -7 to 7 for each number of a vector: four bits


def rounded(vectors: Array) -> tuple[Array, Array]:
    """Return whole numbers and a scale for each row, so that codes times scale is near the row."""
    scale = np.abs(vectors).max(axis=1, keepdims=True) / LEVELS
    return np.rint(vectors / scale), scale


def stored() -> Array:
    """Return a vector of length 1 for each passage, in the passages' order."""
    arrays = weights.load("passage_vectors")
    vectors = arrays["codes"] * arrays["scale"]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
