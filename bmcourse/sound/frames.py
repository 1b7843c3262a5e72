"""Cut a sound into frames, and take the power spectrum of each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


def frames(wave: npt.ArrayLike, length: int, hop: int) -> Array:
    """Return the pieces of `length` samples that begin every `hop` samples; a rest is left out.

    Parameters
    ----------
    wave : array_like of shape (n,)
    length, hop : int
        In samples. A sound shorter than one frame is filled up with zeros.

    Returns
    -------
    ndarray of shape (1 + (n - length) // hop, length)

    Examples
    --------
    >>> frames([1, 2, 3, 4, 5, 6], length=4, hop=2).tolist()
    [[1, 2, 3, 4], [3, 4, 5, 6]]
    """
    samples = checks.array("wave", wave, ndim=1)
    length, hop = checks.integer("length", length), checks.integer("hop", hop)
    if len(samples) < length:
        samples = np.pad(samples, (0, length - len(samples)))
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop].copy()


def hann(length: int) -> Array:
    """Return Hann's window: half a turn of a cosine, 0 at the start, 1 in the middle.

    It is periodic: `length` samples of a wave whose next sample would be 0 again.

    Examples
    --------
    >>> hann(4).round(6).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    length = checks.integer("length", length)
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length))


def spectrogram(
    wave: npt.ArrayLike, length: int = 256, hop: int = 80, window: bool = True
) -> Array:
    """Return the power of each frequency in each frame.

    Parameters
    ----------
    wave : array_like of shape (n,)
    length, hop : int
        In samples.
    window : bool
        Multiply each frame by `hann` first.

    Returns
    -------
    ndarray of shape (frames, length // 2 + 1)
        Column k is the frequency k * rate / length.

    Examples
    --------
    >>> spectrogram([1, 0, -1, 0] * 2, length=8, hop=8, window=False).round(6).tolist()
    [[0.0, 0.0, 16.0, 0.0, 0.0]]
    """
    pieces = frames(wave, length, hop)
    if window:
        pieces = pieces * hann(length)
    return np.asarray(np.abs(np.fft.rfft(pieces, axis=1)) ** 2)  # (frames, length // 2 + 1)
