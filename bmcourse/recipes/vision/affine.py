"""Turn, scale, shift and mirror images at random, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Images = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Changes:
    """How far an image may be changed; each image draws its own change.

    Attributes
    ----------
    degrees : float
        Largest rotation in each direction.
    scale : float
        Largest change of size: 0.1 allows factors from 0.9 to 1.1.
    pixels : float
        Largest shift along each axis. Shifting is cropping a window out of a larger image.
    flip : bool
        Mirror every image left to right with probability one half.
    """

    degrees: float = 0.0
    scale: float = 0.0
    pixels: float = 0.0
    flip: bool = False


def change(images: npt.NDArray[np.floating], changes: Changes, rng: np.random.Generator) -> Images:
    """Return changed copies of images; the originals stay as they are.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
    changes : Changes
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n, height, width, channels), dtype float32
        What lies outside an image is taken from its nearest edge.

    Raises
    ------
    ValueError
        If `images` does not have four axes.

    Examples
    --------
    >>> image = np.arange(4.0).reshape(1, 2, 2, 1)
    >>> same = change(image, Changes(), np.random.default_rng(0))
    >>> same[0, :, :, 0]
    array([[0., 1.],
           [2., 3.]], dtype=float32)
    """
    if images.ndim != 4:
        checks.fail("images", "an array with 4 axes", f"{images.ndim} axes")
    n, height, width, _ = images.shape
    angle = np.deg2rad(rng.uniform(-changes.degrees, changes.degrees, (n, 1, 1)))
    size = rng.uniform(1 - changes.scale, 1 + changes.scale, (n, 1, 1))
    down, right = rng.uniform(-changes.pixels, changes.pixels, (2, n, 1, 1))
    mirror = np.where(changes.flip & (rng.random((n, 1, 1)) < 0.5), -1.0, 1.0)
    # For each pixel of the result: where in the original does it come from?
    y = np.arange(height)[:, None] - (height - 1) / 2 - down  # (n, height, 1)
    x = np.arange(width)[None, :] - (width - 1) / 2 - right  # (n, 1, width)
    cosine, sine = np.cos(angle) / size, np.sin(angle) / size
    rows = cosine * y - sine * x + (height - 1) / 2  # (n, height, width)
    columns = mirror * (sine * y + cosine * x) + (width - 1) / 2
    return _interpolate(np.asarray(images, dtype=np.float32), rows, columns)


def _interpolate(
    images: Images, rows: npt.NDArray[np.floating], columns: npt.NDArray[np.floating]
) -> Images:
    """Return each image at the given places, a mean of the four pixels around each place."""
    n, height, width, channels = images.shape
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    top, left = rows.astype(int), columns.astype(int)
    low = (rows - top).astype(np.float32)[..., None]
    aside = (columns - left).astype(np.float32)[..., None]
    pixels = images.reshape(-1, channels)  # (n * height * width, channels)
    corner = (np.arange(n)[:, None, None] * height + top) * width + left
    down = np.where(top < height - 1, width, 0)  # a step to the pixel below, or none at the edge
    right = np.where(left < width - 1, 1, 0)
    above = pixels[corner] * (1 - aside) + pixels[corner + right] * aside
    corner += down
    below = pixels[corner] * (1 - aside) + pixels[corner + right] * aside
    return above * (1 - low) + below * low
