"""A transformer block from which parts can be taken out: chapter 20's ablations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn import (
    Dense,
    Embedding,
    Layer,
    LayerNormalization,
    PositionalEmbedding,
    ReLU,
    Sequential,
    TransformerBlock,
)

PARTS = ("skip", "norm", "attention", "network", "positions", "causal", "bend", "gelu", "scale")


class AblatedBlock(TransformerBlock):
    """A causal `TransformerBlock` that may lack some parts. What is left works as before.

    Parameters
    ----------
    features, num_heads, hidden, norm_first, rng, dtype
        As in `TransformerBlock`.
    without : collection of str
        ``skip``: no skip connections; ``norm``: no normalization; ``attention`` or ``network``:
        that half is left out, its skip connection with it; ``causal``: no mask; ``bend``: no
        activation; ``gelu``: ReLU in its place. ``positions`` and ``scale`` concern
        `language_model` alone.

    Examples
    --------
    >>> block = AblatedBlock(4, 2, 16, without={"network"}, rng=0)
    >>> sorted(block.parts)
    ['attention', 'attention_norm']
    """

    def __init__(
        self,
        features: int,
        num_heads: int,
        hidden: int,
        norm_first: bool = True,
        *,
        without: frozenset[str] | set[str] = frozenset(),
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        for name in without:
            checks.one_of("without", name, PARTS)
        causal = "causal" not in without
        super().__init__(features, num_heads, hidden, causal, norm_first, rng=rng, dtype=dtype)
        self.skip = "skip" not in without
        gone: dict[str, tuple[str, ...]] = {"attention": ("attention", "attention_norm")}
        gone |= {"network": ("hidden", "activation", "output", "hidden_norm")}
        gone |= {"norm": ("attention_norm", "hidden_norm"), "bend": ("activation",)}
        for name in without:
            for part in gone.get(name, ()):
                self.parts.pop(part, None)
        if "gelu" in without:
            self.parts["activation"] = ReLU()
        kept = tuple(f"{part}." for part in self.parts)
        self.params = {name: p for name, p in self.params.items() if name.startswith(kept)}

    def forward(
        self, x: npt.ArrayLike, training: bool = False, mask: npt.ArrayLike | None = None
    ) -> Array:
        """Return the output, shape (batch, steps, features)."""
        x = self._kept(self._check_input(x, None, self.features))
        self._hand_out()
        for norm, names in self._halves():
            inner = self._through(x if not self.norm_first else self._through(x, norm), names)
            x = x + inner if self.skip else inner
            x = x if self.norm_first else self._through(x, norm)
        return x

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX, through the same steps in reverse."""
        gradient = self._check_gradient(grad_output)
        for norm, names in reversed(self._halves()):
            gradient = gradient if self.norm_first else self._back_through(gradient, norm)
            inner = self._back_through(gradient, names)
            inner = self._back_through(inner, norm) if self.norm_first else inner
            gradient = gradient + inner if self.skip else inner
        self._collect_grads()
        return gradient

    def _collect_grads(self) -> None:
        for name, layer in self.parts.items():
            self.grads |= {f"{name}.{key}": values for key, values in layer.grads.items()}

    def _halves(self) -> list[tuple[list[str], list[str]]]:
        """Return, for attention and network, the names of its norm and of its layers."""
        halves = [("attention_norm", ["attention"])]
        halves += [("hidden_norm", ["hidden", "activation", "output"])]
        here = self.parts.keys()
        return [
            ([norm] if norm in here else [], [name for name in names if name in here])
            for norm, names in halves
            if names[0] in here
        ]

    def _through(self, x: Array, names: list[str]) -> Array:
        for name in names:
            x = self.parts[name].forward(x)
        return x

    def _back_through(self, gradient: Array, names: list[str]) -> Array:
        for name in reversed(names):
            gradient = self.parts[name].backward(gradient)
        return gradient


def language_model(
    vocabulary: int,
    length: int,
    features: int,
    num_heads: int,
    blocks: int,
    *,
    norm_first: bool = True,
    without: frozenset[str] | set[str] = frozenset(),
    rng: np.random.Generator | int | None = None,
    dtype: npt.DTypeLike = np.float32,
) -> Sequential:
    """Return a network that predicts the next piece of a text at each place.

    A table of pieces, a table of places, the blocks, with `norm_first` one more normalization,
    and a dense layer with one logit for each piece. The tables are drawn √features times as large
    as `Embedding` draws them: else what the first block adds would drown them.

    Parameters
    ----------
    vocabulary : int
        Number of pieces.
    length : int
        Longest text.
    features, num_heads, norm_first, without, rng, dtype
        As in `AblatedBlock`; ``positions`` leaves out the table of places, ``scale`` the factor.
    blocks : int
        How many.

    Examples
    --------
    >>> model = language_model(10, 8, 4, 2, blocks=1, rng=0)
    >>> model.forward(np.zeros((3, 8), int)).shape
    (3, 8, 10)
    """
    draws = checks.generator("rng", rng, fresh=True)
    common: dict[str, Any] = {"rng": draws, "dtype": dtype}
    layers: list[Layer] = [Embedding(vocabulary, features, **common)]
    if "positions" not in without:
        layers.append(PositionalEmbedding(length, features, **common))
    for layer in layers if "scale" not in without else []:
        for table in layer.params.values():
            table *= np.asarray(math.sqrt(features), dtype)
    for _ in range(blocks):
        shape = (features, num_heads, 4 * features, norm_first)
        layers.append(AblatedBlock(*shape, without=without, **common))
    if norm_first and "norm" not in without:
        layers.append(LayerNormalization(features, dtype=dtype))
    layers.append(Dense(features, vocabulary, **common))
    return Sequential(layers)
