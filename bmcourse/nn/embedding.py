"""Tables of vectors: one for each word or piece, one for each place."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape


class Embedding(Layer):
    """Look up one row of a table for each whole number.

    Parameters
    ----------
    input_dim : int
        Rows of the table: ids run from 0 to input_dim - 1.
    output_dim : int
        Numbers in a row.
    rng : numpy.random.Generator or int, optional
        Source of the first rows; a fresh one by default.
    dtype : dtype
        Precision of the table and of the output.

    Notes
    -----
    ``params["embeddings"]`` has shape (input_dim, output_dim), as in Keras. PyTorch calls it
    ``weight``. A look-up is the product of a one-hot row with the table, without the product.

    Examples
    --------
    >>> layer = Embedding(3, 2)
    >>> layer.params["embeddings"][...] = [[0, 1], [2, 3], [4, 5]]
    >>> layer.forward([[2, 0]])
    array([[[4., 5.],
            [0., 1.]]], dtype=float32)
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.input_dim = checks.integer("input_dim", input_dim)
        self.output_dim = checks.integer("output_dim", output_dim)
        draws, shape = checks.generator("rng", rng, fresh=True), (self.input_dim, self.output_dim)
        self.params["embeddings"] = draws.uniform(-0.05, 0.05, shape).astype(dtype)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the rows of the ids `x` of shape (batch, ...), shape (batch, ..., output_dim)."""
        given = checks.array("x", x)
        self._input_shape = given.shape
        self.ids = checks.labels("x", given.ravel(), classes=self.input_dim).copy()
        return self.params["embeddings"][self.ids].reshape(*given.shape, self.output_dim)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Store dE: the gradients of all places that looked a row up, added. Return zeros.

        An id has no slope: the gradient with respect to the ids is 0 by convention.
        """
        grad_output = self._check_gradient(grad_output).reshape(-1, self.output_dim)
        table = np.zeros_like(self.params["embeddings"])
        order = np.argsort(self.ids, kind="stable")  # places of one row side by side
        rows, starts = np.unique(self.ids[order], return_index=True)
        table[rows] = np.add.reduceat(grad_output[order], starts, axis=0)
        self.grads["embeddings"] = table
        return np.zeros(self._input_shape, table.dtype)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (*input_shape, output_dim)."""
        return (*input_shape, self.output_dim)


class PositionalEmbedding(Layer):
    """Add a row of a table to each place of a sequence, so that places can be told apart.

    Parameters
    ----------
    length : int
        Rows of the table: the longest sequence that fits.
    features : int
        Length of the last axis.
    rng : numpy.random.Generator or int, optional
        Source of the first rows; a fresh one by default.
    dtype : dtype
        Precision of the table and of the computation.

    Notes
    -----
    ``params["position_embeddings"]`` has shape (length, features), as in KerasHub's
    ``PositionEmbedding``, which returns the rows alone; this layer adds them to its input.

    Examples
    --------
    >>> layer = PositionalEmbedding(3, 1)
    >>> layer.params["position_embeddings"][...] = [[10], [20], [30]]
    >>> layer.forward([[[1.0], [2.0]]]).ravel()
    array([11., 22.], dtype=float32)
    """

    def __init__(
        self,
        length: int,
        features: int,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.length = checks.integer("length", length)
        self.features = checks.integer("features", features)
        draws, shape = checks.generator("rng", rng, fresh=True), (self.length, self.features)
        self.params["position_embeddings"] = draws.uniform(-0.05, 0.05, shape).astype(dtype)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return x plus the first rows of the table, shape (batch, steps, features)."""
        x = self._check_input(x, None, self.features)
        steps = x.shape[1]
        if steps > self.length:
            checks.fail("x", f"of at most {self.length} steps", f"{steps} steps")
        return x + self.params["position_embeddings"][:steps]  # the same rows for each example

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient unchanged; store its sum over the batch, row by row."""
        grad_output = self._check_gradient(grad_output)
        table = np.zeros_like(self.params["position_embeddings"])
        table[: grad_output.shape[1]] = grad_output.sum(axis=0)  # (steps, features)
        self.grads["position_embeddings"] = table
        return grad_output.copy()

    def flops(self, input_shape: Shape) -> int:
        """Count one sum per number."""
        return math.prod(input_shape)
