"""Pooling: layers that summarise each window of an image by one number per channel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.windows import Windows, pair


class _Pool2D(Layer):
    """Geometry that both kinds of pooling share."""

    def __init__(
        self,
        pool_size: int | tuple[int, int] = 2,
        strides: int | tuple[int, int] | None = None,
        padding: str = "valid",
    ) -> None:
        super().__init__()
        size = pair("pool_size", pool_size)
        self.windows = Windows(
            size,
            size if strides is None else pair("strides", strides),
            checks.one_of("padding", padding, ("valid", "same")),
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (rows, columns, channels)."""
        height, width, channels = input_shape
        return (*self.windows.output_size(height, width), channels)

    def flops(self, input_shape: Shape) -> int:
        """Count one operation per number in each window."""
        rows, columns, channels = self.output_shape(input_shape)
        return rows * columns * channels * self.windows.size[0] * self.windows.size[1]


class MaxPool2D(_Pool2D):
    """Keep the largest number of each window, channel by channel.

    Parameters
    ----------
    pool_size : int or (int, int)
        Height and width of the windows.
    strides : int or (int, int), optional
        Steps from one window to the next; the window's size by default.
    padding : {"valid", "same"}
        The border of "same" never wins.

    Notes
    -----
    Among equal largest numbers the first in reading order wins, and it alone
    receives the gradient, as in TensorFlow on a CPU.

    Examples
    --------
    >>> layer = MaxPool2D(2)
    >>> layer.forward(np.array([[1.0, 5.0], [5.0, 2.0]]).reshape(1, 2, 2, 1)).item()
    5.0
    >>> layer.backward(np.ones((1, 1, 1, 1)))[0, :, :, 0]
    array([[0., 1.],
           [0., 0.]])
    """

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the maximum of each window, shape (batch, rows, columns, channels)."""
        x = self._check_input(x, None, None, None)
        windows = self.windows.cut(x, fill=-np.inf)
        batch, rows, columns, height, width, channels = self.windows_shape = windows.shape
        flat = windows.reshape(batch, rows, columns, height * width, channels)
        self.winner = flat.argmax(axis=3)[:, :, :, None]  # (batch, rows, columns, 1, channels)
        return np.take_along_axis(flat, self.winner, axis=3)[:, :, :, 0]

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX: each window sends its gradient to the pixel that won, nothing elsewhere."""
        grad_output = self._check_gradient(grad_output)
        batch, rows, columns, height, width, channels = self.windows_shape
        grad_flat = np.zeros((batch, rows, columns, height * width, channels), grad_output.dtype)
        np.put_along_axis(grad_flat, self.winner, grad_output[:, :, :, None], axis=3)
        return self.windows.add_back(grad_flat.reshape(self.windows_shape), self._input_shape)


class AveragePool2D(_Pool2D):
    """Take the mean of each window, channel by channel.

    Parameters
    ----------
    pool_size : int or (int, int)
        Height and width of the windows.
    strides : int or (int, int), optional
        Steps from one window to the next; the window's size by default.
    padding : {"valid", "same"}
        The border of "same" is not counted in the mean, as in TensorFlow.

    Examples
    --------
    >>> layer = AveragePool2D(2)
    >>> layer.forward(np.array([[1.0, 5.0], [4.0, 2.0]]).reshape(1, 2, 2, 1)).item()
    3.0
    """

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the mean of each window, shape (batch, rows, columns, channels)."""
        x = self._check_input(x, None, None, None)
        windows = self.windows.cut(x)
        self.windows_shape = windows.shape
        ones = np.ones((1, *x.shape[1:3], 1), x.dtype)
        self.count = self.windows.cut(ones).sum(axis=(3, 4))  # (1, rows, columns, 1)
        return windows.sum(axis=(3, 4)) / self.count

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX: each window shares its gradient equally among its pixels."""
        grad_output = self._check_gradient(grad_output)
        share = (grad_output / self.count)[:, :, :, None, None]
        return self.windows.add_back(np.broadcast_to(share, self.windows_shape), self._input_shape)
