"""The convolutional layer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.initializers import glorot_uniform
from bmcourse.nn.windows import Windows, pair


class Conv2D(Layer):
    """Each filter is laid on every window of the image; the output is the weighted sum there.

    What deep learning calls convolution is cross-correlation: the filter is
    not turned around.

    Parameters
    ----------
    in_channels : int
        Numbers per pixel coming in.
    filters : int
        Numbers per pixel going out.
    kernel_size : int or (int, int)
        Height and width of the filters.
    strides : int or (int, int)
        Steps from one window to the next.
    padding : {"valid", "same"}
        As in TensorFlow, see `Windows`.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    Images are (batch, height, width, channels). ``params["kernel"]`` has
    shape (height, width, in_channels, filters) as in Keras; PyTorch stores
    (filters, in_channels, height, width). ``params["bias"]`` is (filters,).

    Laying every window out as one row ("im2col") turns convolution into one
    matrix product (Chellapilla, Puri and Simard, 2006).

    Examples
    --------
    >>> layer = Conv2D(1, 1, kernel_size=2)
    >>> layer.params["kernel"][:, :, 0, 0] = [[1, 0], [0, 1]]
    >>> layer.forward(np.arange(9).reshape(1, 3, 3, 1))[0, :, :, 0]
    array([[ 4.,  6.],
           [10., 12.]], dtype=float32)
    """

    def __init__(
        self,
        in_channels: int,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = 1,
        padding: str = "valid",
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.in_channels = checks.integer("in_channels", in_channels)
        self.filters = checks.integer("filters", filters)
        self.windows = Windows(
            pair("kernel_size", kernel_size),
            pair("strides", strides),
            checks.one_of("padding", padding, ("valid", "same")),
        )
        draws = checks.generator("rng", rng, fresh=True)
        shape = (*self.windows.size, self.in_channels, self.filters)
        self.params["kernel"] = glorot_uniform(shape, draws, dtype)
        self.params["bias"] = np.zeros(self.filters, dtype)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the sum over each window of pixel times weight, plus the bias."""
        x = self._check_input(x, None, None, self.in_channels)
        windows = self.windows.cut(x)  # (batch, rows, columns, height, width, in_channels)
        self.windows_shape = windows.shape
        batch, rows, columns = windows.shape[:3]
        kernel = self.params["kernel"].reshape(-1, self.filters)  # (window, filters)
        own = np.array(windows, order="C")  # a copy, whatever the caller does to x
        self.patches = own.reshape(-1, len(kernel))  # (batch * rows * columns, window)
        # (batch * rows * columns, window) @ (window, filters)
        output = self.patches @ kernel + self.params["bias"]
        return output.reshape(batch, rows, columns, self.filters)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX: each window's dP = dZ Kᵀ added back in place; store dK = Pᵀ dZ and db."""
        grad_output = self._check_gradient(grad_output)
        grad_output = grad_output.reshape(-1, self.filters)  # (batch * rows * columns, filters)
        kernel = self.params["kernel"].reshape(-1, self.filters)  # (window, filters)
        # (window, batch * rows * columns) @ (batch * rows * columns, filters)
        grad_kernel = self.patches.T @ grad_output
        self.grads["kernel"] = grad_kernel.reshape(self.params["kernel"].shape)
        self.grads["bias"] = grad_output.sum(axis=0)  # (filters,)
        # (batch * rows * columns, filters) @ (filters, window)
        grad_patches = grad_output @ kernel.T
        return self.windows.add_back(grad_patches.reshape(self.windows_shape), self._input_shape)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (rows, columns, filters) for an image of (height, width, in_channels)."""
        height, width, _ = input_shape
        return (*self.windows.output_size(height, width), self.filters)

    def flops(self, input_shape: Shape) -> int:
        """Count, per output number, a product and a sum for each weight, and the bias."""
        rows, columns, filters = self.output_shape(input_shape)
        per_filter = self.params["kernel"].size // filters
        return rows * columns * filters * (2 * per_filter + 1)
