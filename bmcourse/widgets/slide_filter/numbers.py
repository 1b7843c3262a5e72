"""A window of 3 x 3 weights that slides over a picture: the numbers of `SlideFilter`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
SIDE = 3
NINTH = round(1 / 9, 4)
# Nine weights each, row by row.
FILTERS: dict[str, tuple[float, ...]] = {
    "edge, left to right": (-1, 0, 1, -1, 0, 1, -1, 0, 1),
    "edge, top to bottom": (-1, -1, -1, 0, 0, 0, 1, 1, 1),
    "blur": (NINTH,) * 9,
    "sharpen": (0, -1, 0, -1, 5, -1, 0, -1, 0),
    "copy": (0, 0, 0, 0, 1, 0, 0, 0, 0),
}


class Step(NamedTuple):
    """One place of the window: the pixels under it, the products, and their sum."""

    pixels: Array
    products: Array
    total: float


def step(picture: npt.ArrayLike, weights: npt.ArrayLike, position: int) -> Step:
    """Return what the window computes at one place, counted in reading order from 0.

    Parameters
    ----------
    picture : array_like of shape (height, width)
    weights : array_like of shape (9,)
        The window's weights, row by row.
    position : int
        From 0 to (height - 2) (width - 2) - 1.

    Raises
    ------
    ValueError
        If a shape does not fit, or the window would leave the picture.

    Examples
    --------
    >>> step([[0, 0, 1], [0, 1, 1], [1, 1, 1]], FILTERS["edge, left to right"], 0).total
    2.0
    """
    image, kernel = _validated(picture, weights)
    rows, columns = (n - SIDE + 1 for n in image.shape)
    place = checks.integer("position", position, at_least=0)
    if place >= rows * columns:
        checks.fail("position", f"below {rows * columns}", place)
    row, column = divmod(place, columns)
    pixels = image[row : row + SIDE, column : column + SIDE]
    products = pixels * kernel
    return Step(pixels, products, float(products.sum()))


def output(picture: npt.ArrayLike, weights: npt.ArrayLike) -> Array:
    """Return the sums at all places, shape (height - 2, width - 2): a cross-correlation.

    Examples
    --------
    >>> output([[0, 0, 1], [0, 1, 1], [1, 1, 1]], FILTERS["copy"])
    array([[1.]])
    """
    image, kernel = _validated(picture, weights)
    windows = np.lib.stride_tricks.sliding_window_view(image, (SIDE, SIDE))
    return np.einsum("rcij,ij->rc", windows, kernel)


def _validated(picture: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Array, Array]:
    image = checks.array("picture", picture, ndim=2).astype(float)
    if min(image.shape) < SIDE:
        checks.fail("picture", f"at least {SIDE} by {SIDE} pixels", f"shape {image.shape}")
    kernel = checks.array("weights", weights, shape=(SIDE * SIDE,))
    return image, kernel.astype(float).reshape(SIDE, SIDE)
