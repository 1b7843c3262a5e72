"""Word vectors that were trained on far more text than this course could."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.datasets import shipped


@dataclass(frozen=True, eq=False, repr=False)
class WordVectors:
    """A vector for each of the commonest words.

    Attributes
    ----------
    title, licence, citation : str
    words : list of str
        Small letters, from the commonest on; punctuation counts as words.
    vectors : ndarray of shape (words, features), float32
    number : dict of str to int
        The row of each word.
    """

    title: str
    licence: str
    citation: str
    words: list[str]
    vectors: npt.NDArray[np.float32]
    number: dict[str, int]

    def __getitem__(self, word: str) -> npt.NDArray[np.float32]:
        """Return the vector of a word.

        Raises
        ------
        KeyError
            If the word has none.
        """
        if word not in self.number:
            raise KeyError(f"{word!r} is not among the {len(self.words):,} words")
        return self.vectors[self.number[word]]

    def nearest(
        self, vector: npt.ArrayLike, n: int = 5, without: tuple[str, ...] = ()
    ) -> list[tuple[str, float]]:
        """Return the words whose vectors point most nearly in the same direction.

        Parameters
        ----------
        vector : array_like of shape (features,)
        n : int
            How many words.
        without : tuple of str
            Words to leave out.

        Returns
        -------
        list of (str, float)
            Each with the cosine of the angle.
        """
        wanted = checks.array("vector", vector, shape=(self.vectors.shape[1],)).astype(np.float32)
        lengths = np.linalg.norm(self.vectors, axis=1) * max(float(np.linalg.norm(wanted)), 1e-12)
        cosine = self.vectors @ wanted / lengths
        order = np.argsort(-cosine, kind="stable")[: checks.integer("n", n) + len(without)]
        found = [(self.words[i], float(cosine[i])) for i in order if self.words[i] not in without]
        return found[:n]

    def describe(self) -> str:
        """Say in one line which data this is."""
        return f"{self.title}: {len(self.words):,} words, {self.vectors.shape[1]} numbers each"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def word_vectors(folder: Path = shipped.TEXTS) -> WordVectors:
    """Return GloVe's vectors of 50 numbers for the 20,000 commonest words.

    They were trained on Wikipedia of 2014 and on newspapers, six thousand million words in all.
    They ship in half precision.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.

    References
    ----------
    Pennington, Socher and Manning, GloVe: Global Vectors for Word Representation, 2014.

    Examples
    --------
    >>> glove = word_vectors()
    >>> [word for word, _ in glove.nearest(glove["river"], 2, without=("river",))]
    ['rivers', 'creek']
    """
    about = shipped.registry(folder)["word_vectors"]
    content = shipped.read(about["file"], about["sha256"], folder)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        stored: dict[str, npt.NDArray[Any]] = dict(arrays)
    words = stored["words"].tobytes().decode("utf-8").split("\n")
    numbers = {word: number for number, word in enumerate(words)}
    vectors = stored["vectors"].astype(np.float32)
    return WordVectors(about["title"], about["licence"], about["citation"], words, vectors, numbers)
