"""A network that computes with whole numbers of 8 bits, built from a trained one in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn
from bmcourse.nn.windows import Windows
from bmcourse.recipes.compression.affine import Affine

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class IntegerProduct:
    """A dense or convolutional layer in whole numbers.

    Attributes
    ----------
    kernel : ndarray of int8, shape (fan_in, units)
    bias : ndarray of int32, shape (units,)
        In steps of ``scale_in * scale_kernel``, as the sums are.
    factor : ndarray of float64, shape (units,)
        M = scale_in * scale_kernel / scale_out: from steps of the sums to steps of the output.
    before, after : Affine
        The codes of input and output.
    windows : Windows, optional
        Of a convolution.
    """

    kernel: Array
    bias: Array
    factor: Array
    before: Affine
    after: Affine
    windows: Windows | None = None

    @classmethod
    def of(cls, layer: nn.Dense | nn.Conv2D, before: Affine, after: Affine) -> Self:
        """Round a trained layer; each of its outputs has a scale of its own."""
        w = layer.params["kernel"]
        w = w.reshape(-1, w.shape[-1])  # (fan_in, units)
        code = Affine.symmetric(w, axis=-1)
        steps = before.scale * code.scale[0]  # (units,)
        bias = np.round(layer.params["bias"] / steps).astype(np.int32)
        windows = layer.windows if isinstance(layer, nn.Conv2D) else None
        kernel = code.quantise(w).astype(np.int8)
        return cls(kernel, bias, steps / after.scale, before, after, windows)

    def sums(self, q: Array) -> Array:
        """Return the exact sums of products, bias included: whole numbers (..., units)."""
        shifted = q.astype(np.float64) - self.before.zero  # what means 0 becomes 0
        if self.windows is not None:
            cut = self.windows.cut(shifted)  # (batch, rows, columns, height, width, channels)
            shifted = cut.reshape(*cut.shape[:3], -1)
        # Products of whole numbers, in float64 for speed: exact as long as sums stay below 2^53
        return (shifted @ self.kernel.astype(np.float64)).astype(np.int64) + self.bias

    def forward(self, q: Array) -> Array:
        """Return ``cut(round(M * sum) + zero)``: the output in 8 bits."""
        steps = np.round(self.factor * self.sums(q)).astype(np.int64) + self.after.zero
        return np.clip(steps, self.after.low, self.after.high)


class IntegerNetwork:
    """Whole numbers in, whole numbers out; only the two ends know the scales.

    Parameters
    ----------
    layers : sequence
        `IntegerProduct`, or layers that only choose or sort numbers: MaxPool2D, Flatten.
    """

    def __init__(self, layers: Sequence[Any]) -> None:
        self.layers = list(layers)
        products = self.products
        self.before, self.after = products[0].before, products[-1].after

    @property
    def products(self) -> list[IntegerProduct]:
        """The layers with weights."""
        return [layer for layer in self.layers if isinstance(layer, IntegerProduct)]

    @property
    def nbytes(self) -> int:
        """Bytes of kernels and biases, and of a scale in float32 for each output."""
        return sum(p.kernel.nbytes + p.bias.nbytes + 4 * len(p.bias) for p in self.products)

    def whole(self, x: npt.ArrayLike) -> Array:
        """Return the outputs as whole numbers."""
        q = self.before.quantise(x)
        for layer in self.layers:
            q = layer.forward(q) if isinstance(layer, IntegerProduct) else _moved(layer, q)
        return q

    def predict(self, x: npt.ArrayLike, batch_size: int = 250) -> Array:
        """Return the outputs as real numbers, `batch_size` at a time."""
        x = np.asarray(x)
        parts = [self.whole(x[i : i + batch_size]) for i in range(0, len(x), batch_size)]
        return self.after.restore(np.concatenate(parts))


def integer_network(model: nn.Sequential, calibration: npt.ArrayLike) -> IntegerNetwork:
    """Turn a trained network into whole numbers.

    Parameters
    ----------
    model : Sequential
        Of Dense, Conv2D, ReLU, MaxPool2D and Flatten.
    calibration : array_like
        Examples: the smallest and largest number that they cause at each place give its scale.
    """
    x = np.asarray(calibration)
    before = Affine.between(x.min(), x.max())
    layers: list[Any] = []
    for i, layer in enumerate(model.layers):
        x = layer.forward(x)
        if isinstance(layer, (nn.Dense, nn.Conv2D)):
            relu = i + 1 < len(model.layers) and isinstance(model.layers[i + 1], nn.ReLU)
            seen = np.maximum(x, 0) if relu else x
            after = Affine.between(seen.min(), seen.max())
            layers.append(IntegerProduct.of(layer, before, after))
            before = after
        elif isinstance(layer, (nn.MaxPool2D, nn.Flatten)):
            layers.append(layer)
        elif not isinstance(layer, nn.ReLU):  # ReLU is done by the cut at the zero point
            expected = "a network of Dense, Conv2D, ReLU, MaxPool2D and Flatten"
            checks.fail("model", expected, type(layer).__name__)
    return IntegerNetwork(layers)


def _moved(layer: nn.Layer, q: Array) -> Array:
    return layer.forward(q.astype(np.float64)).astype(np.int64)
