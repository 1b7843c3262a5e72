"""Numbers as small whole numbers: a scale, and the whole number that means 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Affine:
    """A real number r stands as the whole number ``q = round(r / scale) + zero``, cut to a range.

    Attributes
    ----------
    scale : ndarray of float64
        One number, or one for each channel, of a shape that fits the values.
    zero : ndarray of int64
        The zero point, the whole number that means exactly 0.
    low, high : int
        The smallest and the largest whole number, such as -128 and 127.
    """

    scale: Array
    zero: Array
    low: int
    high: int

    @classmethod
    def between(cls, minimum: float, maximum: float, bits: int = 8) -> Self:
        """Spread a range over all 2^bits whole numbers; 0 is taken into the range.

        Examples
        --------
        >>> code = Affine.between(-1.0, 4.1)
        >>> code.quantise([-1.0, 0.0, 4.1]), round(float(code.scale), 3)
        (array([-128,  -78,  127]), 0.02)
        """
        low, high = _ends(bits)
        minimum, maximum = min(float(minimum), 0.0), max(float(maximum), 0.0)
        if not maximum > minimum:
            checks.fail("the range", "two different numbers", f"{minimum} and {maximum}")
        scale = (maximum - minimum) / (high - low)
        zero = np.clip(np.round(low - minimum / scale), low, high)
        return cls(np.asarray(scale), zero.astype(np.int64), low, high)

    @classmethod
    def symmetric(cls, values: npt.ArrayLike, axis: int | None = None, bits: int = 8) -> Self:
        """Take 0 for zero point; the largest |value| becomes the largest whole number.

        Parameters
        ----------
        values : array_like
        axis : int, optional
            The channels' axis: each channel gets a scale of its own. All share one by default.
        """
        w = checks.array("values", values)
        _, high = _ends(bits)
        others = None if axis is None else tuple(i for i in range(w.ndim) if i != axis % w.ndim)
        largest = np.abs(w).max(axis=others, keepdims=axis is not None).astype(np.float64)
        scale = np.where(largest > 0, largest, 1.0) / high
        return cls(scale, np.zeros(scale.shape, np.int64), -high, high)

    def quantise(self, values: npt.ArrayLike) -> Array:
        """Return whole numbers of the values' shape."""
        steps = np.round(np.asarray(values, np.float64) / self.scale)
        return np.clip(steps + self.zero, self.low, self.high).astype(np.int64)

    def restore(self, whole: npt.ArrayLike) -> Array:
        """Return scale * (q - zero)."""
        found: Array = self.scale * (np.asarray(whole, np.int64) - self.zero)
        return found

    def rounded(self, values: npt.ArrayLike) -> Array:
        """Return what is left of the values: quantised, and restored."""
        return self.restore(self.quantise(values))


def _ends(bits: int) -> tuple[int, int]:
    half = 2 ** (checks.integer("bits", bits, at_least=2) - 1)
    return -half, half - 1
