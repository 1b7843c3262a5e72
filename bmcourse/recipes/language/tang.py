"""Quatrains of the Tang, cut into poems to learn from and poems to be judged on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import datasets


@dataclass(frozen=True)
class Splits:
    """The poems, each a string; none twice, but versions of one poem can stand in two parts.

    Attributes
    ----------
    training : tuple of str
        90 % of the poems.
    validation : tuple of str
        5 %: settings are chosen on them.
    test : tuple of str
        5 %. Other poems by the same poets.
    signs : str
        All signs in order: the place of one is its id. The first ends a poem.
    """

    training: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]
    signs: str

    def ids(self, poems: tuple[str, ...]) -> npt.NDArray[np.int32]:
        r"""Return the ids of the poems, one after the other, each ended by ``"\n"``."""
        number = {sign: i for i, sign in enumerate(self.signs)}
        return np.array([number[sign] for poem in poems for sign in f"{poem}\n"], np.int32)


def splits() -> Splits:
    """Cut the quatrains at random, always in the same way.

    Examples
    --------
    >>> cut = splits()
    >>> len(cut.training), len(cut.validation), len(cut.test), len(cut.signs)
    (10000, 555, 555, 3138)
    """
    poems = datasets.quatrains().poems
    order = np.random.default_rng(0).permutation(len(poems))
    shuffled = tuple(poems[i] for i in order)
    signs = "\n" + "".join(sorted(set("".join(poems))))
    return Splits(shuffled[:10_000], shuffled[10_000:10_555], shuffled[10_555:], signs)
