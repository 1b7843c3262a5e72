"""Activations: functions applied to each number, and softmax to each row."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.erf import erf


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)) without overflow at any x.

    Examples
    --------
    >>> sigmoid(np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    small = np.exp(-np.abs(x))  # in (0, 1]: exp never meets a large number
    return np.where(x >= 0, 1, small) / (1 + small)


def softmax(x: Array) -> Array:
    """Return exp(x) divided by its sum over the last axis, without overflow.

    Examples
    --------
    >>> softmax(np.array([1e4, 1e4]))
    array([0.5, 0.5])
    """
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


class _Elementwise(Layer):
    """A function of each number alone."""

    def flops(self, input_shape: Shape) -> int:
        """Count one operation per number."""
        return math.prod(input_shape)


class ReLU(_Elementwise):
    """max(0, x).

    Examples
    --------
    >>> ReLU().forward(np.array([[-2.0, 3.0]]))
    array([[0., 3.]])
    """

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return x where it is positive, else 0."""
        x = self._check_input(x)
        self.positive = x > 0
        return np.maximum(x, 0)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient where x was positive, else 0: the slope is 1 or 0."""
        return self._check_gradient(grad_output) * self.positive


class LeakyReLU(_Elementwise):
    """x where positive, else a small multiple of x, so that no unit goes silent.

    Parameters
    ----------
    negative_slope : float
        Slope for negative numbers. PyTorch's default is 0.01.

    Examples
    --------
    >>> LeakyReLU(0.1).forward(np.array([[-2.0, 3.0]]))
    array([[-0.2,  3. ]])
    """

    def __init__(self, negative_slope: float = 0.3) -> None:
        super().__init__()
        self.negative_slope = checks.number("negative_slope", negative_slope, at_least=0)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return x where it is positive, else negative_slope * x."""
        x = self._check_input(x)
        self.positive = x > 0
        return np.where(self.positive, x, self.negative_slope * x)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient times the slope, 1 or negative_slope."""
        grad_output = self._check_gradient(grad_output)
        return np.where(self.positive, grad_output, self.negative_slope * grad_output)


class Sigmoid(_Elementwise):
    """σ(x) = 1 / (1 + exp(-x)), between 0 and 1.

    Examples
    --------
    >>> Sigmoid().forward(np.array([[0.0]]))
    array([[0.5]])
    """

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return σ(x)."""
        self.output = sigmoid(self._check_input(x))
        return self.output.copy()

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient times the slope σ (1 - σ)."""
        return self._check_gradient(grad_output) * self.output * (1 - self.output)


class Tanh(_Elementwise):
    """The hyperbolic tangent, between -1 and 1.

    Examples
    --------
    >>> Tanh().forward(np.array([[0.0]]))
    array([[0.]])
    """

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return tanh(x)."""
        self.output = np.tanh(self._check_input(x))
        return self.output.copy()

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient times the slope 1 - tanh²."""
        return self._check_gradient(grad_output) * (1 - self.output**2)


class GELU(_Elementwise):
    """x Φ(x): a number times the share of a normal distribution that lies below it.

    Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.

    Parameters
    ----------
    approximate : bool
        Replace Φ by ½ (1 + tanh(√(2/π) (x + 0.044715 x³))), as GPT-2 does: faster, and
        never more than 0.0005 off.

    Examples
    --------
    >>> GELU().forward(np.array([[-10.0, 0.0, 1.0]])).round(4)
    array([[-0.    ,  0.    ,  0.8413]])
    """

    def __init__(self, approximate: bool = False) -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return x Φ(x)."""
        self.x = x = self._kept(self._check_input(x))
        if self.approximate:
            below = x * x  # many times faster than x**3; the rest in place, for the same reason
            below *= self._root(2 / math.pi) * self._number(0.044715)
            below += self._root(2 / math.pi)
            below *= x
            np.tanh(below, out=below)
        else:
            below = erf(x * self._root(0.5))
        below += 1
        below *= self._number(0.5)
        self.below = below
        return x * below

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient times Φ(x) + x φ(x), with φ the slope of Φ.

        In the tanh form, φ = 2 Φ (1 - Φ) times the slope of what tanh is taken of.
        """
        grad_output = self._check_gradient(grad_output)
        slope = self.x * self.x
        if self.approximate:
            slope *= self._root(2 / math.pi) * self._number(6 * 0.044715)
            slope += self._number(2) * self._root(2 / math.pi)
            slope *= self.below
            for above, part in _pieces(self.below, slope):
                part *= 1 - above
        else:
            slope *= self._number(-0.5)
            np.exp(slope, out=slope)
            slope *= self._root(0.5 / math.pi)
        slope *= self.x
        slope += self.below
        slope *= grad_output
        return slope

    def _number(self, number: float) -> Array:
        """Return a number in the precision of the input, so that products stay in it."""
        return np.asarray(number, self.x.dtype)

    def _root(self, number: float) -> Array:
        """Return a square root in the precision of the input."""
        return self._number(math.sqrt(number))


def _pieces(*arrays: Array, size: int = 100_000) -> Iterator[list[Array]]:
    """Yield views of short pieces of arrays of one size: what is made of one takes little room."""
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, size):
        yield [array[start : start + size] for array in flat]


class Softmax(Layer):
    """Turn the last axis into probabilities: positive, with sum 1.

    The losses of this package take logits and contain their own softmax:
    don't put this layer in front of one.

    Examples
    --------
    >>> Softmax().forward(np.array([[0.0, 0.0]]))
    array([[0.5, 0.5]])
    """

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return p = exp(x) / sum of exp(x) over the last axis."""
        self.output = softmax(self._check_input(x))
        return self.output.copy()

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return p (g - Σ g p): the Jacobian diag(p) - p pᵀ, applied without building it."""
        grad_output = self._check_gradient(grad_output)
        average = (grad_output * self.output).sum(axis=-1, keepdims=True)
        return self.output * (grad_output - average)

    def flops(self, input_shape: Shape) -> int:
        """Count five passes: maximum, difference, exponential, sum, quotient."""
        return 5 * math.prod(input_shape)
