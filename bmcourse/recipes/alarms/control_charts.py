"""Control charts by hand: EWMA and CUSUM, and how long they run until an alarm."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array


def ewma(z: npt.ArrayLike, weight: float) -> Array:
    """Return the exponentially weighted mean after each value, in standard deviations of its own.

    ``m`` becomes ``m + weight * (z - m)``, and starts at 0. For independent ``z`` with mean 0 and
    variance 1, ``m`` settles at the variance ``weight / (2 - weight)``; we divide by its root.

    Parameters
    ----------
    z : array of shape (..., n)
        Standardised values, in the order of time along the last axis.
    weight : float
        In (0, 1]; with 1 this is the chart of single values.

    References
    ----------
    Roberts, Control Chart Tests Based on Geometric Moving Averages, 1959.
    """
    values = np.asarray(z, float)
    mean = np.zeros(values.shape[:-1])
    out = np.empty(values.shape)
    for place in range(values.shape[-1]):
        mean = mean + weight * (values[..., place] - mean)
        out[..., place] = mean
    return out / np.sqrt(weight / (2 - weight))


def cusum(z: npt.ArrayLike, slack: float) -> Array:
    """Return the larger of the two cumulative sums, upwards and downwards, after each value.

    Upwards: ``s`` becomes ``max(0, s + z - slack)``. Downwards the same with ``-z``.

    References
    ----------
    Page, Continuous Inspection Schemes, 1954.

    Examples
    --------
    >>> cusum([1.0, 1.0, -3.0], slack=0.5).tolist()
    [0.5, 1.0, 2.5]
    """
    values = np.asarray(z, float)
    up, down = np.zeros(values.shape[:-1]), np.zeros(values.shape[:-1])
    out = np.empty(values.shape)
    for place in range(values.shape[-1]):
        up = np.maximum(0, up + values[..., place] - slack)
        down = np.maximum(0, down - values[..., place] - slack)
        out[..., place] = np.maximum(up, down)
    return out


def run_lengths(
    chart: Callable[[Array], Array],
    limit: float,
    rng: np.random.Generator,
    *,
    runs: int,
    longest: int,
    shift: float = 0.0,
    memory: float = 0.0,
) -> Array:
    """Simulate how many values pass until the chart goes beyond its limit, in each of many runs.

    Parameters
    ----------
    chart : callable
        Takes values of shape (runs, longest), returns the chart, whose sign is not looked at.
    limit : float
    rng : numpy.random.Generator
    runs, longest : int
        A run without an alarm counts as ``longest``: choose it well above the mean.
    shift : float
        Mean of the values; 0 is the undisturbed process.
    memory : float
        Correlation of each value with the one before; 0 is what the charts assume.
    """
    noise = rng.normal(size=(runs, longest))
    values = noise
    if memory:
        for place in range(1, longest):
            noise[:, place] = (
                memory * noise[:, place - 1] + np.sqrt(1 - memory**2) * noise[:, place]
            )
    beyond = np.abs(chart(values + shift)) > limit
    return np.where(beyond.any(axis=1), beyond.argmax(axis=1) + 1, longest)
