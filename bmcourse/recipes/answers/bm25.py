"""BM25: passages ranked by the words that they share with a question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from bmcourse import checks
from bmcourse.checks import Array

Cut = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """Return a text's words and numbers in small letters; each Chinese sign is a word.

    Examples
    --------
    >>> words("The model's loss fell to 0.5. 损失")
    ['the', 'model', 's', 'loss', 'fell', 'to', '0', '5', '损', '失']
    """
    return re.findall(r"[\u4e00-\u9fff]|[^\W_\u4e00-\u9fff]+", text.lower())


def stems(text: str) -> list[str]:
    """Return words with a few English endings cut off, so that "layers" meets "layer".

    Examples
    --------
    >>> stems("Layers were trained; training ran.")
    ['layer', 'were', 'train', 'train', 'ran']
    """
    return [_stem(word) for word in words(text)]


def _stem(word: str) -> str:
    if word.endswith("ss") or word.endswith("sses"):
        return word.removesuffix("es")
    for ending in ("ings", "ing", "edly", "ed", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def rarity(documents: int, holding: Array) -> Array:
    """Return the weight of a word that `holding` of the passages hold: log(1 + odds against it).

    Examples
    --------
    >>> rarity(3, np.array([1, 3])).round(3).tolist()
    [0.981, 0.134]
    """
    holding = np.asarray(holding, float)
    return np.log1p((documents - holding + 0.5) / (holding + 0.5))


class BM25:
    """An index over passages, by words.

    The score of a passage for a question is a sum over the question's words: the word's rarity,
    times ``n / (n + k1 (1 - b + b length / mean length))``, where n is how often the
    passage has it.

    Parameters
    ----------
    texts : sequence of str
    k1 : float
        How slowly a word's repetitions stop to count; at 0 only its presence counts.
    b : float in [0, 1]
        How much a long passage is held to have words by chance.
    cut : callable
        A text to its words.

    References
    ----------
    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. The
    weight of a word that is never negative is that of Lucene.
    """

    def __init__(
        self, texts: Sequence[str], k1: float = 1.5, b: float = 0.75, cut: Cut = words
    ) -> None:
        k1, b = checks.number("k1", k1, at_least=0), checks.number("b", b, at_least=0, at_most=1)
        self.cut = cut
        counts = [Counter(cut(text)) for text in texts]
        self.number = {word: i for i, word in enumerate(sorted(set().union(*counts)))}
        rows = np.repeat(np.arange(len(counts)), [len(count) for count in counts])
        columns = np.array([self.number[word] for count in counts for word in count], int)
        n = np.array([times for count in counts for times in count.values()], float)
        length = np.array([sum(count.values()) for count in counts], float)
        self.rarity = rarity(len(counts), np.bincount(columns, minlength=len(self.number)))
        damped = n / (n + k1 * (1 - b + b * (length / length.mean())[rows]))
        shape = (len(counts), len(self.number))
        self.table = sparse.csc_matrix((self.rarity[columns] * damped, (rows, columns)), shape)

    def scores(self, question: str) -> Array:
        """Return each passage's score; a word that the question repeats counts each time."""
        asked = np.zeros(len(self.number))
        for word in self.cut(question):
            if word in self.number:
                asked[self.number[word]] += 1
        return np.asarray(self.table @ asked)
