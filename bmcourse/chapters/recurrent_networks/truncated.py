"""An LSTM that is trained by truncated back-propagation through time."""

from __future__ import annotations

from typing import Any

from bmcourse import checks, nn
from bmcourse.checks import Array


class TruncatedLSTM(nn.LSTM):
    """An LSTM whose backward pass stops `window` steps before the end.

    The forward pass reads everything. The state at which the window begins counts as given: the
    steps before it get no gradient.

    Parameters
    ----------
    features, units : int
        As in `LSTM`. The layer returns its last state.
    window : int
        How many of the last steps the gradient goes through.
    **options
        ``rng`` and ``dtype``, as in `LSTM`.

    Examples
    --------
    >>> import numpy as np
    >>> layer = TruncatedLSTM(1, 2, window=2, rng=0)
    >>> _ = layer.forward(np.ones((1, 5, 1)))
    >>> (layer.backward(np.ones((1, 2))) != 0).ravel()
    array([False, False, False,  True,  True])
    """

    def __init__(self, features: int, units: int, *, window: int, **options: Any) -> None:
        super().__init__(features, units, **options)
        self.window = checks.integer("window", window)

    def _sum_up(self, dz: Array, states: Array) -> Array:
        """Drop the steps before the window, then add up the others."""
        dz[: -self.window] = 0
        return super()._sum_up(dz, states)
