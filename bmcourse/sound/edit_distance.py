"""Edit distance between two rows of words, and the word error rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks


def edit_table(said: Sequence[Any], heard: Sequence[Any]) -> npt.NDArray[np.int64]:
    """Return the table whose cell (i, j) is the cost of turning i words said into j words heard.

    A word replaced, left out or put in costs 1 each. Levenshtein, 1966.

    Parameters
    ----------
    said, heard : sequence
        Words, or the letters of a string.

    Returns
    -------
    ndarray of int64, shape (len(said) + 1, len(heard) + 1)
        The edit distance is its last cell.

    Examples
    --------
    >>> edit_table("on", "one").tolist()
    [[0, 1, 2, 3], [1, 0, 1, 2], [2, 1, 0, 1]]
    """
    table = np.zeros((len(said) + 1, len(heard) + 1), dtype=np.int64)
    table[:, 0] = np.arange(len(said) + 1)
    table[0] = np.arange(len(heard) + 1)
    for i, word in enumerate(said, start=1):
        for j, other in enumerate(heard, start=1):
            table[i, j] = min(
                table[i - 1, j - 1] + (word != other),  # the same word, or one replaced
                table[i - 1, j] + 1,  # one left out
                table[i, j - 1] + 1,  # one put in
            )
    return table


@dataclass(frozen=True)
class Errors:
    """What one cheapest way from the words said to the words heard replaces, drops and adds."""

    replaced: int
    left_out: int
    put_in: int
    words: int

    @property
    def total(self) -> int:
        """Return the edit distance."""
        return self.replaced + self.left_out + self.put_in

    @property
    def rate(self) -> float:
        """Return errors over words said; above 1 where much is put in."""
        if not self.words:
            checks.fail("said", "a text with at least one word", "none")
        return self.total / self.words

    def __add__(self, other: Errors) -> Errors:
        """Add counts: the rate of a sum weighs each word alike."""
        mine, theirs = ((e.replaced, e.left_out, e.put_in, e.words) for e in (self, other))
        return Errors(*(a + b for a, b in zip(mine, theirs, strict=True)))


def word_errors(said: str, heard: str) -> Errors:
    """Count the errors of a recognised text, along one cheapest way through the table.

    Several ways can cost the same; from the end, a pair of words is preferred, then a word left
    out. The total does not depend on it.

    Parameters
    ----------
    said, heard : str
        Words separated by spaces. Nothing is changed: bring both to lower case before.

    Examples
    --------
    >>> found = word_errors("please try again", "please dry a gain")
    >>> found, found.total, round(found.rate, 2)
    (Errors(replaced=2, left_out=0, put_in=1, words=3), 3, 1.0)
    """
    for argument, text in (("said", said), ("heard", heard)):
        checks.instance(argument, text, str, '"please try again"')
    a, b = said.split(), heard.split()
    table, i, j = edit_table(a, b), len(a), len(b)
    replaced = left_out = put_in = 0
    while i or j:
        if i and j and table[i, j] == table[i - 1, j - 1] + (a[i - 1] != b[j - 1]):
            replaced += a[i - 1] != b[j - 1]
            i, j = i - 1, j - 1
        elif i and table[i, j] == table[i - 1, j] + 1:
            left_out, i = left_out + 1, i - 1
        else:
            put_in, j = put_in + 1, j - 1
    return Errors(replaced, left_out, put_in, len(a))
