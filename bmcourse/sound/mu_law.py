"""Mu-law: a sample in one byte, as digital telephones send it (ITU-T G.711)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks

BIAS, LARGEST = 132, 32635


def mu_law_encode(wave: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Return one byte a sample: a sign, the power of two, and four bits behind it.

    Parameters
    ----------
    wave : array_like of int, shape (n,)
        Samples of 16 bits.

    Examples
    --------
    >>> mu_law_encode([0, 1000, -1000, 32767]).tolist()
    [255, 206, 78, 128]
    """
    samples = checks.array("wave", wave, empty=True)
    if samples.dtype.kind not in "iu":
        checks.fail("wave", "an array of 16-bit whole numbers", f"dtype {samples.dtype}")
    size = np.minimum(np.abs(samples.astype(np.int64)), LARGEST) + BIAS
    power = np.floor(np.log2(size)).astype(np.int64) - 7
    bits = (samples < 0) * 0x80 | power << 4 | (size >> (power + 3)) & 0x0F
    return np.asarray(~bits & 0xFF, dtype=np.uint8)


def mu_law_decode(codes: npt.ArrayLike) -> npt.NDArray[np.int16]:
    """Return the 16-bit samples that bytes stand for.

    Examples
    --------
    >>> mu_law_decode(mu_law_encode([0, 1000, -1000])).tolist()
    [0, 988, -988]
    """
    bits = ~checks.array("codes", codes, empty=True).astype(np.int64) & 0xFF
    size = (((bits & 0x0F) << 3) + BIAS << (bits >> 4 & 0x07)) - BIAS
    return np.asarray(np.where(bits & 0x80, -size, size), dtype=np.int16)
