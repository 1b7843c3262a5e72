"""Walk in the plane of codes of two numbers, and see the digit at each place; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets

from bmcourse import checks
from bmcourse.widgets.latent_plane import numbers

FOLDER = Path(__file__).parent


class LatentPlane(anywidget.AnyWidget):
    """The plane of codes: the reader moves in it, and sees what the decoder makes of the place.

    The decoded images of a grid of codes travel with the widget, so it also lives on a page
    without a kernel. The image of the nearest code is shown.

    Parameters
    ----------
    images : array_like of shape (side², height, width)
        What the decoder makes of `numbers.codes(side, reach)`, in [0, 1].
    places : array_like of shape (n, 2)
        Codes of some held-out images; those outside of the plane are left out.
    classes : array_like of shape (n,), int
        What these images show: the digit is written at the place.
    reach : float
        The plane goes from -reach to reach in both directions.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    sheet: Any = traitlets.Unicode().tag(sync=True)
    side: Any = traitlets.Int().tag(sync=True)
    reach: Any = traitlets.Float().tag(sync=True)
    marks: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        images: npt.ArrayLike,
        places: npt.ArrayLike,
        classes: npt.ArrayLike,
        reach: float = 3.0,
        **options: Any,
    ) -> None:
        side = round(len(np.asarray(images)) ** 0.5)
        checks.number("reach", reach, above=0)
        known = checks.array("places", places, shape=(None, 2))
        digits = checks.labels("classes", classes, classes=10)
        checks.same_length(places=known, classes=digits)
        rows = [
            [round(float(right), 2), round(float(up), 2), int(digit)]
            for (right, up), digit in zip(known, digits, strict=True)
            if max(abs(right), abs(up)) <= reach
        ]
        sheet = numbers.sheet(images, side)
        super().__init__(sheet=sheet, side=side, reach=float(reach), marks=rows, **options)

    def __repr__(self) -> str:
        return f"LatentPlane({self.side} x {self.side} images)"
