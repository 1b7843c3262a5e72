"""Weights in blocks of 32 with a few bits each, as in GGUF's form Q4_1, for other widths too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

BLOCK = 32
Array = npt.NDArray[Any]


def in_steps(weights: npt.ArrayLike, bits: int) -> tuple[Array, Array, Array]:
    """Return (steps, scale, minimum) of each block: w is about scale * step + minimum.

    Parameters
    ----------
    weights : array_like
        Its size is a multiple of 32; blocks follow the order in memory.
    bits : int from 1 to 8

    Returns
    -------
    steps : ndarray of uint8, shape (blocks, 32)
    scale, minimum : ndarray of float16, shape (blocks, 1)
    """
    w = checks.array("weights", weights).astype(np.float32)
    if w.size == 0 or w.size % BLOCK:
        checks.fail("weights", f"a multiple of {BLOCK} numbers", f"{w.size}")
    most = 2 ** checks.integer("bits", bits) - 1
    if bits > 8:
        checks.fail("bits", "at most 8", bits)
    w = w.reshape(-1, BLOCK)  # (blocks, 32)
    minimum = w.min(axis=1, keepdims=True).astype(np.float16)
    scale = ((w.max(axis=1, keepdims=True) - minimum) / most).astype(np.float16)
    divisor = np.where(scale > 0, scale, 1).astype(np.float32)
    steps = np.clip(np.round((w - minimum) / divisor), 0, most).astype(np.uint8)
    return steps, scale, minimum


def rounded(weights: npt.ArrayLike, bits: int) -> Array:
    """Return what is left of the weights, in their shape.

    Examples
    --------
    >>> rounded(np.linspace(-1, 1, 32), 2)[[0, 15, 16, 31]].round(2)
    array([-1.  , -0.33,  0.33,  1.  ], dtype=float32)
    """
    steps, scale, minimum = in_steps(weights, bits)
    found: Array = scale.astype(np.float32) * steps + minimum.astype(np.float32)
    return found.reshape(np.shape(weights))


def pack_q4_1(weights: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Return blocks of 20 bytes that `bmcourse.datasets.formats.gguf.unpack_q4_1` reads."""
    steps, scale, minimum = in_steps(weights, 4)
    heads = np.concatenate([scale, minimum], axis=1).astype("<f2")  # (blocks, 2)
    packed = steps[:, :16] | (steps[:, 16:] << 4)  # (blocks, 16)
    return np.concatenate([heads.view(np.uint8), packed], axis=1)


def compressed(arrays: Mapping[str, Array], bits: int) -> tuple[dict[str, Array], int]:
    """Round all tables and matrices in blocks; return the arrays, and the bytes of all.

    Vectors, such as biases and the scales of normalisations, stay in half precision.
    """
    made, total = {}, 0
    for name, array in arrays.items():
        if array.ndim > 1 and array.size % BLOCK == 0:
            made[name] = rounded(array, bits)
            total += array.size // BLOCK * (4 + BLOCK * bits // 8)
        else:
            made[name] = array.astype(np.float16).astype(np.float32)
            total += 2 * array.size
    return made, total
