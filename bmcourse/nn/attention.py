"""Multi-head self-attention."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.initializers import glorot_uniform


class MultiHeadAttention(Layer):
    """Each place of a sequence looks the others up: softmax(Q Kᵀ / √key_dim) V, head by head.

    Vaswani et al., "Attention Is All You Need", 2017.

    Parameters
    ----------
    features : int
        Length of the last axis, before and after.
    num_heads : int
        A divisor of `features`; key_dim = features / num_heads.
    causal : bool
        No place looks at a later one.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Attributes
    ----------
    weights : ndarray of shape (batch, heads, queries, keys)
        Of the last forward pass: how much each place took from each; rows that sum to 1.

    Notes
    -----
    ``params``: ``query_kernel``, ``key_kernel``, ``value_kernel`` (features, heads, key_dim), their
    biases (heads, key_dim), ``output_kernel`` (heads, key_dim, features), ``output_bias``
    (features,), as Keras's ``MultiHeadAttention`` has them for a layer called with ``x, x``.

    A query that may look at nothing gets weights of 0, so that its output is ``output_bias``, as
    in Keras since version 3.

    Examples
    --------
    >>> layer = MultiHeadAttention(4, 2, causal=True)
    >>> layer.forward(np.ones((1, 3, 4))).shape
    (1, 3, 4)
    >>> layer.weights[0, 0].round(2)
    array([[1.  , 0.  , 0.  ],
           [0.5 , 0.5 , 0.  ],
           [0.33, 0.33, 0.33]], dtype=float32)
    """

    def __init__(
        self,
        features: int,
        num_heads: int,
        causal: bool = False,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.num_heads = checks.integer("num_heads", num_heads)
        if self.features % self.num_heads:
            checks.fail("num_heads", f"a divisor of features, {features}", num_heads)
        self.key_dim, self.causal = self.features // self.num_heads, causal
        draws = checks.generator("rng", rng, fresh=True)
        inward, heads = (self.features, self.num_heads, self.key_dim), (num_heads, self.key_dim)
        for name in ("query", "key", "value"):
            drawn = glorot_uniform((self.features, self.features), draws, dtype)
            self.params[f"{name}_kernel"] = drawn.reshape(inward)
            self.params[f"{name}_bias"] = np.zeros(heads, dtype)
        drawn = glorot_uniform((self.features, self.features), draws, dtype)
        self.params["output_kernel"] = drawn.reshape(*heads, self.features)
        self.params["output_bias"] = np.zeros(self.features, dtype)

    def forward(
        self, x: npt.ArrayLike, training: bool = False, mask: npt.ArrayLike | None = None
    ) -> Array:
        """Return what each place looked up, shape (batch, steps, features).

        Parameters
        ----------
        x : array_like of shape (batch, steps, features)
        training : bool
            Changes nothing here.
        mask : array_like of bool, shape (batch, queries, keys), optional
            True where a query may look; together with `causal`, both must allow it.
        """
        self.x = self._kept(self._check_input(x, None, self.features))
        self.query, self.key, self.value = map(self._heads, ("query", "key", "value"))
        self.query *= np.asarray(1 / math.sqrt(self.key_dim), self.x.dtype)
        # (batch, heads, steps, key_dim) @ (batch, heads, key_dim, steps)
        scores = self.query @ self.key.transpose(0, 1, 3, 2)
        self.weights = _masked_softmax(scores, self._allowed(mask))
        mixed = self.weights @ self.value  # (batch, heads, steps, key_dim)
        self.mixed = mixed.transpose(0, 2, 1, 3).reshape(self.x.shape)  # heads side by side
        output = self.mixed @ self._square("output")
        output += self.params["output_bias"]
        return output

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX, the sum of what comes back through queries, keys and values.

        With P the weights and S the scores: dV = Pᵀ dO, dP = dO Vᵀ, softmax's Jacobian gives
        dS = P (dP - Σ dP P) row by row, then dQ = dS K / √key_dim and dK = dSᵀ Q / √key_dim.
        """
        grad_output = self._check_gradient(grad_output)
        flat = grad_output.reshape(-1, self.features)  # (batch * steps, features)
        self.grads["output_bias"] = flat.sum(axis=0)
        kernel = self.mixed.reshape(-1, self.features).T @ flat
        self.grads["output_kernel"] = kernel.reshape(self.params["output_kernel"].shape)
        d_mixed = self._split(
            grad_output @ self._square("output").T
        )  # (batch, heads, steps, key_dim)
        d_value = self.weights.transpose(0, 1, 3, 2) @ d_mixed
        d_weights = d_mixed @ self.value.transpose(0, 1, 3, 2)  # (batch, heads, queries, keys)
        d_scores = d_weights
        d_scores -= np.einsum("bhqk,bhqk->bhq", d_weights, self.weights)[..., np.newaxis]
        d_scores *= self.weights
        d_query, d_key = d_scores @ self.key, d_scores.transpose(0, 1, 3, 2) @ self.query
        d_query *= np.asarray(1 / math.sqrt(self.key_dim), d_query.dtype)  # self.query has it
        parts = {"query": d_query, "key": d_key, "value": d_value}
        grad_x = np.zeros_like(self.x)
        for name, gradient in parts.items():
            grad_x += self._back(name, gradient)
        return grad_x

    def _heads(self, name: str) -> Array:
        """Return x W + b for one of the three, shape (batch, heads, steps, key_dim)."""
        bias = self.params[f"{name}_bias"].reshape(self.features)
        return self._split(self.x @ self._square(name) + bias)

    def _back(self, name: str, gradient: Array) -> Array:
        """Store the gradients of one of the three; return what reaches x through it."""
        joined = gradient.transpose(0, 2, 1, 3).reshape(-1, self.features)
        kernel = self.x.reshape(-1, self.features).T @ joined  # (features, features)
        self.grads[f"{name}_kernel"] = kernel.reshape(self.params[f"{name}_kernel"].shape)
        self.grads[f"{name}_bias"] = joined.sum(axis=0).reshape(self.num_heads, self.key_dim)
        return (joined @ self._square(name).T).reshape(self.x.shape)

    def _square(self, name: str) -> Array:
        """Return a kernel as (features, features), the heads side by side."""
        return self.params[f"{name}_kernel"].reshape(self.features, self.features)

    def _split(self, joined: Array) -> Array:
        """Return (batch, steps, features) as (batch, heads, steps, key_dim), in one piece."""
        parts = joined.reshape(*joined.shape[:2], self.num_heads, self.key_dim)
        return np.ascontiguousarray(parts.transpose(0, 2, 1, 3))

    def _allowed(self, mask: npt.ArrayLike | None) -> Array | None:
        """Return where a query may look, broadcast over the heads; None where everywhere."""
        batch, steps, _ = self.x.shape
        allowed = None
        if mask is not None:
            allowed = np.asarray(mask)
            if allowed.dtype != bool or allowed.shape != (batch, steps, steps):
                expected = f"a boolean array of shape {(batch, steps, steps)}"
                checks.fail("mask", expected, f"dtype {allowed.dtype} and shape {allowed.shape}")
            allowed = allowed[:, np.newaxis]
        if self.causal:
            past = np.tri(steps, dtype=bool)
            allowed = past if allowed is None else allowed & past
        return allowed

    def flops(self, input_shape: Shape) -> int:
        """Count products and sums of the four kernels, of the scores and of the mixing."""
        steps = input_shape[0]
        kernels = 4 * (2 * self.features**2 + self.features)
        return steps * kernels + 4 * steps * steps * self.features


def _masked_softmax(scores: Array, allowed: Array | None) -> Array:
    """Turn scores into softmax over the allowed keys, in place; 0 elsewhere.

    A row that allows no key becomes all 0.
    """
    if allowed is not None:
        np.copyto(scores, -np.inf, where=~allowed)
    largest = scores.max(axis=-1, keepdims=True)
    scores -= np.where(np.isfinite(largest), largest, 0)
    np.exp(scores, out=scores)  # exp(-inf) is 0
    total = scores.sum(axis=-1, keepdims=True)
    scores /= np.where(total > 0, total, 1)
    return scores
