"""Draw a digit and see at once what a small network thinks; works without a kernel too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets

from bmcourse.widgets.packing import pack_dense, pack_images

FOLDER = Path(__file__).parent


class DrawDigit(anywidget.AnyWidget):
    """A square to draw in, and one bar for each digit with its probability.

    The browser itself runs the network, so the widget also lives on a page without a kernel.

    Parameters
    ----------
    layers : sequence of (kernel, bias)
        Dense layers, 784 inputs to 10 outputs; ReLU between them, softmax at the end.
    examples : ndarray of shape (n, 28, 28), dtype uint8
        Real digits that a button puts into the square.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    layers: Any = traitlets.List().tag(sync=True)
    examples: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        layers: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]],
        examples: npt.NDArray[np.uint8],
        **options: Any,
    ) -> None:
        packed = [pack_dense(kernel, bias) for kernel, bias in layers]
        super().__init__(layers=packed, examples=pack_images(examples), **options)

    def __repr__(self) -> str:
        return f"DrawDigit({len(self.layers)} layers)"
