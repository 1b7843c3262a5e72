"""The numbers of `NextPiece`: logits packed for the page, and the shares that they give."""

from __future__ import annotations

import base64

import numpy as np
import numpy.typing as npt

from bmcourse import checks, text
from bmcourse.checks import Array

UNIT = 8  # packed numbers to one logit
MOST = 255


def pack(logits: npt.ArrayLike) -> str:
    """Return how far each logit lies below the largest of its row, in eighths, as base64.

    What lies further below than 31.9 is put there: its share is less than 1e-13 of the largest.

    Examples
    --------
    >>> unpack(pack([[1.0, 3.0, 2.5]]), 3)
    array([[-2. ,  0. , -0.5]])
    """
    rows = checks.array("logits", logits, shape=(None, None)).astype(float)
    below = (rows.max(axis=1, keepdims=True) - rows) * UNIT
    eighths = np.rint(np.minimum(below, MOST)).astype(np.uint8)
    return base64.b64encode(eighths.tobytes()).decode("ascii")


def unpack(packed: str, pieces: int) -> Array:
    """Return the logits of `pack`, each row's largest 0, shape (steps, pieces)."""
    eighths = np.frombuffer(base64.b64decode(packed), np.uint8).reshape(-1, pieces)
    logits: Array = 0.0 - eighths / UNIT
    return logits


def shares(logits: npt.ArrayLike, temperature: float, p: float) -> Array:
    """Return the probabilities of one step: softmax with a temperature, then top-p."""
    return text.top_p(text.with_temperature(logits, temperature), p)
