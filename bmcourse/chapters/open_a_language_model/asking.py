"""Ask a language model, and keep how sure it was of each token."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bmcourse import results
from bmcourse.checks import Array
from bmcourse.datasets import ModelFile
from bmcourse.datasets.formats.gguf import GGUFFile
from bmcourse.recipes.language.chat_tokenizer import END, ChatTokenizer, chat
from bmcourse.recipes.language.llama import Cache, Llama
from bmcourse.text import with_temperature

SHOWN = 3  # the likeliest tokens at each step


@dataclass(frozen=True)
class Answer:
    """What a model said, greedily.

    Attributes
    ----------
    ids : list of int
        Its tokens; with the end, if it came to one.
    pieces : list of str
    probabilities : list of float
        Of each of them.
    likely : list of list of (str, float)
        The likeliest tokens at each step, with their probabilities.
    """

    ids: list[int]
    pieces: list[str]
    probabilities: list[float]
    likely: list[list[tuple[str, float]]]

    @property
    def text(self) -> str:
        """The answer, without its end."""
        return "".join(piece for piece in self.pieces if piece != END)


class Asker:
    """A model that answers: live where the whole file is here, else with stored answers.

    Parameters
    ----------
    found : ModelFile

    Attributes
    ----------
    model : Llama or None
        None where only the sample is here.
    tokenizer : ChatTokenizer
    """

    def __init__(self, found: ModelFile) -> None:
        file = GGUFFile(found.content)
        self.tokenizer = ChatTokenizer.from_facts(file.facts)
        self.model = None if found.is_sample else Llama.from_file(file)

    def ask(self, question: str, most: int = 24) -> Answer:
        """Return the model's answer of at most so many tokens."""
        if self.model is None:
            return stored_answer(question, most)
        cache, ids, steps = Cache(self.model.shape), self.tokenizer.encode(chat(question)), []
        end = self.tokenizer.control[END]
        new = ids
        for _ in range(most):
            steps.append(with_temperature(self.model.next_logits(new, cache), 1.0))
            new = [int(steps[-1].argmax())]
            if new[0] == end:
                break
        return self._told(np.array(steps))

    def _told(self, shares: Array) -> Answer:
        order = np.argsort(-shares, axis=1, kind="stable")[:, :SHOWN]  # (steps, 3)
        best = np.take_along_axis(shares, order, axis=1)
        likely = [
            list(zip(self.tokenizer.pieces(row), map(float, values), strict=True))
            for row, values in zip(order, best, strict=True)
        ]
        ids = order[:, 0].tolist()
        # several tokens may make one character: each shows what it adds to the text before
        texts = [self.tokenizer.decode(ids[:n]).rstrip("�") for n in range(len(ids) + 1)]
        pieces = [after[len(before) :] for before, after in pairwise(texts)]
        return Answer(ids, pieces, best[:, 0].tolist(), likely)


def stored_answer(question: str, most: int) -> Answer:
    """Return the first tokens of what the whole model answered when benchmarks/smollm2_answers.py ran."""
    rows: dict[str, Any] = results.load("smollm2_answers")["answers"]
    return Answer(**{name: values[:most] for name, values in rows[question].items()})
