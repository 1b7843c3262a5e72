"""The denoiser with the lowest training loss that there is: it knows the training set by heart."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.recipes.generative.diffusion import Noise, Predict

Array = npt.NDArray[Any]


def best_guess(xt: Array, training: Array, kept: float) -> Array:
    """Return the mean of x_0, given x_t, if x_0 is one of the training pictures.

    It is a soft look-up among them: each counts with the probability that x_t came from it.

    Parameters
    ----------
    xt : ndarray of shape (batch, pixels)
    training : ndarray of shape (n, pixels)
    kept : float
        Between 0 and 1, both left out.

    Returns
    -------
    ndarray of shape (batch, pixels)
    """
    spread = 1 - kept
    # |x_t - a x_i|², without |x_t|², which is the same for all i: (batch, n)
    far = kept * (training**2).sum(axis=1) - 2 * np.sqrt(kept) * (xt @ training.T)
    powers = np.exp((far.min(axis=1, keepdims=True) - far) / (2 * spread))
    found: Array = powers @ training / powers.sum(axis=1, keepdims=True)
    return found


def ideal(training: Array, noise: Noise) -> Predict:
    """Return ``predict(xt, t)`` of the best guess, for `diffusion.sample`."""

    def predict(xt: Array, t: Array) -> Array:
        found = np.empty_like(xt)
        for step in np.unique(t):
            kept, rows = float(noise.kept[step]), t == step
            guess = best_guess(xt[rows], training, kept)
            found[rows] = (xt[rows] - np.sqrt(kept) * guess) / np.sqrt(1 - kept)
        return found

    return predict
