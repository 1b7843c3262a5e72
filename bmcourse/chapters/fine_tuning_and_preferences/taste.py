"""A taste for conversation: prompts, and two judges that learned from different novels."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import datasets

FIRST, SECOND = ("Sense and Sensibility", "Mansfield Park"), ("Pride and Prejudice", "Emma")


def snippets(text: str, words: int = 9) -> tuple[list[str], list[str]]:
    """Return pieces of speech, and of what stands between speeches, without quotation marks.

    Examples
    --------
    >>> speech, other = snippets('"I am glad of it, I own." He went away to her.\\n\\n', words=4)
    >>> speech, other
    (['I am glad of'], ['He went away to'])
    """
    found: tuple[list[str], list[str]] = ([], [])
    for paragraph in re.split(r"\n\n+", text):
        parts = paragraph.split('"')
        if len(parts) % 2 == 0:  # a mark without its partner
            continue
        for place, part in enumerate(parts):
            pieces = part.split()
            for first in range(0, len(pieces) - words + 1, words):
                found[1 - place % 2].append(" ".join(pieces[first : first + words]))
    return found


class Judge:
    """Logistic regression: how sure is it that a piece of text is somebody's speech?

    Parameters
    ----------
    titles : tuple of str
        The novels that it learns from.
    kind : "word" or "char"
        What it counts: words, or runs of two to four characters.
    most : int
        Pieces of each kind.
    """

    def __init__(self, titles: tuple[str, ...], kind: str, most: int = 2500) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        runs = (1, 1) if kind == "word" else (2, 4)
        features = TfidfVectorizer(analyzer=kind, ngram_range=runs, min_df=3)
        self._model: Any = make_pipeline(features, LogisticRegression(C=3.0))
        texts, labels = examples(titles, most)
        self._model.fit(texts, labels)

    def __call__(self, texts: list[str]) -> npt.NDArray[np.float64]:
        """Return P(speech) of each text; quotation marks are not looked at."""
        plain = [" ".join(text.replace('"', " ").split()) for text in texts]
        return np.asarray(self._model.predict_proba(plain)[:, 1])


def examples(
    titles: tuple[str, ...], most: int, skip: int = 0
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return `most` pieces of speech and as many of the rest, and their labels 1 and 0."""
    speech: list[str] = []
    other: list[str] = []
    for title in titles:
        text = datasets.novels().texts[title]
        for kind, pieces in zip((speech, other), snippets(text), strict=True):
            order = np.random.default_rng(1).permutation(len(pieces))
            kind += [pieces[i] for i in order[skip : skip + most // len(titles)]]
    return speech + other, np.repeat([1, 0], [len(speech), len(other)])


def prompts(ids: npt.ArrayLike, n: int, length: int, rng: np.random.Generator) -> list[list[int]]:
    """Return `n` passages of `length` ids, from random places of a text."""
    text = np.asarray(ids)
    starts = rng.integers(len(text) - length, size=n)
    return [text[start : start + length].tolist() for start in starts]
