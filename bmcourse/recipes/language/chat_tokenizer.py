"""The tokenizer that a language model's file brings along, and the form of a chat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from bmcourse import checks
from bmcourse.text import BytePairTokenizer
from bmcourse.text.byte_pairs import other_numbers

BYTES = 256
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
START, END = "<|im_start|>", "<|im_end|>"


@cache
def byte_letters() -> dict[int, str]:
    """Return the letter that stands for each byte in GPT-2's tables.

    Visible characters stand for themselves; the other 68 bytes get the characters from 256 on, so
    that a space becomes Ġ and a line's end Ċ.

    Examples
    --------
    >>> byte_letters()[ord("a")], byte_letters()[ord(" ")]
    ('a', 'Ġ')
    """
    visible = {*range(33, 127), *range(161, 173), *range(174, 256)}
    letters, more = {}, BYTES
    for byte in range(BYTES):
        letters[byte] = chr(byte) if byte in visible else chr(more)
        more += byte not in visible
    return letters


class ChatTokenizer:
    """Byte-pair encoding with the tables of a GGUF file, and control tokens.

    Digits (and other numbers, such as ½) are cut off one by one before GPT-2's rule cuts the rest
    into words. Bytes of which the table has no token (they never stand in UTF-8, or are control
    characters) are left out.

    Parameters
    ----------
    tokens : sequence of str
        First the control tokens and the single bytes, as `byte_letters` writes them. What follows
        may be missing; else it must be what the merges make, in their order.
    merges : sequence of str
        Two tokens with a space between; the first merge comes first.

    Attributes
    ----------
    tokens : list of str
        All of them, in the order of their ids.
    control : dict of str to int
        The control tokens, such as ``<|im_start|>``, and their ids.
    """

    def __init__(self, tokens: Sequence[str], merges: Sequence[str]) -> None:
        made = [merge.replace(" ", "") for merge in merges]
        last = list(tokens[len(tokens) - len(made) :])
        first = len(tokens) - len(made) if made and last == made else len(tokens)
        if not set(made).isdisjoint(tokens[:first]) or len(set(tokens)) < len(tokens):
            checks.fail("tokens", "what the merges make, in their order, at the end", "others")
        self.tokens = [*tokens[:first], *made]
        ids = {token: number for number, token in enumerate(self.tokens)}
        self.control = {token: ids[token] for token in tokens[:first] if len(token) > 1}
        ours = {letter: byte for byte, letter in byte_letters().items()}
        ours |= {token: BYTES + rank for rank, token in enumerate(made)}  # as our class numbers
        pairs = (merge.split(" ") for merge in merges)
        self._pairs = BytePairTokenizer([(ours[left], ours[right]) for left, right in pairs])
        self._outward = {ours[token]: ids[token] for token in ours if token in ids}
        self._inward = {number: own for own, number in self._outward.items()}
        signs = "|".join(map(re.escape, self.control)) or "(?!)"
        self._signs, self._digits = (
            re.compile(f"({signs})"),
            re.compile(rf"([\d{other_numbers()}])"),
        )

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> ChatTokenizer:
        """Return the tokenizer that a GGUF file describes."""
        head = "tokenizer.ggml."
        found = facts[f"{head}model"], facts[f"{head}pre"]
        if found != ("gpt2", "smollm"):
            checks.fail("facts", "a tokenizer of the kind gpt2, smollm", found)
        return cls(facts[f"{head}tokens"], facts[f"{head}merges"])

    def __len__(self) -> int:
        """Return how many ids there are."""
        return len(self.tokens)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text, in which control tokens are such."""
        ids: list[int] = []
        for part in self._signs.split(text):
            if part in self.control:
                ids.append(self.control[part])
                continue
            for piece in self._digits.split(part):
                found = self._pairs.encode(piece)
                ids += [self._outward[own] for own in found if own in self._outward]
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of the ids; bytes that make no character become �."""
        parts: list[list[int]] = [[]]
        texts = []
        for number in map(int, ids):
            if number in self._inward:
                parts[-1].append(self._inward[number])
                continue
            if not 0 <= number < len(self.tokens):
                checks.fail("ids", f"whole numbers from 0 to {len(self.tokens) - 1}", number)
            texts += [self._pairs.decode(parts[-1]), self.tokens[number]]
            parts.append([])
        return "".join([*texts, self._pairs.decode(parts[-1])])

    def pieces(self, ids: Iterable[int]) -> list[str]:
        """Return each id's text; a token that is part of a character shows as �."""
        return [self.decode([number]) for number in ids]


def chat(question: str, *before: tuple[str, str], system: str = SYSTEM) -> str:
    r"""Return a question in the form that the model was trained on, ready to be answered.

    Parameters
    ----------
    question : str
        What the user says now.
    *before : (str, str)
        Earlier questions with their answers.
    system : str
        What the model is told about itself.

    Examples
    --------
    >>> print(chat("Hello!", system="Be brief."))
    <|im_start|>system
    Be brief.<|im_end|>
    <|im_start|>user
    Hello!<|im_end|>
    <|im_start|>assistant
    <BLANKLINE>
    """
    turns = [("system", system)]
    for asked, answered in before:
        turns += [("user", asked), ("assistant", answered)]
    turns.append(("user", question))
    said = "".join(f"{START}{role}\n{text}{END}\n" for role, text in turns)
    return f"{said}{START}assistant\n"
