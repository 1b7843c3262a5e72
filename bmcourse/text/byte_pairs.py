"""Byte-pair encoding: pieces of words, built from bytes by merging the commonest pair."""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from bmcourse import checks

BYTES = 256  # ids 0 to 255 are the bytes themselves
SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
Pair = tuple[int, int]


@cache
def other_numbers() -> str:
    """Return all numbers of Unicode that are no decimal digits, such as ½."""
    every = (chr(code) for code in range(0x110000))
    return "".join(sign for sign in every if unicodedata.category(sign) in {"Nl", "No"})


@cache
def pattern() -> re.Pattern[str]:
    """Return GPT-2's rule for cutting a text before merging, in the words of Python's `re`.

    A piece is an English ending, a run of letters, of digits, or of other signs, each with one
    space before it, or a run of spaces.
    """
    # `\\w` without `\\d` and `_` holds letters, and these numbers that are no decimal digits
    others = other_numbers()
    letter, digit = rf"[^\W\d_{others}]", rf"[\d{others}]"
    sign = rf"(?:(?!{letter}|{digit})[^{SPACE}])"
    return re.compile(
        rf"'(?:s|t|re|ve|m|ll|d)| ?{letter}+| ?{digit}+| ?{sign}+"
        rf"|[{SPACE}]+(?![^{SPACE}])|[{SPACE}]+"
    )


class BytePairTokenizer:
    """Turn any text into whole numbers and back, without an unknown word.

    Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units",
    2016; on bytes as in GPT-2.

    Parameters
    ----------
    merges : iterable of (int, int)
        Pairs of ids in the order in which they were found: the first makes id 256.

    Attributes
    ----------
    pieces : list of bytes
        What each id stands for.

    Examples
    --------
    >>> tokenizer = BytePairTokenizer.train(["low lower lowest"], vocab_size=259)
    >>> [tokenizer.pieces[i] for i in tokenizer.encode("slow")]
    [b's', b'low']
    >>> tokenizer.decode(tokenizer.encode("你好 🙂"))
    '你好 🙂'
    """

    def __init__(self, merges: Iterable[Pair]) -> None:
        self.merges = [(int(left), int(right)) for left, right in merges]
        self.pieces = [bytes([value]) for value in range(BYTES)]
        for number, (left, right) in enumerate(self.merges):
            if not 0 <= min(left, right) <= max(left, right) < BYTES + number:
                expected = f"pairs of ids that exist by then, below {BYTES + number}"
                checks.fail(f"merges[{number}]", expected, (left, right))
            self.pieces.append(self.pieces[left] + self.pieces[right])
        self._rank = {pair: rank for rank, pair in enumerate(self.merges)}
        self._known: dict[str, list[int]] = {}

    @classmethod
    def train(cls, texts: Iterable[str], vocab_size: int) -> BytePairTokenizer:
        """Return a tokenizer of at most `vocab_size` ids, learned from the texts.

        Each step merges the pair that stands most often side by side; of equals, the one with the
        smaller ids. It ends early when no pair stands twice.

        Parameters
        ----------
        texts : iterable of str
        vocab_size : int
            At least 256.
        """
        size = checks.integer("vocab_size", vocab_size, at_least=BYTES)
        if isinstance(texts, str):
            checks.fail("texts", "several texts, such as a list", "one text")
        counts = Counter(word for text in texts for word in pattern().findall(text))
        counted = _CountedPairs(counts)
        merges: list[Pair] = []
        while BYTES + len(merges) < size and (pair := counted.commonest()) is not None:
            counted.merge(pair, BYTES + len(merges))
            merges.append(pair)
        return cls(merges)

    def __len__(self) -> int:
        """Return how many ids there are."""
        return len(self.pieces)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        if not isinstance(text, str):
            checks.fail("text", "a text", type(text).__name__)
        ids: list[int] = []
        for word in pattern().findall(text):
            known = self._known.get(word)
            if known is None:
                known = self._known[word] = self._merged(_bytes(word))
            ids += known
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of the ids; bytes that make no character become �.

        Raises
        ------
        ValueError
            If there is no such id.
        """
        found = []
        for number in ids:
            if not 0 <= number < len(self.pieces):
                checks.fail("ids", f"whole numbers from 0 to {len(self.pieces) - 1}", number)
            found.append(self.pieces[number])
        whole = b"".join(found)
        try:
            return whole.decode("utf-8", "surrogatepass")  # as `_bytes` wrote it
        except UnicodeDecodeError:
            return whole.decode("utf-8", "replace")

    def _merged(self, ids: list[int]) -> list[int]:
        """Apply the merges to one word, the one found first before the others."""
        while len(ids) > 1:
            none = len(self.merges)
            pair = min(pairwise(ids), key=lambda p: self._rank.get(p, none))
            if pair not in self._rank:
                break
            ids = _replaced(ids, pair, BYTES + self._rank[pair])
        return ids


def _bytes(word: str) -> list[int]:
    """Return the bytes of a word; half of a surrogate pair, which is no character, too."""
    return list(word.encode("utf-8", "surrogatepass"))


def _replaced(ids: list[int], pair: Pair, new: int) -> list[int]:
    """Return the ids with each occurrence of the pair, from the left, as one id."""
    result: list[int] = []
    at, last = 0, len(ids) - 1
    while at <= last:
        if at < last and (ids[at], ids[at + 1]) == pair:
            result.append(new)
            at += 2
        else:
            result.append(ids[at])
            at += 1
    return result


class _CountedPairs:
    """How often each pair stands side by side in all words, kept up to date while they merge."""

    def __init__(self, words: Counter[str]) -> None:
        self.words = [_bytes(word) for word in words]
        self.times = list(words.values())
        self.count: dict[Pair, int] = defaultdict(int)
        self.where: dict[Pair, set[int]] = defaultdict(set)  # in which words
        for place, (ids, times) in enumerate(zip(self.words, self.times, strict=True)):
            for pair in pairwise(ids):
                self.count[pair] += times
                self.where[pair].add(place)
        self.queue = [(-count, pair) for pair, count in self.count.items()]
        heapq.heapify(self.queue)

    def commonest(self) -> Pair | None:
        """Return the commonest pair; None if none stands twice."""
        while self.queue:
            negative, pair = heapq.heappop(self.queue)
            if self.count[pair] == -negative:  # else an entry that is out of date
                return pair if negative <= -2 else None
        return None

    def merge(self, pair: Pair, new: int) -> None:
        """Merge the pair in all words that hold it, and count their pairs anew."""
        changed: set[Pair] = set()
        for place in self.where.pop(pair):
            before, times = self.words[place], self.times[place]
            after = self.words[place] = _replaced(before, pair, new)
            for old in pairwise(before):
                self.count[old] -= times
                changed.add(old)
            for now in pairwise(after):
                self.count[now] += times
                self.where[now].add(place)
                changed.add(now)
        for other in changed:
            if self.count[other] > 0:
                heapq.heappush(self.queue, (-self.count[other], other))
