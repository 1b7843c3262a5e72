"""The immutable object that the loaders of labelled texts return."""

from __future__ import annotations

from dataclasses import dataclass

from bmcourse.datasets.formats.streams import Bytes


@dataclass(frozen=True, eq=False, repr=False)
class LabelledTexts:
    """Texts with one label each, as published: no split, duplicates included.

    Attributes
    ----------
    name, title : str
        Short name for code, and name for readers.
    texts : tuple of str
    labels : ndarray of uint8, read-only
        Class numbers, shape (n,).
    groups : ndarray of uint8, read-only
        Where each text is from, shape (n,): numbers into `group_names`.
    class_names, group_names : tuple of str
        The name of each class number and of each group.
    source : str
        Which route the data came by on this machine.
    licence, citation : str
    is_sample : bool
        Whether this is the bundled sample and not the full set.
    """

    name: str
    title: str
    texts: tuple[str, ...]
    labels: Bytes
    groups: Bytes
    class_names: tuple[str, ...]
    group_names: tuple[str, ...]
    source: str
    licence: str
    citation: str
    is_sample: bool

    def describe(self) -> str:
        """Say in one line which data this is; the same on every machine that has it."""
        which = "the bundled sample" if self.is_sample else "the full set"
        return f"{self.title}: {len(self.texts):,} texts ({which})"

    def floor(self, *, full: float, sample: float) -> float:
        """Return the bound to claim: `full` on the full set, `sample` on the bundled sample."""
        return sample if self.is_sample else full

    def __repr__(self) -> str:
        return f"<{self.describe()}>"
