"""Keras's attention with rotary positions."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from bmcourse.nn.rotary import rotary_angles


@keras.saving.register_keras_serializable(package="bmcourse")
class RotaryAttention(keras.layers.MultiHeadAttention):
    """Attention that turns queries and keys by their places: a score knows the distance.

    Takes what ``keras.layers.MultiHeadAttention`` takes, and has the same weights; `key_dim` must
    be an even number. Neighbours are paired, as in `bmcourse.nn.RotaryPositions`.

    Parameters
    ----------
    num_heads, key_dim : int
    rotary_base : float
        The pair i turns by place / base^(2i / key_dim).

    References
    ----------
    Su and others, "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.
    """

    def __init__(
        self, num_heads: int, key_dim: int, *, rotary_base: float = 10_000.0, **kwargs: Any
    ) -> None:
        super().__init__(num_heads, key_dim, **kwargs)
        self.rotary_base = rotary_base
        self._slower = rotary_angles([1], key_dim, rotary_base).astype(np.float32)

    def _compute_attention(self, query: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._compute_attention(self._turned(query), self._turned(key), *args, **kwargs)

    def _turned(self, x: Any) -> Any:
        """Return x (batch, steps, heads, key_dim), each place turned by its angles."""
        ops = keras.ops
        places = ops.arange(ops.shape(x)[1], dtype=self.compute_dtype)
        angles = (places[:, None] * self._slower)[:, None, :]  # (steps, 1, key_dim / 2)
        cos, sin = ops.cos(angles), ops.sin(angles)
        first, second = x[..., ::2], x[..., 1::2]
        pairs = [first * cos - second * sin, first * sin + second * cos]
        return ops.reshape(ops.stack(pairs, axis=-1), ops.shape(x))

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to make this layer again."""
        return {**super().get_config(), "rotary_base": self.rotary_base}
