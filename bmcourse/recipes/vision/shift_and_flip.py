"""Training batches in which every image is shifted a little and, in every other epoch, mirrored."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from bmcourse import checks


class ShiftAndFlip(keras.utils.PyDataset):
    """Batches of shifted and mirrored images, gathered by NumPy in one step each.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels), dtype float32
    targets : ndarray of shape (n, ...)
        Labels or one-hot rows; they go with their images.
    batch_size : int
        The images that do not fill a batch are left out of an epoch; another order chooses
        others in the next.
    pixels : int
        Largest shift in each direction. Edges are continued by their mirror image.
    rng : numpy.random.Generator
        For the order, the shifts, and which half is mirrored first.

    Notes
    -----
    An image that is mirrored in one epoch is not in the next: half as many repetitions as with
    a coin for each (Jordan 2024, arXiv 2404.00498).
    """

    def __init__(
        self,
        images: npt.NDArray[np.float32],
        targets: npt.NDArray[Any],
        *,
        batch_size: int,
        pixels: int,
        rng: np.random.Generator,
    ) -> None:
        super().__init__()
        checks.same_length(images=images, targets=targets)
        self.pixels = checks.integer("pixels", pixels, at_least=0)
        self.batch_size = checks.integer("batch_size", batch_size)
        edges = [(0, 0), (pixels, pixels), (pixels, pixels), (0, 0)]
        self.images = np.pad(images, edges, mode="reflect")
        self.targets, self.rng = targets, rng
        self.mirrored = rng.random(len(images)) < 0.5
        self._shuffle()

    def __len__(self) -> int:
        return len(self.targets) // self.batch_size

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[Any]]:
        """Return one batch: images of the original size, and their targets."""
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        height, width = (side - 2 * self.pixels for side in self.images.shape[1:3])
        rows = self.shifts[0, chosen, None] + np.arange(height)  # (batch, height)
        columns = self.shifts[1, chosen, None] + np.arange(width)  # (batch, width)
        columns = np.where(self.mirrored[chosen, None], columns[:, ::-1], columns)
        images = self.images[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
        return images, self.targets[chosen]

    def on_epoch_end(self) -> None:
        """Mirror the other half, and draw a new order and new shifts."""
        self.mirrored = ~self.mirrored
        self._shuffle()

    def _shuffle(self) -> None:
        self.order = self.rng.permutation(len(self.targets))
        self.shifts = self.rng.integers(0, 2 * self.pixels + 1, (2, len(self.targets)))
