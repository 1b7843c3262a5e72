"""What BERT is trained on: pairs of passages, and places that are hidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.recipes.language.bert import CLASS, MASK, PADDING, SEPARATOR, SPECIALS
from bmcourse.text import clean

Ids = npt.NDArray[np.int32]
SIGN = re.compile(r"([^\w\s'’-])")
END = re.compile(r"(?<=[.!?]) (?![.!?])")


def spaced(text: str) -> str:
    """Return a text in small letters, each punctuation mark a word of its own.

    Examples
    --------
    >>> spaced("It's good, really!")
    "it's good , really !"
    """
    return " ".join(SIGN.sub(r" \1 ", clean(text)).split())


def sentences(text: str) -> list[str]:
    """Cut a text that `spaced` made after each full stop, question or exclamation mark.

    Examples
    --------
    >>> sentences("it's good , really ! see it .")
    ["it's good , really !", ' see it .']
    """
    first, *others = END.split(text)
    return [first, *(f" {other}" for other in others)]


@dataclass(frozen=True)
class Corpus:
    """Texts in ids, one after the other.

    Attributes
    ----------
    ids : ndarray of shape (many,), int32
    starts : ndarray of shape (sentences,)
        Where each sentence begins.
    text : ndarray of shape (sentences,)
        The number of the text to which each sentence belongs.
    ends : ndarray of shape (texts,)
        Where each text ends.
    """

    ids: Ids
    starts: npt.NDArray[np.int64]
    text: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str], encode: Callable[[str], list[int]]) -> Corpus:
        """Return the corpus of texts that `spaced` made; ids rise by `SPECIALS`."""
        ids: list[Any] = []
        starts, owner, ends, place = [], [], [], 0
        for number, text in enumerate(texts):
            for sentence in sentences(text):
                found = encode(sentence)
                starts.append(place)
                owner.append(number)
                ids.append(np.array(found, np.int32))
                place += len(found)
            ends.append(place)
        whole = np.concatenate(ids) + SPECIALS
        return cls(whole.astype(np.int32), np.array(starts), np.array(owner), np.array(ends))

    def pairs(self, n: int, length: int, rng: np.random.Generator) -> tuple[Ids, Ids, Ids]:
        """Draw `n` pairs of passages: half of the second ones go on with the first.

        The others come from another text of the same corpus. Every row is full.

        Returns
        -------
        ids, segments : ndarray of shape (n, length), int32
            ``[CLASS] first [SEPARATOR] second [SEPARATOR]``; segment 0, then 1.
        follows : ndarray of shape (n,), int32
            1 where the second goes on with the first.
        """
        room = checks.integer("length", length, at_least=9) - 3
        half = room // 2
        left = self.ends[self.text] - self.starts  # ids from each sentence to the end of its text
        second = np.flatnonzero(left >= room - half)
        # The first passage ends where a sentence begins, behind `half` ids of the same text.
        before = self.starts - np.concatenate([[0], self.ends[:-1]])[self.text]
        split = np.flatnonzero((left >= room - half) & (before >= half))
        at = rng.choice(split, n)
        follows = rng.random(n) < 0.5
        other = rng.choice(second, n)
        same = self.text[other] == self.text[at]
        while same.any():
            other[same] = rng.choice(second, int(same.sum()))
            same = self.text[other] == self.text[at]
        begins = self.starts[np.where(follows, at, other)]
        ids = np.full((n, length), SEPARATOR, np.int32)
        ids[:, 0] = CLASS
        ids[:, 1 : 1 + half] = self.ids[self.starts[at][:, None] - half + np.arange(half)]
        ids[:, 2 + half : -1] = self.ids[begins[:, None] + np.arange(room - half)]
        segments = np.zeros((n, length), np.int32)
        segments[:, 2 + half :] = 1
        return ids, segments, follows.astype(np.int32)

    def neighbours(self, n: int, length: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        """Draw two passages side by side from each of `n` different texts.

        Returns
        -------
        first, second : ndarray of shape (n, length), int32
        """
        begins = np.concatenate([[0], self.ends[:-1]])
        room = self.ends - begins - 2 * checks.integer("length", length)
        chosen = rng.choice(np.flatnonzero(room >= 0), n, replace=False)
        starts = begins[chosen] + (rng.random(n) * (room[chosen] + 1)).astype(int)
        places = starts[:, np.newaxis] + np.arange(2 * length)
        return self.ids[places[:, :length]], self.ids[places[:, length:]]


def hide(ids: Ids, masked: int, vocabulary: int, rng: np.random.Generator) -> tuple[Ids, Ids, Ids]:
    """Hide `masked` places of each row: eight of ten behind `MASK`, one behind a random id.

    One of ten stays as it is. Special ids are never hidden.

    Returns
    -------
    seen : ndarray of shape (n, length), int32
        What the network reads.
    places, targets : ndarray of shape (n, masked), int32
        Which places, and what stood there.
    """
    order = np.argsort(rng.random(ids.shape) + (ids < SPECIALS), axis=1)
    places = order[:, : checks.integer("masked", masked)].astype(np.int32)
    targets = np.take_along_axis(ids, places, axis=1)
    kind = rng.random(places.shape)
    random = rng.integers(SPECIALS, vocabulary, size=places.shape)
    shown = np.where(kind < 0.8, MASK, np.where(kind < 0.9, random, targets))
    seen = ids.copy()
    np.put_along_axis(seen, places, shown.astype(np.int32), axis=1)
    return seen, places, targets


def padded(
    texts: Sequence[str], encode: Callable[[str], list[int]], length: int
) -> tuple[Ids, Ids]:
    """Return ids and segments (n, length) of single texts; longer ones are cut."""
    ids = np.full((len(texts), length), PADDING, np.int32)
    for row, text in zip(ids, texts, strict=True):
        found = [CLASS, *(i + SPECIALS for i in encode(text)[: length - 2]), SEPARATOR]
        row[: len(found)] = found
    return ids, np.zeros_like(ids)
