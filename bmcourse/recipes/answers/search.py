"""The book's search: words and vectors, each and together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from bmcourse.checks import Array
from bmcourse.recipes.answers import book, vectors
from bmcourse.recipes.answers.bm25 import BM25, stems
from bmcourse.recipes.answers.fusion import weighted
from bmcourse.recipes.answers.passages import Passage
from bmcourse.recipes.answers.questions import Question


class Encoder(Protocol):
    """What makes vectors of length 1 from texts: MiniLM, or its stored vectors."""

    def encode(self, texts: Sequence[str], /) -> Array:
        """Return a vector a text."""
        ...


SHARE = 0.3  # of BM25 in the weighted sum, chosen on the validation questions


class Search:
    """Searches over the stored passages of this book.

    Parameters
    ----------
    encoder : Encoder
        For the questions; the passages' vectors are stored.

    Attributes
    ----------
    passages : tuple of Passage
    words : BM25
    table : ndarray of shape (passages, features)
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.passages = encoder, book.passages()
        self.words = BM25([passage.whole for passage in self.passages], cut=stems)
        self.table = vectors.stored()
        self.number = {passage.name: place for place, passage in enumerate(self.passages)}

    def by_words(self, texts: Sequence[str]) -> Array:
        """Return BM25's scores, shape (questions, passages)."""
        return np.array([self.words.scores(text) for text in texts])

    def by_vectors(self, texts: Sequence[str]) -> Array:
        """Return the cosines of MiniLM's vectors, shape (questions, passages)."""
        return np.asarray(self.encoder.encode(texts) @ self.table.T)

    def right(self, asked: Sequence[Question]) -> list[list[int]]:
        """Return for each question the numbers of the passages that answer it."""
        return [[self.number[name] for name in question.passages] for question in asked]

    def best(self, text: str, k: int, share: float = SHARE) -> list[Passage]:
        """Return the k passages with the highest weighted sum, the best one first."""
        scores = weighted(self.by_words([text]), self.by_vectors([text]), share)[0]
        return [self.passages[place] for place in np.argsort(-scores, kind="stable")[:k]]
