"""A list of known words, and the number of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Self

from bmcourse import checks

PADDING, UNKNOWN = "[PAD]", "[UNK]"


class Vocabulary:
    """Words with numbers from 0 on: padding, unknown, then the words given.

    Parameters
    ----------
    known : sequence of str
        In the order of their numbers, each once.

    Examples
    --------
    >>> vocabulary = Vocabulary.count([["a", "film"], ["a", "play"], ["film"]], max_size=4)
    >>> vocabulary.words
    ['[PAD]', '[UNK]', 'a', 'film']
    >>> vocabulary.encode(["a", "new", "film"], length=4)
    [2, 1, 3, 0]
    """

    def __init__(self, known: Sequence[str]) -> None:
        self.words = [PADDING, UNKNOWN, *known]
        self.number = {word: number for number, word in enumerate(self.words)}
        if len(self.number) < len(self.words):
            twice = next(word for word, count in Counter(self.words).items() if count > 1)
            checks.fail("known", "words that differ from each other", f"{twice!r} twice")

    @classmethod
    def count(cls, texts: Iterable[Iterable[str]], *, max_size: int, min_count: int = 1) -> Self:
        """Return the vocabulary of the commonest words.

        Parameters
        ----------
        texts : iterable of iterables of str
            The words of each text, of training texts only.
        max_size : int
            Words at most, padding and unknown included.
        min_count : int
            How often a word must stand in all texts together.
        """
        size = checks.integer("max_size", max_size, at_least=3)
        least = checks.integer("min_count", min_count)
        if isinstance(texts, str):
            checks.fail("texts", "lists of words", "one text")
        counts = Counter(word for text in texts for word in text)
        common = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))  # ties: by alphabet
        return cls([word for word, count in common[: size - 2] if count >= least])

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return len(self.words)

    def encode(self, text: Iterable[str], length: int | None = None) -> list[int]:
        """Return the words' numbers; with `length`, cut or padded to that many."""
        numbers = [self.number.get(word, 1) for word in text]
        if length is None:
            return numbers
        size = checks.integer("length", length)
        return numbers[:size] + [0] * (size - len(numbers))

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """Return the words of the numbers, without padding."""
        found = []
        for number in numbers:
            if not 0 <= number < len(self.words):
                checks.fail("numbers", f"from 0 to {len(self.words) - 1}", number)
            found += [self.words[number]] if number else []
        return found
