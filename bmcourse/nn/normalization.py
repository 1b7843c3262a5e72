"""Batch normalization and layer normalization."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape


class BatchNormalization(Layer):
    """Give each feature mean 0 and variance 1 over the batch, then scale by γ and shift by β.

    Ioffe and Szegedy, "Batch Normalization", 2015.

    Parameters
    ----------
    features : int
        Length of the last axis; statistics run over all the others.
    momentum : float in [0, 1)
        Share of the old moving average kept at each step. PyTorch's
        ``momentum`` is one minus this.
    epsilon : float
        Added to the variance.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    ``params`` are ``gamma`` and ``beta``; ``state`` holds ``moving_mean`` and
    ``moving_variance``, which replace the batch's statistics outside training.

    Examples
    --------
    >>> layer = BatchNormalization(1, epsilon=1e-12)
    >>> layer.forward([[1.0], [3.0]], training=True).ravel()
    array([-1.,  1.], dtype=float32)
    """

    mixes_examples = True

    def __init__(
        self,
        features: int,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        *,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.momentum = checks.number("momentum", momentum, at_least=0, below=1)
        self.epsilon = checks.number("epsilon", epsilon, above=0)
        self.params = {"gamma": np.ones(features, dtype), "beta": np.zeros(features, dtype)}
        self.state = {
            "moving_mean": np.zeros(features, dtype),
            "moving_variance": np.ones(features, dtype),
        }

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return γ x̂ + β, where x̂ = (x - mean) / sqrt(variance + ε)."""
        x = self._check_input(x)
        if x.ndim < 2 or x.shape[-1] != self.features:
            checks.fail("x", f"an array whose last axis has {self.features}", f"shape {x.shape}")
        self.training = training
        mean, variance = self.state["moving_mean"], self.state["moving_variance"]
        if training:
            axes = tuple(range(x.ndim - 1))  # all but the features
            mean, variance = x.mean(axis=axes), x.var(axis=axes)  # (features,)
            self._remember(mean, variance)
        self.deviation = np.sqrt(variance + self.epsilon).astype(x.dtype)  # (features,)
        self.normalized = (x - mean) / self.deviation
        return self.params["gamma"] * self.normalized + self.params["beta"]

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX; the batch's mean and variance depend on x too, hence the two means.

        With dx̂ = γ dY: dX = (dx̂ - mean(dx̂) - x̂ mean(dx̂ x̂)) / deviation in
        training, and dx̂ / deviation with fixed statistics. dγ = Σ dY x̂, dβ = Σ dY.
        """
        grad_output = self._check_gradient(grad_output)
        axes = tuple(range(grad_output.ndim - 1))
        self.grads["gamma"] = (grad_output * self.normalized).sum(axis=axes)  # (features,)
        self.grads["beta"] = grad_output.sum(axis=axes)  # (features,)
        grad_normalized = grad_output * self.params["gamma"]
        if self.training:
            along = (grad_normalized * self.normalized).mean(axis=axes)  # (features,)
            grad_normalized = grad_normalized - grad_normalized.mean(axis=axes)
            grad_normalized -= self.normalized * along
        return grad_normalized / self.deviation

    def _remember(self, mean: Array, variance: Array) -> None:
        """Move the averages a little towards this batch's statistics."""
        for name, now in (("moving_mean", mean), ("moving_variance", variance)):
            self.state[name] *= self.momentum
            self.state[name] += (1 - self.momentum) * now

    def flops(self, input_shape: Shape) -> int:
        """Count a difference, a quotient, a product and a sum per number."""
        return 4 * math.prod(input_shape)


class LayerNormalization(Layer):
    """Give the features of each place mean 0 and variance 1, then scale by γ and shift by β.

    No example depends on another, and training and prediction are the same. Ba, Kiros and
    Hinton, "Layer Normalization", 2016.

    Parameters
    ----------
    features : int
        Length of the last axis, over which the statistics run.
    epsilon : float
        Added to the variance. PyTorch's default is 1e-5.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    ``params`` are ``gamma`` and ``beta`` of shape (features,). PyTorch: ``weight``, ``bias``.

    Examples
    --------
    >>> layer = LayerNormalization(2, epsilon=1e-12)
    >>> layer.forward([[1.0, 3.0], [50.0, 10.0]])
    array([[-1.,  1.],
           [ 1., -1.]], dtype=float32)
    """

    def __init__(
        self, features: int, epsilon: float = 1e-3, *, dtype: npt.DTypeLike = np.float32
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.epsilon = checks.number("epsilon", epsilon, above=0)
        self.params = {"gamma": np.ones(features, dtype), "beta": np.zeros(features, dtype)}

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return γ x̂ + β, where x̂ = (x - mean) / sqrt(variance + ε), over the last axis."""
        x = self._check_input(x)
        if x.ndim < 2 or x.shape[-1] != self.features:
            checks.fail("x", f"an array whose last axis has {self.features}", f"shape {x.shape}")
        centred = x - x.mean(axis=-1, keepdims=True)
        squares = np.einsum("...f,...f->...", centred, centred)  # without an array of squares
        variance = squares[..., np.newaxis] / np.asarray(self.features, x.dtype)  # (..., 1)
        self.deviation = np.sqrt(variance + np.asarray(self.epsilon, x.dtype))
        centred /= self.deviation
        self.normalized = centred
        output = self.params["gamma"] * self.normalized
        output += self.params["beta"]
        return output

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX = (dx̂ - mean(dx̂) - x̂ mean(dx̂ x̂)) / deviation, with dx̂ = γ dY.

        The means run over the features. dγ = Σ dY x̂ and dβ = Σ dY, over all places.
        """
        grad_output = self._check_gradient(grad_output)
        places = grad_output.reshape(-1, self.features)
        normalized = self.normalized.reshape(-1, self.features)
        self.grads["gamma"] = np.einsum("pf,pf->f", places, normalized)
        self.grads["beta"] = places.sum(axis=0)
        grad_normalized = grad_output * self.params["gamma"]
        along = np.einsum("...f,...f->...", grad_normalized, self.normalized)
        along /= np.asarray(self.features, along.dtype)  # the mean over the features
        grad_normalized -= grad_normalized.mean(axis=-1, keepdims=True)
        grad_normalized -= self.normalized * along[..., np.newaxis]
        grad_normalized /= self.deviation
        return grad_normalized

    def flops(self, input_shape: Shape) -> int:
        """Count a difference, a square, a quotient, a product and two sums per number."""
        return 6 * math.prod(input_shape)
