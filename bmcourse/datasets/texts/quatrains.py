"""Short Chinese poems of a fixed form, and which signs rhyme."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from pathlib import Path

from bmcourse.datasets import shipped


@dataclass(frozen=True, repr=False)
class Quatrains:
    """Poems of four lines, each of five or each of seven signs.

    Attributes
    ----------
    title, licence, citation : str
    poems : tuple of str
        Four lines in one string, with "，" after the first and third, "。" after the others. All
        different.
    groups : dict of str to str
        For each sign the group of finals that rhyme in the Mandarin of today, such as ``"ang"``.
        The poets spoke otherwise, so not all their rhymes are found by it.
    """

    title: str
    licence: str
    citation: str
    poems: tuple[str, ...]
    groups: dict[str, str]

    def describe(self) -> str:
        """Say in one line which data this is."""
        return f"{self.title}: {len(self.poems):,} poems, {len(set(''.join(self.poems))):,} signs"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def quatrains(folder: Path = shipped.TEXTS) -> Quatrains:
    """Return quatrains of the Tang dynasty (618 to 907), in simplified signs.

    Raises
    ------
    DataError
        If a file is missing, or is not the published one.

    Examples
    --------
    >>> verse = quatrains()
    >>> verse.poems[1], verse.groups["生"] == verse.groups["明"]
    ('九龙蟠燄动，四照逐花生。即此流高殿，堪持待月明。', True)
    """
    about = shipped.registry(folder)["quatrains"]
    poems, rhymes = (
        lzma.decompress(shipped.read(about[file], about[f"{file}_sha256"], folder))
        .decode("utf-8")
        .splitlines()
        for file in ("poems", "rhymes")
    )
    pairs = (line.split(" ") for line in rhymes)
    groups = {sign: name for name, signs in pairs for sign in signs}
    return Quatrains(about["title"], about["licence"], about["citation"], tuple(poems), groups)
