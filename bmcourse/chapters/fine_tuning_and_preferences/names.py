"""Questions with a right answer, from the novels: which person does a sentence name?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from bmcourse.recipes.language.tuning import Batch, batch

KNOWN = (
    "Emma", "Elizabeth", "Darcy", "Elinor", "Marianne", "Fanny", "Edmund", "Catherine",
    "Knightley", "Harriet", "Jane", "Bingley", "Weston", "Crawford", "Willoughby", "Wickham",
)  # fmt: skip
NEW = ("Anne", "Wentworth", "Elliot", "Musgrove", "Russell", "Benwick", "Harville", "Louisa")
ASK = "\nWho?"


@dataclass(frozen=True)
class Named:
    """Sentences, each with the one person of a list that it names."""

    sentences: tuple[str, ...]
    names: tuple[str, ...]

    def __getitem__(self, rows: slice) -> Named:
        """Return some of them."""
        return Named(self.sentences[rows], self.names[rows])

    def __len__(self) -> int:
        return len(self.names)

    def questions(self, tokenizer: Any) -> list[list[int]]:
        """Return ids of each sentence with the question behind it."""
        return [tokenizer.encode(sentence + ASK) for sentence in self.sentences]

    def answers(self, tokenizer: Any) -> list[list[int]]:
        """Return ids of each name and the end of the line."""
        return [tokenizer.encode(f" {name}\n") for name in self.names]

    def batch(self, tokenizer: Any) -> Batch:
        """Return questions and answers; only the answers count."""
        return batch(self.questions(tokenizer), self.answers(tokenizer))


def named(text: str, names: tuple[str, ...], rng: np.random.Generator, most: int = 90) -> Named:
    """Return the sentences of a text that name exactly one of `names`, once, in random order.

    Only those of 20 to `most` characters.

    Examples
    --------
    >>> found = named("Emma was very happy that day. It rained again and again.", KNOWN,
    ...               np.random.default_rng(0))
    >>> found.names, found.sentences
    (('Emma',), ('Emma was very happy that day.',))
    """
    pattern = re.compile(r"\b(" + "|".join((*KNOWN, *NEW)) + r")\b")
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n\n+", text):
        flat = " ".join(sentence.split())
        hits = pattern.findall(flat)
        if 20 <= len(flat) <= most and len(hits) == 1 and hits[0] in names:
            found.append((flat, hits[0]))
    order = rng.permutation(len(found))
    return Named(tuple(found[i][0] for i in order), tuple(found[i][1] for i in order))
