"""One recurrent layer that can be wrong in five ways: chapter 18's study of bugs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bmcourse import nn
from bmcourse.checks import Array

GATES = {"Keras": "ifgo", "PyTorch": "ifgo", "ONNX": "iofg"}
"""The order of the gates in each file format's columns; g is the candidate, Keras's and ONNX's c."""


def reordered(columns: Array, given: str, wanted: str) -> Array:
    """Return blocks of columns, one a gate, in another order.

    Examples
    --------
    >>> reordered(np.arange(8), "iofg", "ifgo")
    array([0, 1, 4, 5, 6, 7, 2, 3])
    """
    blocks = dict(zip(given, np.split(columns, len(given), axis=-1), strict=True))
    return np.concatenate([blocks[gate] for gate in wanted], axis=-1)


Reader = Callable[[Array, Array], Array]


def reader(layer: nn.LSTM, bug: str = "right") -> Reader:
    """Return a function that reads padded sequences with a layer, perhaps with a bug.

    Parameters
    ----------
    layer : LSTM
        It returns only its last state, or all, as it likes: both are asked for here.
    bug : str
        One of `BUGS`.

    Returns
    -------
    callable
        Takes x, shape (batch, steps, features), and the length of each sequence; returns the
        states of all steps, shape (batch, steps, units); those from a sequence's length on repeat
        its last one.
    """
    return BUGS[bug](layer)


def _all_states(layer: nn.LSTM, x: npt.ArrayLike) -> Array:
    asked, layer.return_sequences = layer.return_sequences, True
    states = layer.forward(x)
    layer.return_sequences = asked
    return states


def _hold(states: Array, lengths: Array) -> Array:
    """Repeat each sequence's last state, as a mask does."""
    last = np.asarray(lengths)[:, np.newaxis] - 1
    steps = np.minimum(np.arange(states.shape[1]), last)  # (batch, steps)
    return np.take_along_axis(states, steps[..., np.newaxis], axis=1)


def _right(layer: nn.LSTM) -> Reader:
    return lambda x, lengths: _hold(_all_states(layer, x), lengths)


def _padding_read(layer: nn.LSTM) -> Reader:
    return lambda x, lengths: _all_states(layer, x)


def _state_kept(layer: nn.LSTM) -> Reader:
    seen: list[Array] = []  # the batches before: reading them again leads to the state kept

    def read(x: Array, lengths: Array) -> Array:
        known = [old for old in seen if len(old) == len(x)]
        whole = np.concatenate([*known, x], axis=1)
        seen.append(np.array(x))
        return _hold(_all_states(layer, whole)[:, -x.shape[1] :], lengths)

    return read


def _axes_swapped(layer: nn.LSTM) -> Reader:
    def read(x: Array, lengths: Array) -> Array:
        states = _all_states(layer, np.swapaxes(x, 0, 1))  # reads across the batch
        return _hold(np.swapaxes(states, 0, 1), lengths)

    return read


def _future_read(layer: nn.LSTM) -> Reader:
    def read(x: Array, lengths: Array) -> Array:
        back = _all_states(layer, x[:, ::-1])[:, ::-1]
        return _hold(_all_states(layer, x) + back, lengths)

    return read


def _gates_mixed(layer: nn.LSTM) -> Reader:
    other = nn.LSTM(layer.features, layer.units, dtype=layer.params["kernel"].dtype)
    for name, columns in layer.params.items():
        other.params[name][...] = reordered(columns, "ifgo", GATES["ONNX"])
    return _right(other)


BUGS: dict[str, Callable[[nn.LSTM], Reader]] = {
    "right": _right,
    "padding read": _padding_read,
    "state kept": _state_kept,
    "axes swapped": _axes_swapped,
    "future read": _future_read,
    "gates mixed up": _gates_mixed,
}
