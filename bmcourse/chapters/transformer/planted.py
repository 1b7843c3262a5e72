"""Small language models with one bug each: chapter 20's study of what gives a bug away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.chapters.transformer.ablated import AblatedBlock
from bmcourse.checks import Array
from bmcourse.nn import (
    GELU,
    Dense,
    Embedding,
    LayerNormalization,
    PositionalEmbedding,
    Sequential,
)


class OverPlaces(LayerNormalization):
    """Bug: mean and variance run over the places of a text, not over the features of a place."""

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return γ x̂ + β, with the statistics over the wrong axis."""
        x = self._check_input(x)
        centred = x - x.mean(axis=1, keepdims=True)  # (batch, steps, features)
        self.deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + self.epsilon)
        self.normalized = centred / self.deviation
        return self.params["gamma"] * self.normalized + self.params["beta"]

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX, which is right for this forward pass."""
        dy, x_hat = self._check_gradient(grad_output), self.normalized
        self.grads["gamma"], self.grads["beta"] = (dy * x_hat).sum((0, 1)), dy.sum((0, 1))
        d_hat = dy * self.params["gamma"]
        along = (d_hat * x_hat).mean(axis=1, keepdims=True)
        found: Array = (d_hat - d_hat.mean(axis=1, keepdims=True) - x_hat * along) / self.deviation
        return found


class NormOnSkip(AblatedBlock):
    """Bug: the skip connection begins behind the normalization: n + f(n) with n = norm(x)."""

    def forward(
        self, x: npt.ArrayLike, training: bool = False, mask: npt.ArrayLike | None = None
    ) -> Array:
        """Return the output, shape (batch, steps, features)."""
        x = self._kept(self._check_input(x, None, self.features))
        self._hand_out()
        for norm, names in self._halves():
            x = self._through(x, norm)
            x = x + self._through(x, names)
        return x

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX, which is right for this forward pass."""
        gradient = self._check_gradient(grad_output)
        for norm, names in reversed(self._halves()):
            gradient = gradient + self._back_through(gradient, names)
            gradient = self._back_through(gradient, norm)
        self._collect_grads()
        return gradient


class NoSkipBack(AblatedBlock):
    """Bug: the backward pass goes through the layers alone, and forgets the skip connections."""

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return what is not dX."""
        gradient = self._check_gradient(grad_output)
        for norm, names in reversed(self._halves()):
            gradient = self._back_through(self._back_through(gradient, names), norm)
        self._collect_grads()
        return gradient


class OtherSlope(GELU):
    """Bug: forward in the tanh form, backward with the slope of the exact form."""

    def __init__(self) -> None:
        super().__init__(approximate=True)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return nearly the right gradient."""
        self.approximate = False
        try:
            return super().backward(grad_output)
        finally:
            self.approximate = True


class PlacesTwice(PositionalEmbedding):
    """Bug: the places are added twice, as two pieces of code each add them."""

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return x plus twice the table's rows."""
        return super().forward(super().forward(x))

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX, which is right for this forward pass, as is the table's gradient."""
        gradient = super().backward(grad_output)
        self.grads["position_embeddings"] *= 2
        return gradient


BUGS = (
    "none",
    "norm over the places",
    "norm on the skip",
    "no mask",
    "no skip on the way back",
    "slope of the other GELU",
    "places added twice",
)


def model(
    bug: str, vocabulary: int, length: int, features: int, *, rng: np.random.Generator | int
) -> Sequential:
    """Return a language model of one block with a bug. The first weights do not depend on it.

    Examples
    --------
    >>> network = model("no mask", 10, 8, 4, rng=0)
    >>> [type(layer).__name__ for layer in network.layers]
    ['Embedding', 'PositionalEmbedding', 'AblatedBlock', 'Dense']
    """
    checks.one_of("bug", bug, BUGS)
    draws = checks.generator("rng", rng)
    places = PlacesTwice if bug == "places added twice" else PositionalEmbedding
    kinds: dict[str, Callable[..., AblatedBlock]] = {
        "norm on the skip": NormOnSkip,
        "no skip on the way back": NoSkipBack,
    }
    without = {"causal"} if bug == "no mask" else set()
    first = [Embedding(vocabulary, features, rng=draws, dtype=np.float64)]
    second = places(length, features, rng=draws, dtype=np.float64)
    for layer in (*first, second):
        for table in layer.params.values():
            table *= np.sqrt(features)
    block = kinds.get(bug, AblatedBlock)(
        features, 2, 4 * features, without=without, rng=draws, dtype=np.float64
    )
    if bug == "norm over the places":
        for name in ("attention_norm", "hidden_norm"):
            block.parts[name] = OverPlaces(features, dtype=np.float64)
    if bug == "slope of the other GELU":
        block.parts["activation"] = OtherSlope()
    dense = Dense(features, vocabulary, rng=draws, dtype=np.float64)
    return Sequential([*first, second, block, dense])
