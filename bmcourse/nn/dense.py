"""The fully connected layer."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.initializers import glorot_uniform


class Dense(Layer):
    """Every output is a weighted sum of every input, plus a bias: X W + b.

    The sum runs over the last axis; of a sequence, each place is treated alike.

    Parameters
    ----------
    input_dim : int
        Numbers per example coming in.
    units : int
        Numbers per example going out.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    ``params["kernel"]`` has shape (input_dim, units), ``params["bias"]``
    (units,). PyTorch's ``Linear`` stores the transposed kernel.

    Examples
    --------
    >>> layer = Dense(2, 1)
    >>> layer.params["kernel"][...] = [[3], [4]]
    >>> layer.forward([[1, 2]])
    array([[11.]], dtype=float32)
    >>> layer.backward([[1]])
    array([[3., 4.]], dtype=float32)
    """

    def __init__(
        self,
        input_dim: int,
        units: int,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.input_dim = checks.integer("input_dim", input_dim)
        self.units = checks.integer("units", units)
        draws, shape = checks.generator("rng", rng, fresh=True), (self.input_dim, self.units)
        self.params["kernel"] = glorot_uniform(shape, draws, dtype)
        self.params["bias"] = np.zeros(self.units, dtype)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return X W + b, shape (batch, ..., units)."""
        x = self._check_input(x)
        if x.ndim < 2 or x.shape[-1] != self.input_dim:
            between = "..., " if x.ndim > 2 else ""
            expected = f"an array of shape (any, {between}{self.input_dim})"
            checks.fail("x", expected, f"shape {x.shape}")
        self.x = self._kept(x).reshape(-1, self.input_dim)
        # (places, input_dim) @ (input_dim, units) -> (places, units)
        output = self.x @ self.params["kernel"]
        output += self.params["bias"]
        return output.reshape(*x.shape[:-1], self.units)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX = dZ Wᵀ; store dW = Xᵀ dZ and db, the sum of dZ over the batch."""
        grad_output = self._check_gradient(grad_output).reshape(-1, self.units)
        # (input_dim, places) @ (places, units) -> (input_dim, units)
        self.grads["kernel"] = self.x.T @ grad_output
        self.grads["bias"] = grad_output.sum(axis=0)  # (units,)
        # (places, units) @ (units, input_dim) -> (places, input_dim)
        return (grad_output @ self.params["kernel"].T).reshape(self._input_shape)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with `units` in place of the last axis."""
        return (*input_shape[:-1], self.units)

    def flops(self, input_shape: Shape) -> int:
        """Count one product and one sum per weight, and one sum per bias, at each place."""
        return math.prod(input_shape[:-1]) * (2 * self.input_dim * self.units + self.units)
