"""`Dropout`: noise that keeps a network from leaning on single units."""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer


class Dropout(Layer):
    """In training, set a random share of the numbers to 0 and scale up the rest.

    The scale 1 / (1 - rate) keeps the expected value, so that nothing needs
    to change at prediction time. Srivastava et al., "Dropout", 2014.

    Parameters
    ----------
    rate : float in [0, 1)
        Share of the numbers set to 0.
    rng : numpy.random.Generator or int, optional
        Source of the noise; a fresh one by default.

    Examples
    --------
    >>> layer = Dropout(0.5, np.random.default_rng(0))
    >>> layer.forward(np.ones((1, 6)), training=True)
    array([[2., 0., 0., 0., 2., 2.]])
    >>> layer.forward(np.ones((1, 6)))
    array([[1., 1., 1., 1., 1., 1.]])
    """

    def __init__(self, rate: float, rng: np.random.Generator | int | None = None) -> None:
        super().__init__()
        self.rate = checks.number("rate", rate, at_least=0, below=1)
        self.rng = checks.generator("rng", rng, fresh=True)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return x times a mask of 0 and 1 / (1 - rate) in training, else x."""
        x = self._check_input(x)
        if training:
            kept = self.rng.random(x.shape) >= self.rate
            self.mask = (kept / (1 - self.rate)).astype(x.dtype)
        else:
            self.mask = np.ones_like(x)
        return x * self.mask

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient times the same mask."""
        return self._check_gradient(grad_output) * self.mask

    def replica(self) -> Self:
        """Return a twin with its own stream of noise."""
        twin = super().replica()
        twin.rng = self.rng.spawn(1)[0]
        return twin
