"""Six novels in English."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from pathlib import Path

from bmcourse.datasets import shipped


@dataclass(frozen=True, repr=False)
class Novels:
    """The novels of one author.

    Attributes
    ----------
    title, licence, citation : str
    texts : dict of str to str
        The text of each novel by its title, in the order in which they were published. Lines end
        in ``\\n``; there are 81 different characters, that one included.
    """

    title: str
    licence: str
    citation: str
    texts: dict[str, str]

    def describe(self) -> str:
        """Say in one line which data this is."""
        characters = sum(map(len, self.texts.values()))
        return f"{self.title}: {len(self.texts)} novels, {characters:,} characters"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def novels(folder: Path = shipped.TEXTS) -> Novels:
    """Return Jane Austen's six novels, whole.

    Raises
    ------
    DataError
        If a file is missing, or is not the published one.

    Examples
    --------
    >>> books = novels()
    >>> list(books.texts)[1], len(books.texts["Emma"])
    ('Pride and Prejudice', 883028)
    """
    about = shipped.registry(folder)["novels"]
    texts = {}
    for book in about["books"]:
        content = shipped.read(book["file"], book["sha256"], folder)
        texts[book["title"]] = lzma.decompress(content).decode("utf-8")
    return Novels(about["title"], about["licence"], about["citation"], texts)
