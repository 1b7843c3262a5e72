"""Cepstra on the mel scale: a few numbers a frame that tell which sound it is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.sound.frames import spectrogram
from bmcourse.sound.mel import mel_filters

FLOOR = 1e-8
"""Added to the energies: the logarithm of digital silence would be minus infinity."""


def cosine_transform(rows: npt.ArrayLike, keep: int) -> Array:
    """Return the first `keep` coefficients of the cosine transform (DCT-II) of each row.

    c[q] = s(q) * sum over j of x[j] cos(pi q (j + 1/2) / m), with s(0) = sqrt(1 / m) and
    s(q) = sqrt(2 / m): the rows of the whole matrix have length 1 and stand at right angles.

    Parameters
    ----------
    rows : array_like of shape (n, m)
    keep : int
        At most m.

    Returns
    -------
    ndarray of shape (n, keep)

    Examples
    --------
    >>> cosine_transform([[1.0, 1.0, 1.0, 1.0]], keep=2).round(6).tolist()
    [[2.0, 0.0]]
    """
    x = checks.array("rows", rows, ndim=2)
    m = x.shape[1]
    if checks.integer("keep", keep) > m:
        checks.fail("keep", f"at most the length of a row, {m}", keep)
    waves = np.cos(np.pi * np.outer(np.arange(m) + 0.5, np.arange(keep)) / m)  # (m, keep)
    scale = np.where(np.arange(keep) == 0, np.sqrt(1 / m), np.sqrt(2 / m))
    return np.asarray(x @ waves * scale)  # (n, m) @ (m, keep)


def log_mel(
    wave: npt.ArrayLike, rate: float, filters: int = 20, length: int = 256, hop: int = 80
) -> Array:
    """Return the logarithm of the energy in each mel filter, for each frame.

    Parameters
    ----------
    wave : array_like of shape (n,)
        Samples in -1...1.
    rate : float
        Samples a second.
    filters, length, hop : int
        Number of filters; samples of a frame, and from one frame to the next.

    Returns
    -------
    ndarray of shape (frames, filters)

    Examples
    --------
    >>> log_mel([0.0, 0.5] * 400, 8000).shape
    (7, 20)
    """
    energies = spectrogram(wave, length, hop) @ mel_filters(filters, length, rate)
    return np.asarray(np.log(energies + FLOOR))


def cepstra(wave: npt.ArrayLike, rate: float, keep: int = 13, **options: int) -> Array:
    """Return `keep` mel cepstra for each frame. Davis and Mermelstein, 1980.

    Parameters
    ----------
    wave : array_like of shape (n,)
        Samples in -1...1.
    rate : float
        Samples a second.
    keep : int
    **options : int
        `filters`, `length` and `hop` of `log_mel`.

    Returns
    -------
    ndarray of shape (frames, keep)
        Number 0 tells the loudness, the others the form of the spectrum.

    Examples
    --------
    >>> quiet, loud = (cepstra(np.sin(np.arange(800)) * a, 8000) for a in (0.1, 1.0))
    >>> quiet.shape, bool((loud > quiet)[:, 0].all())
    ((7, 13), True)
    """
    return cosine_transform(log_mel(wave, rate, **options), keep)
