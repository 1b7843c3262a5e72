"""Six novels as pieces: what chapter 20 trains on, tunes on and is judged on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bmcourse import checks, datasets
from bmcourse.checks import Array
from bmcourse.nn import SparseCategoricalCrossentropy
from bmcourse.text import BytePairTokenizer

HELD_OUT = "Persuasion"  # never trained on, never tuned on
VALIDATION = 0.05  # the end of each other novel
Ids = npt.NDArray[np.int64]


class Model(Protocol):
    """What judging asks of a network."""

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return logits for a batch."""


@dataclass(frozen=True)
class Corpus:
    """Texts, and the same texts as ids.

    Attributes
    ----------
    tokenizer : BytePairTokenizer
    training, validation, test : str
        Five novels without their ends, these ends, and the sixth novel whole.
    ids : dict of str to ndarray of int
        The three texts as ids.
    characters : ndarray of shape (vocabulary,)
        Characters in each piece: its bytes, but those that only go on with a character.
    """

    tokenizer: BytePairTokenizer
    training: str
    validation: str
    test: str
    ids: dict[str, Ids]
    characters: Ids

    def batch(self, rng: np.random.Generator, size: int, length: int) -> tuple[Ids, Ids]:
        """Return random stretches of the training text, and the same one piece later."""
        ids = self.ids["training"]
        starts = rng.integers(0, len(ids) - length, size)
        window = ids[starts[:, np.newaxis] + np.arange(length + 1)]  # (size, length + 1)
        return window[:, :-1], window[:, 1:]

    def passages(self, part: str, count: int, windows: int, length: int) -> Ids:
        """Return passages spread evenly over a text, shape (count, windows, length + 1).

        A window begins with the last piece of the one before, so that no piece is left out.
        """
        ids, size = self.ids[part], windows * length
        if len(ids) < count * size + 1:
            checks.fail("count", f"at most {(len(ids) - 1) // size} passages", count)
        starts = self._starts(part, count, size)
        places = np.arange(windows)[:, np.newaxis] * length + np.arange(length + 1)
        return ids[starts[:, np.newaxis, np.newaxis] + places]

    def spans(self, part: str, count: int, windows: int, length: int) -> Ids:
        """Return where the same passages begin and end, counted in characters: (count, 2)."""
        size = windows * length
        reached = np.append(0, self.characters[self.ids[part]].cumsum())
        starts = self._starts(part, count, size) + 1  # the first piece is only read
        return np.stack([reached[starts], reached[starts + size]], axis=1)

    def bits(self, model: Model, passages: Ids) -> Array:
        """Return the bits a character that a model needs for each passage, shape (count,)."""
        loss, found = SparseCategoricalCrossentropy(), []
        for passage in passages:  # (windows, length + 1)
            targets = passage[:, 1:]
            nats = loss.forward(model.forward(passage[:, :-1]), targets) * targets.size
            found.append(nats / np.log(2) / self.characters[targets].sum())
        return np.array(found)

    def _starts(self, part: str, count: int, size: int) -> Ids:
        return np.linspace(0, len(self.ids[part]) - size - 1, count).astype(np.int64)


def corpus(vocabulary: int = 512, learned_from: int = 400_000) -> Corpus:
    """Read the novels, and learn the pieces from the first characters of the training text.

    Examples
    --------
    >>> data = corpus(300, learned_from=20_000)
    >>> data.tokenizer.decode(data.ids["test"][:20])[:10]
    'Persuasion'
    >>> int(data.characters[data.ids["test"]].sum()) == len(data.test)
    True
    """
    books = dict(datasets.novels().texts)
    test = books.pop(HELD_OUT)
    cuts = {title: round(len(text) * (1 - VALIDATION)) for title, text in books.items()}
    training = "\n".join(text[: cuts[title]] for title, text in books.items())
    validation = "\n".join(text[cuts[title] :] for title, text in books.items())
    tokenizer = BytePairTokenizer.train([training[:learned_from]], vocabulary)
    texts = {"training": training, "validation": validation, "test": test}
    ids = {part: np.array(tokenizer.encode(text)) for part, text in texts.items()}
    begins = [sum((byte & 0xC0) != 0x80 for byte in piece) for piece in tokenizer.pieces]
    return Corpus(tokenizer, training, validation, test, ids, np.array(begins))
