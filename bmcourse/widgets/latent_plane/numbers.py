"""The numbers of `LatentPlane`: the codes of its grid, and which of them is shown."""

from __future__ import annotations

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from bmcourse import checks
from bmcourse.checks import Array


def codes(side: int, reach: float) -> Array:
    """Return the codes of a grid, row by row from the top left, shape (side², 2).

    The first number grows to the right and the second one upwards, both from -reach to reach.

    Examples
    --------
    >>> codes(2, 3).tolist()
    [[-3.0, 3.0], [3.0, 3.0], [-3.0, -3.0], [3.0, -3.0]]
    """
    checks.integer("side", side, at_least=2)
    along = np.linspace(-reach, reach, side)
    right, up = np.meshgrid(along, along[::-1])  # (side, side) each
    return np.stack([right.ravel(), up.ravel()], axis=1)


def cell(code: npt.ArrayLike, side: int, reach: float) -> tuple[int, int]:
    """Return row and column of the grid's code that is nearest to a code.

    Examples
    --------
    >>> cell([3, -3], 2, 3)
    (1, 1)
    """
    right, up = checks.array("code", code, shape=(2,)).clip(-reach, reach)
    steps = (side - 1) / (2 * reach)
    return int((reach - up) * steps + 0.5), int((right + reach) * steps + 0.5)


def sheet(images: npt.ArrayLike, side: int, quality: int = 60) -> str:
    """Return grey images in [0, 1], shape (side², height, width), as one WebP for a page.

    Dark is 1, as everywhere in the course.
    """
    given = checks.array("images", images, shape=(side * side, None, None))
    height, width = given.shape[1:]
    rows = given.reshape(side, side, height, width).swapaxes(1, 2)  # (side, height, side, width)
    grey = np.rint(255 * (1 - rows.reshape(side * height, side * width).clip(0, 1)))
    buffer = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(buffer, "WEBP", quality=quality, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
