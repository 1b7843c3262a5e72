"""Add noise of a given strength to a sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


def with_noise(wave: npt.ArrayLike, decibels: float, rng: np.random.Generator | int) -> Array:
    """Return the sound with white noise: the signal-to-noise ratio is `decibels`.

    The ratio is 10 log10(mean power of the sound / mean power of the noise), over the whole
    sound, its silence included. The noise is scaled to have exactly this power.

    Parameters
    ----------
    wave : array_like of shape (n,)
    decibels : float
    rng : numpy.random.Generator or int

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    ValueError
        If the sound is silent: nothing has a ratio to it.

    Examples
    --------
    >>> noise = with_noise(np.ones(1000), 20.0, 0) - 1
    >>> float(np.mean(noise**2).round(6))
    0.01
    """
    signal = checks.array("wave", wave, ndim=1).astype(np.float64)
    ratio = 10 ** (checks.number("decibels", decibels) / 10)
    power = np.mean(signal**2)
    if power == 0:
        checks.fail("wave", "a sound that is not silent", "zeros only")
    noise = checks.generator("rng", rng).normal(size=len(signal))
    return np.asarray(signal + noise * np.sqrt(power / ratio / np.mean(noise**2)))
