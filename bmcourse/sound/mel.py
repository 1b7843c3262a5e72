"""The mel scale: equal steps sound about equally far apart. Triangular filters on it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


def hertz_to_mel(hertz: npt.ArrayLike) -> Array:
    """Return 1127 ln(1 + f / 700): O'Shaughnessy's formula, in use since HTK.

    Examples
    --------
    >>> hertz_to_mel([0, 1000, 4000]).round().tolist()
    [0.0, 1000.0, 2146.0]
    """
    f = checks.array("hertz", hertz)
    if f.min() < 0:
        checks.fail("hertz", "at least 0", f.min())
    return np.asarray(1127.0 * np.log1p(f / 700.0))


def mel_to_hertz(mel: npt.ArrayLike) -> Array:
    """Return the frequency in hertz of a height in mel.

    Examples
    --------
    >>> mel_to_hertz(hertz_to_mel(440.0)).round(6).item()
    440.0
    """
    return np.asarray(700.0 * np.expm1(checks.array("mel", mel) / 1127.0))


def mel_filters(
    filters: int, length: int, rate: float, low: float = 80.0, high: float | None = None
) -> Array:
    """Return triangles of equal width in mel, as weights of the columns of a spectrogram.

    Parameters
    ----------
    filters : int
    length : int
        Samples of a frame; the spectrum has length // 2 + 1 columns.
    rate : float
        Samples a second.
    low, high : float
        Where the first triangle begins and the last one ends, in hertz; by default `high` is
        half the rate.

    Returns
    -------
    ndarray of shape (length // 2 + 1, filters)

    Raises
    ------
    ValueError
        If `high` lies above half the rate, or a filter is so narrow that it meets no column.

    Examples
    --------
    >>> mel_filters(20, 256, 8000).shape
    (129, 20)
    """
    filters, length = checks.integer("filters", filters), checks.integer("length", length)
    rate = checks.number("rate", rate, above=0)
    high = checks.number("high", rate / 2 if high is None else high, above=low, at_most=rate / 2)
    columns = hertz_to_mel(np.arange(length // 2 + 1) * rate / length)[:, np.newaxis]
    edges = np.linspace(hertz_to_mel(low), hertz_to_mel(high), filters + 2)
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (columns - left) / (middle - left), (right - columns) / (right - middle)
    weights = np.maximum(0.0, np.minimum(rising, falling))  # (length // 2 + 1, filters)
    if not weights.any(axis=0).all():
        checks.fail("filters", "so few that each meets a column of the spectrum", filters)
    return np.asarray(weights)
