"""Rotary positions: a place in a sequence is an angle by which its features are turned."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape


def rotary_angles(positions: npt.ArrayLike, features: int, base: float = 10_000.0) -> Array:
    """Return the angle of each pair of features at each position: position / base^(2i / features).

    Parameters
    ----------
    positions : array_like of shape (...,)
        Numbers of places; 0 is the first.
    features : int
        An even number.
    base : float

    Returns
    -------
    ndarray of float64, shape (..., features / 2)

    Examples
    --------
    >>> rotary_angles([0, 1, 2], 4, base=100.0)
    array([[0. , 0. ],
           [1. , 0.1],
           [2. , 0.2]])
    """
    if checks.integer("features", features, at_least=2) % 2:
        checks.fail("features", "an even number", features)
    slower = base ** (-np.arange(0, features, 2) / features)  # (features / 2,)
    angles: Array = np.asarray(positions, float)[..., np.newaxis] * slower
    return angles


def turned(x: Array, angles: Array) -> Array:
    """Turn each pair of neighbours, (0, 1), (2, 3) and so on, of the last axis by its angle.

    Parameters
    ----------
    x : ndarray of shape (..., features)
    angles : ndarray
        Broadcast to shape (..., features / 2).

    Examples
    --------
    >>> turned(np.array([1.0, 0.0]), np.array([np.pi / 2])).round(3)
    array([0., 1.])
    """
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    first, second = x[..., ::2], x[..., 1::2]  # (..., features / 2)
    result = np.empty_like(x)
    result[..., ::2] = first * cos - second * sin
    result[..., 1::2] = first * sin + second * cos
    return result


class RotaryPositions(Layer):
    """Turn the features of each place by angles that grow with its number.

    A dot product of two places turned so depends on their distance alone, not on where they are.
    Su and others, "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.

    Parameters
    ----------
    features : int
        Length of the last axis, an even number; in attention, of one head.
    base : float
        The pair i turns by position / base^(2i / features).

    Notes
    -----
    No parameters. Pairs are neighbours, as in the paper and in GGUF files. Hugging Face pairs
    feature i with i + features / 2, which is the same after sorting the kernel's columns.

    Examples
    --------
    >>> RotaryPositions(2).forward([[[1.0, 0.0], [1.0, 0.0]]]).round(2)
    array([[[1.  , 0.  ],
            [0.54, 0.84]]])
    """

    def __init__(self, features: int, base: float = 10_000.0) -> None:
        super().__init__()
        self.features = checks.integer("features", features, at_least=2)
        if self.features % 2:
            checks.fail("features", "an even number", features)
        self.base = checks.number("base", base, above=0)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return `x` of shape (batch, steps, ..., features), turned; the same shape."""
        x = self._check_input(x)
        if x.ndim < 3 or x.shape[-1] != self.features:
            expected = f"an array of shape (batch, steps, ..., {self.features})"
            checks.fail("x", expected, f"shape {x.shape}")
        angles = rotary_angles(np.arange(x.shape[1]), self.features, self.base)
        between = (1,) * (x.ndim - 3)  # heads, if there are any
        self.angles = angles.reshape(x.shape[1], *between, -1)  # (steps, ..., features / 2)
        return turned(x, self.angles)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX: a turn is undone by the turn back, so dY is turned by minus the angles."""
        return turned(self._check_gradient(grad_output), -self.angles)

    def flops(self, input_shape: Shape) -> int:
        """Count four products and two sums per pair."""
        return 3 * math.prod(input_shape)
