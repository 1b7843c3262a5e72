"""Recurrent layers: one step after the other, with a memory of what came before."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.activations import sigmoid
from bmcourse.nn.base import Layer, Shape
from bmcourse.nn.initializers import glorot_uniform, orthogonal


class _Recurrent(Layer):
    """Parameters and shapes of a layer whose cell has `gates` blocks of `units` columns."""

    gates: int
    remembering: int | None = None  # the gate whose bias starts at 1

    def __init__(
        self,
        features: int,
        units: int,
        return_sequences: bool = False,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        self.features = checks.integer("features", features)
        self.units = checks.integer("units", units)
        self.return_sequences = return_sequences
        draws, width = checks.generator("rng", rng, fresh=True), self.gates * self.units
        self.params["kernel"] = glorot_uniform((self.features, width), draws, dtype)
        self.params["recurrent_kernel"] = orthogonal((self.units, width), draws, dtype)
        self.params["bias"] = np.zeros(width, dtype)
        if self.remembering is not None:
            self._split(self.params["bias"])[self.remembering][...] = 1

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (steps, units), or (units,) where only the last step is asked for."""
        return (input_shape[0], self.units) if self.return_sequences else (self.units,)

    def flops(self, input_shape: Shape) -> int:
        """Count one product and one sum for each weight at each step, and one sum per bias."""
        weights = self.params["kernel"].size + self.params["recurrent_kernel"].size
        return input_shape[0] * (2 * weights + self.params["bias"].size)

    def _split(self, z: Array) -> list[Array]:
        """Return views of the blocks of columns, one a gate, each (..., units)."""
        return [z[..., k * self.units : (k + 1) * self.units] for k in range(self.gates)]

    def _inputs(self, x: npt.ArrayLike) -> Array:
        """Return x W + b of all steps at once, shape (steps, batch, gates * units)."""
        self.x = self._kept(self._check_input(x, None, self.features))
        steps_first = self.x.transpose(1, 0, 2)  # (steps, batch, features)
        return steps_first @ self.params["kernel"] + self.params["bias"]

    def _outputs(self, states: Array) -> Array:
        """Return what was asked for of the states, shape (steps + 1, batch, units)."""
        return states[1:].transpose(1, 0, 2).copy() if self.return_sequences else states[-1].copy()

    def _upstream(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient that reaches each step from outside, (steps, batch, units)."""
        grad_output = self._check_gradient(grad_output)
        if self.return_sequences:
            return grad_output.transpose(1, 0, 2)
        upstream = np.zeros((self.x.shape[1], *grad_output.shape), grad_output.dtype)
        upstream[-1] = grad_output
        return upstream

    def _sum_up(self, dz: Array, states: Array) -> Array:
        """Store the gradients of all steps added; return dX. dz: (steps, batch, gates * units)."""
        width = dz.shape[-1]
        flat, before = dz.reshape(-1, width), states[:-1].reshape(-1, self.units)
        inputs = self.x.transpose(1, 0, 2).reshape(-1, self.features)  # (steps * batch, features)
        self.grads["kernel"] = inputs.T @ flat
        self.grads["recurrent_kernel"] = before.T @ flat
        self.grads["bias"] = flat.sum(axis=0)
        # (steps, batch, width) @ (width, features) -> (batch, steps, features)
        return (dz @ self.params["kernel"].T).transpose(1, 0, 2)


class SimpleRNN(_Recurrent):
    """At each step: h_t = tanh(x_t W + h_{t-1} U + b), from h_0 = 0.

    Elman, "Finding Structure in Time", 1990.

    Parameters
    ----------
    features : int
        Numbers in each step of the input.
    units : int
        Numbers in the state h.
    return_sequences : bool
        Return the state of every step, not of the last one alone.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    ``params``: ``kernel`` W (features, units), ``recurrent_kernel`` U (units, units), ``bias``
    (units,), as in Keras. PyTorch's ``RNN`` has them transposed, and two biases.

    Examples
    --------
    >>> layer = SimpleRNN(1, 1, return_sequences=True)
    >>> for name, value in {"kernel": 1.0, "recurrent_kernel": 0.5}.items():
    ...     layer.params[name][...] = value
    >>> layer.forward([[[1.0], [0.0]]]).round(4).ravel()
    array([0.7616, 0.3634], dtype=float32)
    """

    gates = 1

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the states, shape (batch, steps, units), or the last one, (batch, units)."""
        inputs = self._inputs(x)
        steps, batch, _ = inputs.shape
        self.states = np.zeros((steps + 1, batch, self.units), inputs.dtype)  # states[0] = h_0
        for t in range(steps):
            before = self.states[t] @ self.params["recurrent_kernel"]  # (batch, units)
            self.states[t + 1] = np.tanh(inputs[t] + before)
        return self._outputs(self.states)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Walk back through time, last step first: dz_t = (dh_t + dz_{t+1} Uᵀ) (1 - h_t²)."""
        upstream = self._upstream(grad_output)
        dz = np.empty_like(self.states[1:])
        later = np.zeros_like(dz[0])  # what the later steps ask of this state
        for t in reversed(range(len(dz))):
            dz[t] = (upstream[t] + later) * (1 - self.states[t + 1] ** 2)
            later = dz[t] @ self.params["recurrent_kernel"].T
        return self._sum_up(dz, self.states)


class LSTM(_Recurrent):
    """A cell c that adds instead of multiplying, and three gates that open and close it.

    i, f, o = σ(…) and g = tanh(…), each of x_t W + h_{t-1} U + b, then c_t = f c_{t-1} + i g and
    h_t = o tanh(c_t). Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997; the forget gate
    f is from Gers, Schmidhuber and Cummins, "Learning to Forget", 2000.

    Parameters
    ----------
    features : int
        Numbers in each step of the input.
    units : int
        Numbers in the state h, and in the cell c.
    return_sequences : bool
        Return the state of every step, not of the last one alone.
    rng : numpy.random.Generator or int, optional
        Source of the first weights; a fresh one by default.
    dtype : dtype
        Precision of the parameters and of the computation.

    Notes
    -----
    ``params``: ``kernel`` (features, 4 * units), ``recurrent_kernel`` (units, 4 * units), ``bias``
    (4 * units,), the columns in the order i, f, g, o. Keras calls g ``c``. The bias of f starts
    at 1, so that the cell remembers at first. PyTorch's ``LSTM`` has the same order, transposed.

    Examples
    --------
    >>> layer = LSTM(1, 2)
    >>> layer.forward(np.ones((5, 3, 1))).shape, layer.params["bias"].tolist()
    ((5, 2), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    """

    gates = 4
    remembering = 1

    def forward(self, x: npt.ArrayLike, training: bool = False) -> Array:
        """Return the states, shape (batch, steps, units), or the last one, (batch, units)."""
        self.opened = self._inputs(x)  # becomes i, f, g, o of each step
        steps, batch, _ = self.opened.shape
        self.states = np.zeros((steps + 1, batch, self.units), self.opened.dtype)
        self.cells = np.zeros_like(self.states)
        for t in range(steps):
            z = self.opened[t]  # (batch, 4 * units)
            z += self.states[t] @ self.params["recurrent_kernel"]
            i, f, g, o = self._split(z)
            for gate in (i, f, o):
                gate[...] = sigmoid(gate)
            g[...] = np.tanh(g)
            self.cells[t + 1] = f * self.cells[t] + i * g
            self.states[t + 1] = o * np.tanh(self.cells[t + 1])
        return self._outputs(self.states)

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Back-propagation through time, last step first.

        dc_t = dh_t o (1 - tanh² c_t) + dc_{t+1} f_{t+1}: the way through the cells has no matrix
        and no squashing. From dc: di = dc g, dg = dc i, df = dc c_{t-1}; do = dh tanh c_t.
        """
        upstream = self._upstream(grad_output)
        dz = np.empty_like(self.opened)
        later = np.zeros_like(self.states[0])  # of the state
        dc = np.zeros_like(self.states[0])  # of the cell, from the later steps
        for t in reversed(range(len(dz))):
            i, f, g, o = self._split(self.opened[t])
            squashed, dh = np.tanh(self.cells[t + 1]), upstream[t] + later
            dc = dc + dh * o * (1 - squashed**2)
            di, df, dg, do = self._split(dz[t])
            di[...] = dc * g * i * (1 - i)
            df[...] = dc * self.cells[t] * f * (1 - f)
            dg[...] = dc * i * (1 - g**2)
            do[...] = dh * squashed * o * (1 - o)
            later = dz[t] @ self.params["recurrent_kernel"].T  # (batch, units)
            dc = dc * f
        return self._sum_up(dz, self.states)
