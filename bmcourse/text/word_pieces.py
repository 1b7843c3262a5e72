"""WordPiece: BERT's way to cut words into known pieces, the longest first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from bmcourse import checks

CHINESE = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip
MARKS = ((33, 47), (58, 64), (91, 96), (123, 126))  # of ASCII; $ and + count as punctuation too
LONGEST = 100  # a longer word is unknown


class WordPieceTokenizer:
    """Cut a text into words, each word into pieces of a vocabulary.

    Small letters, accents taken off; each punctuation mark and each Chinese sign is a word of its
    own. Within a word the longest known piece is taken first; pieces that do not begin a word are
    written ``##piece``. A word with a part that no piece covers is ``[UNK]``.

    Parameters
    ----------
    pieces : iterable of str
        The piece of each id, from 0 on.

    References
    ----------
    Devlin and others, "BERT: Pre-training of Deep Bidirectional Transformers", 2018.

    Examples
    --------
    >>> tokenizer = WordPieceTokenizer(["[UNK]", "un", "##seen", "film", "!"])
    >>> tokenizer.pieces_of("Unseen film! Film?")
    ['un', '##seen', 'film', '!', 'film', '[UNK]']
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self.pieces = list(pieces)
        self.number = {piece: number for number, piece in enumerate(self.pieces)}
        if "[UNK]" not in self.number:
            checks.fail("pieces", "pieces with [UNK] among them", "none such")

    def __len__(self) -> int:
        """Return how many ids there are."""
        return len(self.pieces)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text, without those that begin and end it."""
        return [self.number[piece] for piece in self.pieces_of(text)]

    def pieces_of(self, text: str) -> list[str]:
        """Return the pieces of a text."""
        return [piece for word in words(text) for piece in self._cut(word)]

    def _cut(self, word: str) -> list[str]:
        found: list[str] = []
        start = 0
        while start < len(word) <= LONGEST:
            before = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if before + word[start:e] in self.number), start)
            if end == start:
                return ["[UNK]"]
            found.append(before + word[start:end])
            start = end
        return found or ["[UNK]"]


def words(text: str) -> list[str]:
    """Return words as BERT's first step has them.

    Examples
    --------
    >>> words("Café 好看, isn't it?")
    ['cafe', '好', '看', ',', 'isn', "'", 't', 'it', '?']
    """
    if not isinstance(text, str):
        checks.fail("text", "a text", type(text).__name__)
    signs = []
    for sign in text:
        if sign in "\t\n\r" or unicodedata.category(sign) == "Zs":
            signs.append(" ")
        elif unicodedata.category(sign)[0] != "C" and sign not in "\x00\ufffd":
            signs.append(f" {sign} " if _within(sign, CHINESE) else sign)
    plain = unicodedata.normalize("NFD", "".join(signs)).lower()
    found = []
    for sign in plain:
        category = unicodedata.category(sign)
        if category != "Mn":  # accents
            alone = category[0] == "P" or _within(sign, MARKS)
            found.append(f" {sign} " if alone else sign)
    return "".join(found).split()


def _within(sign: str, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(low <= ord(sign) <= high for low, high in ranges)
