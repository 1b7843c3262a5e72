"""What every layer has in common."""

from __future__ import annotations

import copy
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array

Shape: TypeAlias = tuple[int, ...]


class Layer:
    """A differentiable function of one array, with parameters.

    A layer keeps what `backward` needs from the last `forward`. It never
    updates itself: an optimizer reads `params` and `grads` from outside.

    Attributes
    ----------
    params : dict of str to ndarray
        What training changes, such as ``kernel`` and ``bias``.
    grads : dict of str to ndarray
        The gradient of the loss with respect to each parameter, same keys and
        shapes; filled by `backward`.
    state : dict of str to ndarray
        What a layer remembers but does not train, such as moving averages.
    checks_finite : bool
        Refuse NaN and infinity in every input. `Sequential` checks once at
        its door and turns this off while its layers work.
    copies_input : bool
        Keep a copy of the input for `backward`, whatever the caller does to it afterwards. A
        layer made of others turns this off in them: what it hands them nobody changes.
    input_gradient : bool
        False tells `backward` that nobody wants the gradient with respect to
        the input, as in a network's first layer; a layer may then leave it out.
    mixes_examples : bool
        True where one example's output depends on the others in the batch.
    """

    checks_finite: bool = True
    copies_input: bool = True
    input_gradient: bool = True
    mixes_examples: bool = False

    def __init__(self) -> None:
        self.params: dict[str, Array] = {}
        self.grads: dict[str, Array] = {}
        self.state: dict[str, Array] = {}
        self._input_shape: Shape = ()

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the layer's output for a batch `x`, examples along the first axis."""
        raise NotImplementedError

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient with respect to the last input; fill `grads`."""
        raise NotImplementedError

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of one example's output, without the batch."""
        return input_shape

    def flops(self, input_shape: Shape) -> int:
        """Return the arithmetic operations of one example's forward pass.

        A multiplication and an addition count as one operation each.
        """
        return 0

    def replica(self) -> Self:
        """Return a layer that shares these parameters but has its own memory."""
        twin = copy.copy(self)
        twin.grads = {}
        return twin

    def count_params(self) -> int:
        """Return how many numbers training changes."""
        return sum(values.size for values in self.params.values())

    def _check_input(self, x: npt.ArrayLike, *shape: int | None) -> Array:
        """Return `x` as a float array of (batch, *shape); remember its shape.

        The array may be the caller's own: a layer that keeps it for `backward` copies it.
        """
        wanted = (None, *shape) if shape else None
        values = checks.array("x", x, shape=wanted, finite=self.checks_finite)
        self._input_shape = values.shape
        return values.astype(self._dtype(values), copy=False)

    def _kept(self, x: Array) -> Array:
        """Return the input as `backward` will find it."""
        return x.copy() if self.copies_input else x

    def _check_gradient(self, grad_output: npt.ArrayLike) -> Array:
        """Return `grad_output` as an array shaped like the last output."""
        if not self._input_shape:
            raise RuntimeError("backward needs a forward pass first")
        shape = (self._input_shape[0], *self.output_shape(self._input_shape[1:]))
        values = checks.array("grad_output", grad_output, shape=shape, finite=self.checks_finite)
        return values.astype(self._dtype(values), copy=False)

    def _dtype(self, values: Array) -> np.dtype[Any]:
        """Compute in the parameters' precision; without parameters, in that of `values`."""
        for parameter in self.params.values():
            return parameter.dtype
        return values.dtype if values.dtype.kind == "f" else np.dtype(np.float32)
