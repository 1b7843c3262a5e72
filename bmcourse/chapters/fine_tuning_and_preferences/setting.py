"""What all experiments of the chapter share: the trained GPT, its tokenizer, texts to judge on."""

from __future__ import annotations

from typing import Any

import numpy as np

from bmcourse import nn, text, weights
from bmcourse.chapters.fine_tuning_and_preferences.names import KNOWN, NEW, named
from bmcourse.recipes.language import austen, tuning
from bmcourse.recipes.language.numpy_gpt import numpy_gpt


class Setting:
    """The GPT of the novels, questions about names, and held-out text.

    Attributes
    ----------
    cut : Splits
        The novels' parts.
    tokenizer : BytePairTokenizer
    sentences : dict of str to Named
        ``training`` (1,200), ``validation``, ``test``, and ``new names`` (from a new novel).
    questions : dict of str to Batch
        The same, in ids.
    held_out : ndarray
        Ids of 12,000 characters of the novels' ends: what a tuned model must not forget.
    """

    def __init__(self) -> None:
        self.cut = austen.splits()
        self.tokenizer = text.BytePairTokenizer.train([self.cut.training], vocab_size=1024)
        rng = np.random.default_rng(24)
        parts: dict[str, tuple[str, tuple[str, ...], int]] = {
            "training": (self.cut.training, KNOWN, 1200),
            "validation": (self.cut.validation, KNOWN, 100),
            "test": (self.cut.ends, KNOWN, 106),
            "new names": (self.cut.novel, NEW, 100),
        }
        self.sentences = {
            part: named(source, names, rng)[:most] for part, (source, names, most) in parts.items()
        }
        self.questions = {
            part: sentences.batch(self.tokenizer) for part, sentences in self.sentences.items()
        }
        self.held_out = np.array(self.tokenizer.encode(self.cut.ends[-12_000:]))
        self._ids = {
            "training": self.tokenizer.encode(self.cut.training[300_000:420_000]),
            "ends": self.tokenizer.encode(self.cut.ends[:100_000]),
        }
        self._arrays = weights.load("gpt_novels")
        self.weights = sum(array.size for array in self._arrays.values())

    def ids(self, part: str) -> list[int]:
        """Return a stretch of ``"training"`` text, or of the novels' ``"ends"``, in ids."""
        return self._ids[part]

    def fresh(self) -> nn.Sequential:
        """Return the trained GPT, as it came from the novels."""
        return numpy_gpt(self._arrays, heads=4)

    def bits(self, model: Any) -> float:
        """Return bits a character on the held-out text."""
        return tuning.bits_a_character(model, self.tokenizer, self.held_out)
