"""`Flatten`: from images to rows."""

from __future__ import annotations

import math

import numpy.typing as npt

from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape


class Flatten(Layer):
    """Write each example's numbers in one row, in reading order, channels last.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten().forward(np.zeros((5, 4, 4, 3))).shape
    (5, 48)
    """

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return `x` with shape (batch, numbers per example)."""
        x = self._check_input(x)
        return x.reshape(len(x), -1).copy()

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient in the shape of the input."""
        grad_output = self._check_gradient(grad_output)
        return grad_output.reshape(self._input_shape).copy()

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (numbers per example,)."""
        return (math.prod(input_shape),)
