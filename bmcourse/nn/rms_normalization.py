"""Root-mean-square normalization."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape


class RMSNormalization(Layer):
    """Divide the features of each place by their root mean square, then scale by γ.

    Layer normalization without the mean and without β. Zhang and Sennrich, "Root Mean Square
    Layer Normalization", 2019.

    Parameters
    ----------
    features : int
        Length of the last axis, over which the mean of the squares runs.
    epsilon : float
        Added to the mean of the squares.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    ``params["scale"]`` has shape (features,), as in Keras. PyTorch: ``RMSNorm``, ``weight``.

    Examples
    --------
    >>> layer = RMSNormalization(2, epsilon=1e-12)
    >>> layer.forward([[1.0, 7.0]]).round(3)
    array([[0.2, 1.4]], dtype=float32)
    """

    def __init__(
        self, features: int, epsilon: float = 1e-6, *, dtype: npt.DTypeLike = np.float32
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.epsilon = checks.number("epsilon", epsilon, above=0)
        self.params = {"scale": np.ones(features, dtype)}

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return γ x̂, where x̂ = x / r and r = sqrt(mean(x²) + ε), over the last axis."""
        x = self._check_input(x)
        if x.ndim < 2 or x.shape[-1] != self.features:
            checks.fail("x", f"an array whose last axis has {self.features}", f"shape {x.shape}")
        squares = np.einsum("...f,...f->...", x, x)[..., np.newaxis]  # (..., 1)
        mean = squares / np.asarray(self.features, x.dtype)
        self.root = np.sqrt(mean + np.asarray(self.epsilon, x.dtype))
        self.normalized = x / self.root
        return self.params["scale"] * self.normalized

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX = (dx̂ - x̂ mean(dx̂ x̂)) / r, with dx̂ = γ dY; dγ = Σ dY x̂ over all places."""
        grad_output = self._check_gradient(grad_output)
        places = grad_output.reshape(-1, self.features)
        normalized = self.normalized.reshape(-1, self.features)
        self.grads["scale"] = np.einsum("pf,pf->f", places, normalized)
        grad_normalized = grad_output * self.params["scale"]
        along = np.einsum("...f,...f->...", grad_normalized, self.normalized)
        along /= np.asarray(self.features, along.dtype)  # the mean over the features
        grad_normalized -= self.normalized * along[..., np.newaxis]
        grad_normalized /= self.root
        return grad_normalized

    def flops(self, input_shape: Shape) -> int:
        """Count a square, a sum, a quotient and a product per number."""
        return 4 * math.prod(input_shape)
