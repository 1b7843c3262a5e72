"""LoRA: learn a small product of two thin matrices beside a frozen kernel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.dense import Dense


class LoRADense(Layer):
    """A frozen dense layer with a correction of low rank: X W + b + (alpha / rank) X A B.

    Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021.

    Parameters
    ----------
    frozen : Dense
        The trained layer. It is never changed.
    rank : int
        Columns of A and rows of B.
    alpha : float, optional
        The correction is multiplied by alpha / rank; `rank` by default, so that nothing is scaled.
    rng : numpy.random.Generator or int, optional
        Source of the first A; a fresh one by default.

    Notes
    -----
    ``params["lora_a"]`` has shape (input_dim, rank), ``params["lora_b"]`` (rank, units). A starts
    at random, B at 0: at first the layer computes what the frozen one does. In Keras:
    ``Dense.enable_lora(rank, lora_alpha=alpha)``, which goes on training the bias; here it rests.

    Examples
    --------
    >>> layer = LoRADense(Dense(100, 50, rng=0), rank=2, rng=0)
    >>> layer.count_params(), layer.frozen.count_params()
    (300, 5050)
    """

    def __init__(
        self,
        frozen: Dense,
        rank: int,
        alpha: float | None = None,
        *,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        super().__init__()
        checks.instance("frozen", frozen, Dense, "Dense(2, 1)")
        self.frozen = frozen
        self.rank = checks.integer("rank", rank)
        self.alpha = float(self.rank if alpha is None else checks.number("alpha", alpha, above=0))
        draws = checks.generator("rng", rng, fresh=True)
        shapes = (frozen.input_dim, self.rank), (self.rank, frozen.units)
        kind = frozen.params["kernel"].dtype
        self.params["lora_a"], self.params["lora_b"] = _thin(*shapes, draws, kind)

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return X W + b + (alpha / rank) X A B, shape (batch, ..., units)."""
        output = self.frozen.forward(self._check_input(x), training)
        self.x = self.frozen.x  # (places, input_dim)
        self.xa = self.x @ self.params["lora_a"]  # (places, rank)
        low = self.alpha / self.rank * (self.xa @ self.params["lora_b"])  # (places, units)
        return output + low.reshape(output.shape).astype(output.dtype, copy=False)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return dX = dZ Wᵀ + s dZ Bᵀ Aᵀ; store dA = s Xᵀ dZ Bᵀ and dB = s (X A)ᵀ dZ.

        With s = alpha / rank. The kernel's own gradient, as large as the kernel, is not formed.
        """
        grad_output = self._check_gradient(grad_output).reshape(-1, self.frozen.units)
        scaled = (self.alpha / self.rank * grad_output).astype(grad_output.dtype, copy=False)
        through_b = scaled @ self.params["lora_b"].T  # (places, rank)
        self.grads["lora_a"] = self.x.T @ through_b  # (input_dim, rank)
        self.grads["lora_b"] = self.xa.T @ scaled  # (rank, units)
        back = grad_output @ self.frozen.params["kernel"].T  # (places, input_dim)
        back += through_b @ self.params["lora_a"].T
        return back.reshape(self._input_shape)

    def merged(self) -> Dense:
        """Return one dense layer that computes the same: its kernel is W + (alpha / rank) A B."""
        dense = Dense(
            self.frozen.input_dim, self.frozen.units, dtype=self.frozen.params["kernel"].dtype
        )
        low = self.params["lora_a"] @ self.params["lora_b"]
        dense.params["kernel"][...] = self.frozen.params["kernel"] + self.alpha / self.rank * low
        dense.params["bias"][...] = self.frozen.params["bias"]
        return dense

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with `units` in place of the last axis."""
        return self.frozen.output_shape(input_shape)

    def flops(self, input_shape: Shape) -> int:
        """Count the frozen layer, the two thin products, the scale, and the sum of both ways."""
        places = int(np.prod(input_shape[:-1]))
        thin = 2 * self.rank * (self.frozen.input_dim + self.frozen.units)
        return self.frozen.flops(input_shape) + places * (thin + 2 * self.frozen.units)


class LowRank:
    """Corrections of low rank for many kernels of a network at once, always merged.

    The network keeps its code: `write` puts W + (alpha / rank) A B in the place of each kernel,
    and the gradients of A and B follow from the kernel's own: dA = s dW Bᵀ and dB = s Aᵀ dW.

    Parameters
    ----------
    kernels : mapping of str to ndarray
        The network's own arrays, of two or more axes. The first axis is the input, save where
        the name ends with ``output_kernel``: there it is all but the last.
    rank : int
    alpha : float, optional
        As in `LoRADense`.
    rng : numpy.random.Generator or int, optional
        Source of the first A.

    Examples
    --------
    >>> kernel = np.ones((4, 3))
    >>> low = LowRank({"kernel": kernel}, rank=1, alpha=2, rng=0)
    >>> low.count_params()
    7
    >>> low.params["kernel.lora_b"][...] = 1
    >>> low.write()
    >>> bool(np.allclose(kernel, 1 + 2 * low.params["kernel.lora_a"]))
    True
    """

    def __init__(
        self,
        kernels: Mapping[str, Array],
        rank: int,
        alpha: float | None = None,
        *,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        draws = checks.generator("rng", rng, fresh=True)
        self.rank = checks.integer("rank", rank)
        self.scale = (self.rank if alpha is None else checks.number("alpha", alpha, above=0)) / rank
        self.kernels = dict(kernels)
        self.frozen = {name: kernel.copy() for name, kernel in self.kernels.items()}
        self.params: dict[str, Array] = {}
        for name, kernel in self.kernels.items():
            rows, columns = _flat(name, kernel).shape
            thin = _thin((rows, self.rank), (self.rank, columns), draws, kernel.dtype)
            self.params[f"{name}.lora_a"], self.params[f"{name}.lora_b"] = thin

    def write(self) -> None:
        """Put W + (alpha / rank) A B in the place of each kernel."""
        for name, kernel in self.kernels.items():
            low = self.params[f"{name}.lora_a"] @ self.params[f"{name}.lora_b"]
            kernel[...] = self.frozen[name] + (self.scale * low).reshape(kernel.shape)

    def take_out(self) -> None:
        """Put the frozen kernels back."""
        for name, kernel in self.kernels.items():
            kernel[...] = self.frozen[name]

    def params_and_grads(self, grads: Mapping[str, Array]) -> Iterator[tuple[Array, Array]]:
        """Yield A and B of each kernel with their gradients, from those of the kernels."""
        for name in self.kernels:
            a, b = self.params[f"{name}.lora_a"], self.params[f"{name}.lora_b"]
            dW = _flat(name, grads[name])
            yield a, (self.scale * (dW @ b.T)).astype(a.dtype, copy=False)
            yield b, (self.scale * (a.T @ dW)).astype(b.dtype, copy=False)

    def count_params(self) -> int:
        """Return how many numbers training changes."""
        return sum(values.size for values in self.params.values())


def _flat(name: str, kernel: Array) -> Array:
    """Return a kernel as a matrix (inputs, outputs): heads lie side by side."""
    if name.endswith("output_kernel"):
        return kernel.reshape(-1, kernel.shape[-1])
    return kernel.reshape(len(kernel), -1)


def _thin(
    a: Shape, b: Shape, rng: np.random.Generator, dtype: npt.DTypeLike
) -> tuple[Array, Array]:
    """Return the first A, uniform within 1 / √inputs, and the first B, all 0."""
    limit = a[0] ** -0.5
    return rng.uniform(-limit, limit, a).astype(dtype), np.zeros(b, dtype)
