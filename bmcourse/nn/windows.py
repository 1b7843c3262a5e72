"""The small windows that slide over an image, shared by convolution and pooling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Shape


def pair(argument: str, value: object) -> tuple[int, int]:
    """Return (height, width) from one number or two.

    Examples
    --------
    >>> pair("strides", 2)
    (2, 2)
    """
    if not isinstance(value, (tuple, list)):
        value = (value, value)
    if len(value) != 2:
        checks.fail(argument, "one whole number or two", repr(value))
    height, width = (checks.integer(argument, number) for number in value)
    return height, width


@dataclass(frozen=True)
class Windows:
    """Where windows lie on an image, and the way there and back.

    Attributes
    ----------
    size : tuple of int
        Height and width of a window.
    strides : tuple of int
        Steps down and to the right from one window to the next.
    padding : {"valid", "same"}
        "valid" keeps windows inside the image. "same" adds a border so that
        a stride of 1 keeps the image's size; where the border is uneven, the
        larger part lies below and to the right, as in TensorFlow.

    Examples
    --------
    >>> Windows((3, 3), (2, 2), "same").output_size(28, 28)
    (14, 14)
    >>> Windows((3, 3), (2, 2), "same").border(28, 28)
    ((0, 1), (0, 1))
    """

    size: tuple[int, int]
    strides: tuple[int, int]
    padding: str

    def output_size(self, height: int, width: int) -> tuple[int, int]:
        """Return how many windows fit down and across."""
        rows, columns = (
            -(-n // stride) if self.padding == "same" else (n - window) // stride + 1
            for n, window, stride in zip((height, width), self.size, self.strides, strict=True)
        )
        if rows < 1 or columns < 1:
            wanted = f"images of at least {self.size[0]} by {self.size[1]} pixels"
            checks.fail("x", wanted, f"{height} by {width}")
        return rows, columns

    def border(self, height: int, width: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the padding (above, below) and (left, right)."""
        if self.padding == "valid":
            return (0, 0), (0, 0)
        missing = [
            max((count - 1) * stride + window - n, 0)
            for count, stride, window, n in zip(
                self.output_size(height, width),
                self.strides,
                self.size,
                (height, width),
                strict=True,
            )
        ]
        above, left = (total // 2 for total in missing)
        return (above, missing[0] - above), (left, missing[1] - left)

    def cut(self, x: Array, fill: float = 0.0) -> Array:
        """Return every window of `x` without copying a pixel more than once.

        Parameters
        ----------
        x : ndarray of shape (batch, height, width, channels)
        fill : float
            Value of the border.

        Returns
        -------
        ndarray of shape (batch, rows, columns, window_height, window_width, channels)
            A view: windows that overlap share their pixels.
        """
        border = self.border(*x.shape[1:3])
        self.output_size(*x.shape[1:3])
        if any(map(any, border)):
            x = np.pad(x, ((0, 0), *border, (0, 0)), constant_values=fill)
        every = np.lib.stride_tricks.sliding_window_view(x, self.size, axis=(1, 2))
        # (batch, rows, columns, channels, window_height, window_width)
        chosen = every[:, :: self.strides[0], :: self.strides[1]]
        return chosen.transpose(0, 1, 2, 4, 5, 3)

    def add_back(self, windows: Array, input_shape: Shape) -> Array:
        """Add every window's values to the pixels it was cut from: the transpose of `cut`.

        A pixel in several windows receives the sum, because by the chain rule
        it influences the loss through each of them.

        Parameters
        ----------
        windows : ndarray of shape (batch, rows, columns, window_height, window_width, channels)
        input_shape : tuple of int
            (batch, height, width, channels).
        """
        batch, height, width, channels = input_shape
        (above, below), (left, right) = self.border(height, width)
        rows, columns = windows.shape[1:3]
        down, across = self.strides
        padded = np.zeros(
            (batch, above + height + below, left + width + right, channels), windows.dtype
        )
        for i, j in np.ndindex(*self.size):
            # pixel (i, j) of every window: (batch, rows, columns, channels)
            padded[:, i : i + down * rows : down, j : j + across * columns : across] += windows[
                :, :, :, i, j
            ]
        return padded[:, above : above + height, left : left + width]
