"""Attention in which several query heads share one head of keys and values."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.attention import masked_softmax
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.initializers import glorot_uniform
from bmcourse.nn.rotary import rotary_angles, turned


class GroupedQueryAttention(Layer):
    """Causal self-attention with fewer heads of keys and values than of queries.

    Query head h looks into head h // (num_heads / num_key_value_heads) of keys and values.
    Ainslie and others, "GQA: Training Generalized Multi-Query Transformer Models", 2023.

    Parameters
    ----------
    features : int
        Length of the last axis, before and after.
    num_heads : int
        Heads of queries, a divisor of `features`; key_dim = features / num_heads.
    num_key_value_heads : int
        A divisor of `num_heads`.
    rotary_base : float or None
        Turn queries and keys by their positions, see `RotaryPositions`; None for no positions.
    causal : bool
        No place looks at a later one.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Attributes
    ----------
    weights : ndarray of shape (batch, num_heads, queries, keys)
        Of the last forward pass.

    Notes
    -----
    ``params``: ``query_kernel`` (features, num_heads, key_dim), ``key_kernel``, ``value_kernel``
    (features, num_key_value_heads, key_dim), ``output_kernel`` (num_heads, key_dim, features), as
    in Keras's ``GroupQueryAttention`` without biases.

    Examples
    --------
    >>> layer = GroupedQueryAttention(8, 4, 2)
    >>> layer.forward(np.ones((1, 3, 8))).shape, layer.params["key_kernel"].shape
    ((1, 3, 8), (8, 2, 2))
    """

    def __init__(
        self,
        features: int,
        num_heads: int,
        num_key_value_heads: int,
        rotary_base: float | None = None,
        causal: bool = True,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.num_heads = checks.integer("num_heads", num_heads)
        self.num_key_value_heads = checks.integer("num_key_value_heads", num_key_value_heads)
        if self.features % self.num_heads:
            checks.fail("num_heads", f"a divisor of features, {features}", num_heads)
        if self.num_heads % self.num_key_value_heads:
            expected = f"a divisor of num_heads, {num_heads}"
            checks.fail("num_key_value_heads", expected, num_key_value_heads)
        self.key_dim = self.features // self.num_heads
        self.group = self.num_heads // self.num_key_value_heads
        self.rotary_base, self.causal = rotary_base, causal
        draws = checks.generator("rng", rng, fresh=True)
        heads = {"query": self.num_heads, "key": num_key_value_heads, "value": num_key_value_heads}
        for name, count in heads.items():
            drawn = glorot_uniform((self.features, count * self.key_dim), draws, dtype)
            self.params[f"{name}_kernel"] = drawn.reshape(self.features, count, self.key_dim)
        drawn = glorot_uniform((self.features, self.features), draws, dtype)
        self.params["output_kernel"] = drawn.reshape(self.num_heads, self.key_dim, self.features)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return what each place looked up, shape (batch, steps, features)."""
        self.x = self._kept(self._check_input(x, None, self.features))
        batch, steps, _ = self.x.shape
        self.angles = np.zeros((steps, 1, self.key_dim // 2))
        if self.rotary_base is not None:
            positions = np.arange(steps)[:, np.newaxis]  # the same for all heads
            self.angles = rotary_angles(positions, self.key_dim, self.rotary_base)
        query = turned(self._projected("query"), self.angles) / math.sqrt(self.key_dim)
        self.query = self._by_key_head(query)  # (batch, kv heads, group * steps, key_dim)
        self.key = self._by_key_head(turned(self._projected("key"), self.angles))
        self.value = self._by_key_head(self._projected("value"))  # (batch, kv heads, steps, ...)
        scores = self.query @ self.key.transpose(0, 1, 3, 2)  # (batch, kv, group * steps, steps)
        allowed = np.tile(np.tri(steps, dtype=bool), (self.group, 1)) if self.causal else None
        self.shares = masked_softmax(scores, allowed)
        self.weights = self.shares.reshape(batch, self.num_heads, steps, steps)
        self.mixed = self._by_place(self.shares @ self.value)  # (batch * steps, features)
        return (self.mixed @ self._flat("output")).reshape(self.x.shape)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX; a head of keys and values collects the gradients of its whole group.

        As in `MultiHeadAttention`: dV = Pᵀ dO, dS = P (dP - Σ dP P), dQ = dS K / √key_dim,
        dK = dSᵀ Q / √key_dim; the rows of P are the places of all the group's heads. Turned
        queries and keys are turned back.
        """
        flat = self._check_gradient(grad_output).reshape(-1, self.features)
        kernel = self.params["output_kernel"]
        self.grads["output_kernel"] = (self.mixed.T @ flat).reshape(kernel.shape)
        batch, steps, _ = self.x.shape
        d_mixed = (flat @ self._flat("output").T).reshape(batch, steps, self.num_heads, -1)
        d_mixed = self._by_key_head(d_mixed)
        d_scores = d_mixed @ self.value.transpose(0, 1, 3, 2)
        d_scores -= np.einsum("bhqk,bhqk->bhq", d_scores, self.shares)[..., np.newaxis]
        d_scores *= self.shares
        backward = {
            "query": d_scores @ self.key / math.sqrt(self.key_dim),
            "key": d_scores.transpose(0, 1, 3, 2) @ self.query,  # self.query has the root
            "value": self.shares.transpose(0, 1, 3, 2) @ d_mixed,
        }
        dx = np.zeros((batch * steps, self.features), self.x.dtype)
        for name, gradient in backward.items():
            d_projected = self._by_place(gradient)  # (batch * steps, heads * key_dim)
            if name != "value":
                heads = d_projected.reshape(batch, steps, -1, self.key_dim)
                d_projected = turned(heads, -self.angles).reshape(batch * steps, -1)
            kernel = self.x.reshape(-1, self.features).T @ d_projected
            shape = self.params[f"{name}_kernel"].shape
            self.grads[f"{name}_kernel"] = kernel.reshape(shape)
            dx += d_projected @ self._flat(name).T
        return dx.reshape(self.x.shape)

    def _projected(self, name: str) -> Array:
        """Return x W, shape (batch, steps, heads, key_dim)."""
        batch, steps, _ = self.x.shape
        projected = self.x.reshape(-1, self.features) @ self._flat(name)
        return projected.reshape(batch, steps, -1, self.key_dim)

    def _flat(self, name: str) -> Array:
        """Return a kernel with its heads side by side: a matrix."""
        kernel = self.params[f"{name}_kernel"]
        sizes = (self.features, -1) if name != "output" else (-1, self.features)
        return kernel.reshape(sizes)

    def _by_key_head(self, heads: Array) -> Array:
        """Return (batch, steps, heads, key_dim) as (batch, kv heads, group * steps, key_dim)."""
        batch, _, _, key_dim = heads.shape
        turned_round = heads.transpose(0, 2, 1, 3)  # (batch, heads, steps, key_dim)
        return turned_round.reshape(batch, self.num_key_value_heads, -1, key_dim)

    def _by_place(self, by_head: Array) -> Array:
        """Return (batch, kv heads, n * steps, key_dim) as (batch * steps, heads * key_dim)."""
        batch, steps, _ = self.x.shape
        heads = by_head.reshape(batch, -1, steps, self.key_dim).transpose(0, 2, 1, 3)
        return heads.reshape(batch * steps, -1)

    def flops(self, input_shape: Shape) -> int:
        """Count products and sums of the four kernels, of the scores and of the mixing."""
        steps = input_shape[0]
        shared = 2 * self.num_key_value_heads * self.key_dim  # columns of keys and of values
        kernels = 2 * self.features * (2 * self.features + shared)
        return steps * kernels + 4 * steps * steps * self.features
