"""Slide a filter over real digits and see every product; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets

from bmcourse import checks
from bmcourse.widgets.packing import pack_images
from bmcourse.widgets.slide_filter import numbers as sliding

FOLDER = Path(__file__).parent


class SlideFilter(anywidget.AnyWidget):
    """A digit with a window on it, nine products and their sum, and the output as it grows.

    The browser computes what `sliding` computes, so the widget also lives on a page without
    a kernel.

    Parameters
    ----------
    images : ndarray of shape (n, 28, 28), dtype uint8
        The digits to choose from; 255 is shown as 1.
    names : sequence of str
        One name for each digit.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    images: Any = traitlets.List().tag(sync=True)
    names: Any = traitlets.List().tag(sync=True)
    # Pairs, not a dictionary: a page without a kernel stores those in the order of the alphabet.
    filters: Any = traitlets.List([[n, list(w)] for n, w in sliding.FILTERS.items()]).tag(sync=True)

    def __init__(self, images: npt.NDArray[np.uint8], names: list[str], **options: Any) -> None:
        digits = checks.array("images", images, shape=(len(names), 28, 28))
        super().__init__(images=pack_images(digits), names=names, **options)

    def __repr__(self) -> str:
        return f"SlideFilter({len(self.names)} digits, {len(self.filters)} filters)"
