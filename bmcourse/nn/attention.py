"""Multi-head self-attention."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.initializers import glorot_uniform
from bmcourse.nn.rotary import rotary_angles, turned

PROJECTED = ("query", "key", "value")


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
    rotary_base : float or None
        Turn queries and keys by their places, see `RotaryPositions`; None: the layer does not know
        the places.
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
        rotary_base: float | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.num_heads = checks.integer("num_heads", num_heads)
        if self.features % self.num_heads:
            checks.fail("num_heads", f"a divisor of features, {features}", num_heads)
        self.key_dim, self.causal = self.features // self.num_heads, causal
        self.rotary_base = rotary_base
        draws = checks.generator("rng", rng, fresh=True)
        inward, heads = (self.features, self.num_heads, self.key_dim), (num_heads, self.key_dim)
        for name in PROJECTED:
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
        self.query, self.key, self.value = self._heads(self._project())
        self._turn(self.query, self.key)
        self.query *= np.asarray(1 / math.sqrt(self.key_dim), self.x.dtype)
        # (batch, heads, steps, key_dim) @ (batch, heads, key_dim, steps)
        scores = self.query @ self.key.transpose(0, 1, 3, 2)
        self.weights = masked_softmax(scores, self.allowed(mask))
        self.mixed, (mixed,) = self._joined(1)
        np.matmul(self.weights, self.value, out=mixed)  # (batch, heads, steps, key_dim)
        output = self.mixed @ self._square("output")  # (batch * steps, features)
        output += self.params["output_bias"]
        return output.reshape(self.x.shape)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX, the sum of what comes back through queries, keys and values.

        With P the weights and S the scores: dV = Pᵀ dO, dP = dO Vᵀ, softmax's Jacobian gives
        dS = P (dP - Σ dP P) row by row, then dQ = dS K / √key_dim and dK = dSᵀ Q / √key_dim.
        """
        flat = self._check_gradient(grad_output).reshape(-1, self.features)
        self.grads["output_bias"] = flat.sum(axis=0)
        kernel = self.mixed.T @ flat  # (features, features)
        self.grads["output_kernel"] = kernel.reshape(self.params["output_kernel"].shape)
        d_joined = flat @ self._square("output").T  # (batch * steps, features)
        (d_mixed,) = self._heads(d_joined)  # (batch, heads, steps, key_dim)
        d_scores = d_mixed @ self.value.transpose(0, 1, 3, 2)  # dP: (batch, heads, queries, keys)
        d_scores -= np.einsum("bhqk,bhqk->bhq", d_scores, self.weights)[..., np.newaxis]
        d_scores *= self.weights
        joined, (d_query, d_key, d_value) = self._joined(3)
        np.matmul(d_scores, self.key, out=d_query)
        d_query *= np.asarray(1 / math.sqrt(self.key_dim), d_query.dtype)
        np.matmul(d_scores.transpose(0, 1, 3, 2), self.query, out=d_key)  # self.query has the root
        np.matmul(self.weights.transpose(0, 1, 3, 2), d_mixed, out=d_value)
        self._turn(d_query, d_key, back=True)
        self._store(joined)
        return (joined @ self.stacked.T).reshape(self.x.shape)

    def _turn(self, *arrays: Array, back: bool = False) -> None:
        """Turn each array (batch, heads, steps, key_dim) in place by its places, or back again."""
        if self.rotary_base is not None:
            steps = np.arange(arrays[0].shape[2])
            angles = rotary_angles(steps, self.key_dim, self.rotary_base)  # (steps, key_dim / 2)
            for array in arrays:
                array[...] = turned(array, -angles if back else angles)

    def _project(self) -> Array:
        """Return x W + b for queries, keys and values, side by side: one product, not three."""
        kernels = [self._square(name) for name in PROJECTED]
        self.stacked = np.concatenate(kernels, axis=1)  # (features, 3 * features)
        projected = self.x.reshape(-1, self.features) @ self.stacked
        projected += np.concatenate([self.params[f"{name}_bias"].ravel() for name in PROJECTED])
        return projected  # (batch * steps, 3 * features)

    def _store(self, joined: Array) -> None:
        """Store the gradients of the three kernels and biases, from (batch * steps, 3 * features).

        What reaches x through the three is added by the product with the stacked kernels.
        """
        kernels = self.x.reshape(-1, self.features).T @ joined  # (features, 3 * features)
        biases = joined.sum(axis=0)
        for part, name in enumerate(PROJECTED):
            own = slice(part * self.features, (part + 1) * self.features)
            for gradient, kind in ((kernels[:, own], "kernel"), (biases[own], "bias")):
                shape = self.params[f"{name}_{kind}"].shape
                self.grads[f"{name}_{kind}"] = np.ascontiguousarray(gradient).reshape(shape)

    def _square(self, name: str) -> Array:
        """Return a kernel as (features, features), the heads side by side."""
        return self.params[f"{name}_kernel"].reshape(self.features, self.features)

    def _heads(self, joined: Array) -> list[Array]:
        """Return views into (batch * steps, n * features): n arrays, cut into heads, not copied."""
        batch, steps, _ = self.x.shape
        parts = joined.reshape(batch, steps, -1, self.num_heads, self.key_dim)
        return list(parts.transpose(2, 0, 3, 1, 4))  # (n; batch, heads, steps, key_dim)

    def _joined(self, count: int) -> tuple[Array, list[Array]]:
        """Return an empty (batch * steps, count * features), and its heads to write into."""
        batch, steps, _ = self.x.shape
        joined = np.empty((batch * steps, count * self.features), self.x.dtype)
        return joined, self._heads(joined)

    def allowed(self, mask: npt.ArrayLike | None) -> Array | None:
        """Return where the queries of the last input may look; None where everywhere.

        The array broadcasts over the scores, (batch, heads, queries, keys).
        """
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


def masked_softmax(scores: Array, allowed: Array | None) -> Array:
    """Turn scores into softmax over the allowed keys, in place; 0 elsewhere.

    A row that allows no key becomes all 0.
    """
    if allowed is not None:  # to add is many times faster than to write where a mask is False
        scores += np.where(allowed, 0, -np.inf).astype(scores.dtype)
    largest = scores.max(axis=-1, keepdims=True)
    scores -= np.where(np.isfinite(largest), largest, 0)
    np.exp(scores, out=scores)  # exp(-inf) is 0
    total = np.einsum("...k->...", scores)[..., np.newaxis]
    scores /= np.where(total > 0, total, 1)
    return scores
