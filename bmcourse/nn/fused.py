"""`ConvPool2D`, convolution, ReLU and pooling in one layer: the same numbers, sooner.

`Conv2D`, `ReLU` and `MaxPool2D` say what is computed. `ConvPool2D` computes
the same with less work, and the tests prove it equal. What makes it fast:

- max(ReLU(z + b)) over a pool is ReLU(max(z) + b), because neither function
  ever falls: bias and ReLU then meet one number per pool, not four.
- Windows are sorted by their place in the pool: first all upper left ones,
  then all upper right ones, and so on. The maximum of a pool is then the
  maximum of whole arrays, and what pooling would drop is never computed.
- Large arrays are made once and used again at every step.
"""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.activations import ReLU
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.convolution import Conv2D
from bmcourse.nn.pooling import MaxPool2D
from bmcourse.nn.sequential import Sequential


class ConvPool2D(Layer):
    """`Conv2D`, then `ReLU`, then, if given, `MaxPool2D`, in one layer.

    Parameters
    ----------
    convolution : Conv2D
        With strides of 1. Its parameters are shared.
    pool : MaxPool2D, optional
        With strides equal to its size, padding "valid".

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> convolution, relu, pool = Conv2D(1, 4, 3, rng=rng), ReLU(), MaxPool2D(2)
    >>> x = rng.standard_normal((2, 9, 9, 1))
    >>> plain = pool.forward(relu.forward(convolution.forward(x)))
    >>> np.allclose(ConvPool2D(convolution, pool).forward(x), plain, atol=1e-6)
    True
    """

    def __init__(self, convolution: Conv2D, pool: MaxPool2D | None = None) -> None:
        super().__init__()
        self.convolution, self.pool = convolution, pool or MaxPool2D(1)
        if not fits(convolution, self.pool):
            checks.fail("convolution and pool", "a pair that can be fused", "other strides")
        self.params = convolution.params
        self._arrays: dict[str, Array] = {}

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return ReLU(max z + b), the maximum of z = patches K over the places in the pool."""
        x = self._check_input(x, None, None, self.convolution.in_channels)
        rows, columns, filters = self.output_shape(x.shape[1:])
        kernel = self.params["kernel"].reshape(-1, filters)  # (window, filters)
        windows = self.convolution.windows.cut(x)
        places = list(np.ndindex(*self.pool.windows.size))
        self.shape = (len(x), rows, columns)
        count = len(x) * rows * columns
        self.patches = self._array("patches", (len(places), count, len(kernel)), x.dtype)
        self.beats = self._array("beats", (len(places), count, filters), bool)
        best = np.empty((count, filters), x.dtype)
        for place, (a, b) in enumerate(places):
            down, across = self._slices(a, b)
            # (count, window), filled as (batch, rows, columns, height, width, in_channels)
            patches = self.patches[place]
            np.copyto(patches.reshape(*self.shape, *windows.shape[3:]), windows[:, down, across])
            # (count, window) @ (window, filters) -> (count, filters)
            z = best if place == 0 else self._array("z", best.shape, x.dtype)
            np.matmul(patches, kernel, out=z)
            if place > 0:
                np.greater(z, best, out=self.beats[place])
                np.maximum(z, best, out=best)
        best += self.params["bias"]
        self.positive = best > 0
        return np.maximum(best, 0, out=best).reshape(*self.shape, filters)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX; in each pool the last place that beat all before it takes the gradient."""
        grad_output = self._check_gradient(grad_output)
        filters = grad_output.shape[-1]
        grad_best = grad_output.reshape(-1, filters) * self.positive  # (count, filters)
        # a row of ones sums over the rows: (count,) @ (count, filters)
        self.grads["bias"] = np.ones(len(grad_best), grad_best.dtype) @ grad_best
        grad_kernel = np.zeros((self.patches.shape[2], filters), grad_best.dtype)
        grad_x = np.zeros(self._input_shape, grad_best.dtype)
        for place, (a, b) in reversed(list(enumerate(np.ndindex(*self.pool.windows.size)))):
            grad_z = grad_best
            if place > 0:
                grad_z = self._array("z", grad_best.shape, grad_best.dtype)
                np.multiply(grad_best, self.beats[place], out=grad_z)
                grad_best -= grad_z  # what is left goes to the places before
            # (window, count) @ (count, filters)
            grad_kernel += self.patches[place].T @ grad_z
            if self.input_gradient:
                self._add_back(grad_x, grad_z, a, b)
        self.grads["kernel"] = grad_kernel.reshape(self.params["kernel"].shape)
        return grad_x

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (rows, columns, filters) after pooling."""
        return self.pool.output_shape(self.convolution.output_shape(input_shape))

    def flops(self, input_shape: Shape) -> int:
        """Count what the plain layers count, so that the two can be compared."""
        shape = self.convolution.output_shape(input_shape)
        pooling = self.pool.flops(shape) if self.pool.windows.size != (1, 1) else 0
        return self.convolution.flops(input_shape) + ReLU().flops(shape) + pooling

    def replica(self) -> Self:
        """Return a twin that shares the parameters and has arrays of its own."""
        twin = super().replica()
        twin._arrays = {}
        return twin

    def _slices(self, a: int, b: int) -> tuple[slice, slice]:
        """Return which pixels stand `a` below and `b` right of each pool's upper left one."""
        (_, rows, columns), (down, across) = self.shape, self.pool.windows.size
        return slice(a, a + down * rows, down), slice(b, b + across * columns, across)

    def _add_back(self, grad_x: Array, grad_z: Array, a: int, b: int) -> None:
        """Add dZ Kᵀ of the windows at place (a, b), one pixel of the kernel at a time."""
        kernel = self.params["kernel"]  # (height, width, in_channels, filters)
        share = self._array("share", (len(grad_z), kernel.shape[2]), grad_z.dtype)
        for i, j in np.ndindex(*kernel.shape[:2]):
            # (count, filters) @ (filters, in_channels) -> (batch, rows, columns, in_channels)
            np.matmul(grad_z, kernel[i, j].T, out=share)
            down, across = self._slices(a + i, b + j)
            grad_x[:, down, across] += share.reshape(*self.shape, -1)

    def _array(self, name: str, shape: Shape, dtype: npt.DTypeLike) -> Array:
        """Return last step's array of this name if it still fits, else a new one."""
        kept = self._arrays.get(name)
        if kept is None or kept.shape != shape or kept.dtype != dtype:
            kept = self._arrays[name] = np.empty(shape, dtype)
        return kept


def fits(convolution: Conv2D, pool: MaxPool2D) -> bool:
    """Return whether `ConvPool2D` can stand for these two layers and a ReLU."""
    steps, pools = convolution.windows, pool.windows
    return (
        steps.strides == (1, 1)
        and pools.strides == pools.size
        and steps.padding == pools.padding == "valid"
    )


def fuse(model: Sequential) -> Sequential:
    """Return the same network, with `ConvPool2D` wherever it can stand for plain layers.

    The two networks share their parameters: training one trains the other.

    Parameters
    ----------
    model : Sequential

    Examples
    --------
    >>> from bmcourse.nn import Dense, Flatten
    >>> layers = [Conv2D(1, 4, 3), ReLU(), MaxPool2D(2), Flatten(), Dense(16, 2)]
    >>> [type(layer).__name__ for layer in fuse(Sequential(layers)).layers]
    ['ConvPool2D', 'Flatten', 'Dense']
    """
    fused: list[Layer] = []
    waiting = list(model.layers)
    while waiting:
        layer, taken = _first(waiting)
        fused.append(layer)
        del waiting[:taken]
    return Sequential(fused)


def _first(layers: list[Layer]) -> tuple[Layer, int]:
    """Return the first layer, fused if possible, and how many layers it stands for."""
    match layers:
        case [Conv2D() as convolution, ReLU(), MaxPool2D() as pool, *_] if fits(convolution, pool):
            return ConvPool2D(convolution, pool), 3
        case [Conv2D() as convolution, ReLU(), *_] if fits(convolution, MaxPool2D(1)):
            return ConvPool2D(convolution), 2
    return layers[0], 1
