"""Six packs of telephone prompts in five languages, as numbers that describe each prompt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bmcourse.datasets import shipped


@dataclass(frozen=True, eq=False, repr=False)
class Voices:
    """What the cepstra of each prompt are on average, and how much they vary.

    Attributes
    ----------
    title, licence, citation : str
    x : ndarray of float64, shape (n, 26)
        Mean and standard deviation of 13 cepstra over the frames of a prompt.
    voice : ndarray of str, shape (n,)
    language : ndarray of str, shape (n,)
        ``"en"``, ``"es"``, ``"fr"``, ``"it"`` or ``"ru"``. English and Spanish are said by the
        same voice; Italian by two voices.
    numbers : dict of str to list of ndarray, shape (frames, 13)
        For the two Italian voices the cepstra of the words for 0 to 20, fifty frames a second.
    """

    title: str
    licence: str
    citation: str
    x: npt.NDArray[np.float64]
    voice: npt.NDArray[np.str_]
    language: npt.NDArray[np.str_]
    numbers: dict[str, list[npt.NDArray[np.float64]]]

    def describe(self) -> str:
        """Say in one line which data this is."""
        return f"{self.title}: {len(self.x):,} prompts, {len(set(self.language))} languages"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def voices(folder: Path = shipped.SOUNDS) -> Voices:
    """Return the numbers of six packs of prompts.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.

    Examples
    --------
    >>> packs = voices()
    >>> packs.x.shape[1], sorted(set(packs.language.tolist()))
    (26, ['en', 'es', 'fr', 'it', 'ru'])
    """
    about, held = shipped.arrays("voices", folder)
    pieces = np.split(held["numbers"].astype(np.float64), held["number_ends"][:-1])
    return Voices(
        about["title"],
        about["licence"],
        about["citation"],
        held["statistics"].astype(np.float64),
        np.array(held["voices"])[held["voice"]],
        np.array(held["languages"])[held["voice"]],
        {"Carlo": pieces[:21], "Paola": pieces[21:]},
    )
