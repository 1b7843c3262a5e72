"""Prompts of a telephone system, spoken in English by one voice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bmcourse.datasets import shipped
from bmcourse.sound.mu_law import mu_law_decode


@dataclass(frozen=True, eq=False, repr=False)
class Prompts:
    """Recordings with the words that are said.

    Attributes
    ----------
    title, licence, citation : str
    rate : int
        Samples a second.
    waves : dict of str to ndarray of int16
        The samples of each recording by what is said in it.
    words : tuple of str
        The 47 texts of one word: numbers, days and months. The others are phrases.
    """

    title: str
    licence: str
    citation: str
    rate: int
    waves: dict[str, npt.NDArray[np.int16]]

    @property
    def words(self) -> tuple[str, ...]:
        """Return the texts of one word."""
        return tuple(text for text in self.waves if " " not in text)

    def describe(self) -> str:
        """Say in one line which data this is."""
        seconds = sum(map(len, self.waves.values())) / self.rate
        return f"{self.title}: {len(self.waves)} recordings, {seconds:.0f} seconds"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def prompts(folder: Path = shipped.SOUNDS) -> Prompts:
    """Return 47 words and 8 phrases in English, by one voice, 8,000 samples a second.

    They ship as mu-law codes, a byte a sample, as a telephone would send them.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.

    Examples
    --------
    >>> said = prompts()
    >>> said.words[:3], said.waves["one"].dtype, len(said.waves["one"])
    (('zero', 'one', 'two'), dtype('int16'), 7290)
    """
    about, held = shipped.arrays("prompts", folder)
    pieces = np.split(mu_law_decode(held["codes"]), held["ends"][:-1])
    return Prompts(
        about["title"],
        about["licence"],
        about["citation"],
        8000,
        dict(zip(held["texts"], pieces, strict=True)),
    )
