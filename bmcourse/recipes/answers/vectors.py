"""The passages' vectors by MiniLM: stored, since a thousand of them take minutes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bmcourse import checks, weights
from bmcourse.checks import Array
from bmcourse.recipes.answers.chinese import translated
from bmcourse.recipes.answers.questions import questions

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


class StoredEncoder:
    """The questions' vectors, for those who do not have MiniLM: it knows these texts alone."""

    def __init__(self) -> None:
        arrays = weights.load("question_vectors")
        near = arrays["codes"] * arrays["scale"]
        near = near / np.linalg.norm(near, axis=1, keepdims=True)
        self.rows = dict(zip(known_texts(), near.astype(np.float32), strict=True))

    def encode(self, texts: Sequence[str]) -> Array:
        """Return a vector of length 1 for each text, shape (texts, features)."""
        missing = [text for text in texts if text not in self.rows]
        if missing:
            checks.fail("texts", "questions of the stored set", repr(missing[0]))
        return np.array([self.rows[text] for text in texts])


def known_texts() -> list[str]:
    """Return the texts whose vectors are stored: each question, and the Chinese ones twice."""
    asked = questions()
    chinese = [question.chinese for question in asked if question.chinese]
    told = [*(q.english for q in asked), *chinese, *map(translated, chinese)]
    return list(dict.fromkeys(told))
