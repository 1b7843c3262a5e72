"""The immutable object that the loader of a published model returns."""

from __future__ import annotations

from dataclasses import dataclass

from bmcourse.datasets.formats.streams import Bytes


@dataclass(frozen=True, eq=False, repr=False)
class ModelFile:
    """A trained model as published: one file, whole.

    Attributes
    ----------
    name, title : str
        Short name for code, and name for readers.
    content : ndarray of uint8, read-only
        The file's bytes, shape (n,).
    source : str
        Which route the file came by on this machine.
    licence, citation : str
    is_sample : bool
        Whether this is the bundled sample and not the whole model.
    """

    name: str
    title: str
    content: Bytes
    source: str
    licence: str
    citation: str
    is_sample: bool

    def describe(self) -> str:
        """Say in one line which file this is; the same on every machine that has it."""
        which = "the bundled sample" if self.is_sample else "the whole model"
        return f"{self.title}: {len(self.content):,} bytes ({which})"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"
