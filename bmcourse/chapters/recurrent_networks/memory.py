"""A task with a long memory: one number is marked, and asked for at the end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks, nn

Floats = npt.NDArray[np.float32]
UNITS, BATCH, EARLY = 32, 32, 10


def draw(n: int, steps: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw sequences of numbers between 0 and 1, one of the first ten marked.

    Parameters
    ----------
    n, steps : int
        Sequences, and numbers in each.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray of shape (n, steps, 2)
        The number at each step, and 1 where it is marked, else 0.
    y : ndarray of shape (n, 1)
        The marked number of each sequence.

    Examples
    --------
    >>> x, y = draw(5, 20, np.random.default_rng(0))
    >>> x.shape, bool((x[..., 0][x[..., 1] == 1] == y[:, 0]).all())
    ((5, 20, 2), True)
    """
    x = np.zeros((n, checks.integer("steps", steps, at_least=EARLY), 2), np.float32)
    x[..., 0] = rng.random((n, steps))
    rows, places = np.arange(n), rng.integers(0, EARLY, n)
    x[rows, places, 1] = 1
    return x, x[rows, places, 0][:, np.newaxis]


def network(
    kind: str, rng: np.random.Generator | int, forget_bias: float | None = None
) -> nn.Sequential:
    """Return an untrained network: 32 units of one kind, "RNN" or "LSTM", and a dense layer.

    `forget_bias` is the first bias of the forget gate; None leaves the library's, 1.
    """
    draws = np.random.default_rng(rng)
    layer: nn.Layer
    if checks.one_of("kind", kind, ("RNN", "LSTM")) == "RNN":
        layer = nn.SimpleRNN(2, UNITS, rng=draws)
    else:
        layer = nn.LSTM(2, UNITS, rng=draws)
        if forget_bias is not None:
            layer.params["bias"][UNITS : 2 * UNITS] = forget_bias
    return nn.Sequential([layer, nn.Dense(UNITS, 1, rng=draws)])


def train(
    model: nn.Sequential,
    steps: int,
    updates: int,
    rng: np.random.Generator | int,
    *,
    rate: float,
    clipnorm: float | None = 1.0,
) -> list[float]:
    """Train on new sequences at each update; return the loss of each."""
    draws, loss = np.random.default_rng(rng), nn.MeanSquaredError()
    optimizer = nn.Adam(rate, global_clipnorm=clipnorm)
    losses = []
    for _ in range(updates):
        x, y = draw(BATCH, steps, draws)
        losses.append(float(loss.forward(model.forward(x), y)))
        model.backward(loss.backward())
        optimizer.step(model.params_and_grads())
    return losses


def forgotten(model: nn.Sequential, steps: int, rng: np.random.Generator | int) -> float:
    """Return the squared error on 1,000 new sequences, over the variance of the answers.

    0 is a perfect memory; 1 is no better than to answer the mean, always.
    """
    x, y = draw(1_000, steps, np.random.default_rng(rng))
    return float(np.mean((model.forward(x) - y) ** 2) / np.var(y))
