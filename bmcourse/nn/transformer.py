"""The block that large language models repeat."""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.activations import GELU
from bmcourse.nn.attention import MultiHeadAttention
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.dense import Dense
from bmcourse.nn.normalization import LayerNormalization


class TransformerBlock(Layer):
    """Attention, then a network of one hidden layer at each place; around each a skip connection.

    With `norm_first`, as GPT-2 has it: x + attention(norm(x)), then the same with the network.
    Without, as in Vaswani et al., 2017: norm(x + attention(x)). The activation is GELU in its
    tanh form.

    Parameters
    ----------
    features : int
        Length of the last axis, before and after.
    num_heads : int
        A divisor of `features`.
    hidden : int
        Units of the hidden layer; usually 4 * features.
    causal : bool
        No place looks at a later one.
    norm_first : bool
        Normalize before attention and network, not after the sums.
    rotary_base : float or None
        That of `MultiHeadAttention`.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Attributes
    ----------
    parts : dict of str to Layer
        ``attention_norm``, ``attention``, ``hidden_norm``, ``hidden``, ``activation``, ``output``.

    Notes
    -----
    ``params`` hold those of the parts, named like ``attention.query_kernel``.

    Examples
    --------
    >>> block = TransformerBlock(4, 2, 16, causal=True)
    >>> block.forward(np.ones((1, 3, 4))).shape
    (1, 3, 4)
    >>> block.count_params() == 12 * 4**2 + 13 * 4
    True
    """

    def __init__(
        self,
        features: int,
        num_heads: int,
        hidden: int,
        causal: bool = False,
        norm_first: bool = True,
        *,
        rotary_base: float | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        draws = checks.generator("rng", rng, fresh=True)
        self.features, self.norm_first = checks.integer("features", features), norm_first
        self.parts: dict[str, Layer] = {
            "attention_norm": LayerNormalization(features, dtype=dtype),
            "attention": MultiHeadAttention(
                features, num_heads, causal, rotary_base=rotary_base, rng=draws, dtype=dtype
            ),
            "hidden_norm": LayerNormalization(features, dtype=dtype),
            "hidden": Dense(features, checks.integer("hidden", hidden), rng=draws, dtype=dtype),
            "activation": GELU(approximate=True),
            "output": Dense(hidden, features, rng=draws, dtype=dtype),
        }
        for part, layer in self.parts.items():
            self.params |= {f"{part}.{name}": values for name, values in layer.params.items()}

    def forward(
        self, x: npt.ArrayLike, training: bool = False, mask: npt.ArrayLike | None = None
    ) -> Array:
        """Return the block's output, shape (batch, steps, features).

        `mask` is that of `MultiHeadAttention.forward`.
        """
        x = self._kept(self._check_input(x, None, self.features))
        self._hand_out()
        attention = self.parts["attention"]
        assert isinstance(attention, MultiHeadAttention)
        norm, hidden_norm = (self.parts[name] for name in ("attention_norm", "hidden_norm"))
        if self.norm_first:
            z = attention.forward(norm.forward(x), training, mask)
            z += x  # in place: nobody else holds the array
            output = self._network(hidden_norm.forward(z))
            output += z
            return output
        x = norm.forward(x + attention.forward(x, training, mask))
        return hidden_norm.forward(x + self._network(x))

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX: at each skip connection the gradient of both ways is added."""
        gradient = self._check_gradient(grad_output)
        part = self.parts
        if self.norm_first:
            inner = part["hidden_norm"].backward(self._network_back(gradient))
            inner += gradient
            gradient = part["attention_norm"].backward(part["attention"].backward(inner))
            gradient += inner
        else:
            gradient = part["hidden_norm"].backward(gradient)
            gradient = gradient + self._network_back(gradient)
            gradient = part["attention_norm"].backward(gradient)
            gradient = gradient + part["attention"].backward(gradient)
        for name, layer in part.items():
            self.grads |= {f"{name}.{key}": values for key, values in layer.grads.items()}
        return gradient

    def replica(self) -> Self:
        """Return a block that shares these parameters but has its own memory."""
        twin = super().replica()
        twin.parts = {name: layer.replica() for name, layer in self.parts.items()}
        for layer in twin.parts.values():
            layer.params = dict(layer.params)
        return twin

    def flops(self, input_shape: Shape) -> int:
        """Add up the parts, and one sum per number at each of the two skip connections."""
        wide = (input_shape[0], self.parts["hidden"].output_shape(input_shape)[-1])
        total = 2 * input_shape[0] * self.features
        for name, layer in self.parts.items():
            total += layer.flops(wide if name in ("activation", "output") else input_shape)
        return total

    def _network(self, x: Array) -> Array:
        """Return the network's answer at each place."""
        for name in ("hidden", "activation", "output"):
            x = self.parts[name].forward(x)
        return x

    def _network_back(self, gradient: Array) -> Array:
        """Return the gradient before the network."""
        for name in ("output", "activation", "hidden"):
            gradient = self.parts[name].backward(gradient)
        return gradient

    def _hand_out(self) -> None:
        """Give each part the block's own arrays: training may have put others in their place."""
        for part, layer in self.parts.items():
            layer.checks_finite = layer.copies_input = False  # done once, at the block's door
            for name in layer.params:
                layer.params[name] = self.params[f"{part}.{name}"]
