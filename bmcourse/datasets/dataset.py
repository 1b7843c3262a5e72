"""The one immutable object that the loaders return."""

from __future__ import annotations

from dataclasses import dataclass

from bmcourse.datasets.formats.streams import Bytes


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Images with their labels, split for training and testing.

    Attributes
    ----------
    name, title : str
        Short name for code, and name for readers.
    x_train, x_test : ndarray of uint8, read-only
        Images, shape (n, height, width) or (n, height, width, channels), values 0...255.
    y_train, y_test : ndarray of uint8, read-only
        Class numbers, shape (n,).
    class_names : tuple of str
        The name of each class number.
    source : str
        Which route the data came by on this machine.
    licence, citation : str
    is_sample : bool
        Whether this is the bundled sample and not the full set.
    """

    name: str
    title: str
    x_train: Bytes
    y_train: Bytes
    x_test: Bytes
    y_test: Bytes
    class_names: tuple[str, ...]
    source: str
    licence: str
    citation: str
    is_sample: bool

    def describe(self) -> str:
        """Say in one line which data this is; the same on every machine that has it."""
        which = "the bundled sample" if self.is_sample else "the full set"
        return (
            f"{self.title}: {len(self.x_train):,} training and "
            f"{len(self.x_test):,} test images ({which})"
        )

    def floor(self, *, full: float, sample: float) -> float:
        """Return the bound to claim: `full` on the full set, `sample` on the bundled sample."""
        return sample if self.is_sample else full

    def __repr__(self) -> str:
        return f"<{self.describe()}>"
