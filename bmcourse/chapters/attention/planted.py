"""One attention head whose mask can be wrong in six ways: chapter 19's study of leaks."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn import Layer, glorot_uniform

PARTS = ("query", "key", "value")


class Mask(NamedTuple):
    """How a head is masked.

    Attributes
    ----------
    diagonal : int or None
        The last place that place i may look at is i + diagonal; None allows every place.
    turned : bool
        The mask is transposed.
    late : bool
        The mask comes after the softmax.
    axis : int
        Axis of the softmax, of scores with shape (batch, queries, keys).
    """

    diagonal: int | None = 0
    turned: bool = False
    late: bool = False
    axis: int = -1

    def allowed(self, steps: int) -> Array:
        """Return where a query may look, shape (queries, keys)."""
        if self.diagonal is None:
            return np.ones((steps, steps), bool)
        past = np.tri(steps, k=self.diagonal, dtype=bool)
        return past.T if self.turned else past


MASKS = {
    "right": Mask(),
    "forgotten": Mask(diagonal=None),
    "transposed": Mask(turned=True),
    "one place too far": Mask(diagonal=1),
    "one place too short": Mask(diagonal=-1),
    "after the softmax": Mask(late=True),
    "softmax over the queries": Mask(axis=-2),
}


class Head(Layer):
    """One head without biases, with a mask to choose. Its backward pass is right for each mask.

    Parameters
    ----------
    features : int
        Length of the last axis, before and after; also the key's.
    mask : Mask
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.

    Examples
    --------
    >>> head = Head(4, MASKS["one place too far"], rng=0)
    >>> head.forward(np.ones((1, 3, 4))).shape
    (1, 3, 4)
    >>> head.weights[0].round(2)
    array([[0.5 , 0.5 , 0.  ],
           [0.33, 0.33, 0.33],
           [0.33, 0.33, 0.33]])
    """

    def __init__(
        self, features: int, mask: Mask, *, rng: np.random.Generator | int | None = None
    ) -> None:
        super().__init__()
        self.features, self.mask = checks.integer("features", features), mask
        draws = checks.generator("rng", rng, fresh=True)
        for name in PARTS:
            self.params[name] = glorot_uniform((features, features), draws, np.float64)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return what each place looked up, shape (batch, steps, features)."""
        self.x = self._check_input(x, None, self.features)
        q, k, v = self.parts = [self.x @ self.params[name] for name in PARTS]
        scores = q @ k.swapaxes(1, 2) / math.sqrt(self.features)  # (batch, queries, keys)
        self.allowed = self.mask.allowed(scores.shape[-1])
        if not self.mask.late:
            scores = np.where(self.allowed, scores, -1e9)
        powers = np.exp(scores - scores.max(axis=self.mask.axis, keepdims=True))
        self.shares = powers / powers.sum(axis=self.mask.axis, keepdims=True)
        self.weights = np.where(self.allowed, self.shares, 0)
        return self.weights @ v

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX: as in `MultiHeadAttention`, with the softmax along the mask's axis."""
        upstream = self._check_gradient(grad_output)
        q, k, v = self.parts
        d_shares = np.where(self.allowed, upstream @ v.swapaxes(1, 2), 0)
        total = (d_shares * self.shares).sum(axis=self.mask.axis, keepdims=True)
        d_scores = self.shares * (d_shares - total) / math.sqrt(self.features)
        back = (d_scores @ k, d_scores.swapaxes(1, 2) @ q, self.weights.swapaxes(1, 2) @ upstream)
        flat = self.x.reshape(-1, self.features)  # (batch * steps, features)
        grad_x = np.zeros_like(self.x)
        for name, gradient in zip(PARTS, back, strict=True):
            self.grads[name] = flat.T @ gradient.reshape(flat.shape)
            grad_x += gradient @ self.params[name].T
        return grad_x
