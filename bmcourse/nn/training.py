"""The training loop."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.losses import Loss
from bmcourse.nn.optimizers import Optimizer
from bmcourse.nn.parallel import BatchWorkers, Network
from bmcourse.outputs import LiveLine


@dataclass
class History:
    """What happened in training.

    Attributes
    ----------
    loss, accuracy : list of float
        Means over each epoch's batches, taken while the weights changed.
        `accuracy` stays empty for a regression.
    val_loss, val_accuracy : list of float
        On the validation data, after each epoch.
    seconds : list of float
        Time of each epoch's training, without validation.
    batch_loss : list of float
        The loss of every single batch.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    batch_loss: list[float] = field(default_factory=list)


class Trainable(Network, Protocol):
    """What the training loop asks of a network; `Sequential` has it."""

    def evaluate(self, x: npt.ArrayLike, y: npt.ArrayLike, *, loss: Loss) -> dict[str, float]:
        """Return the mean ``loss`` and, for classes, the ``accuracy``."""


def train(
    model: Trainable,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    validation_data: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator | int | None,
    threads: int | None,
    progress: bool,
) -> History:
    """Walk through the examples in a new order each epoch, one step per batch.

    Parameters
    ----------
    model : Trainable
        A `Sequential`, for example; changed in place.
    x : array_like of shape (n, ...)
        Examples.
    y : array_like of shape (n, ...)
        Targets, as the loss wants them.
    validation_data : (x, y), optional
        Scored after each epoch, never trained on.
    loss : Loss
    optimizer : Optimizer
    epochs : int
        Walks through the data.
    batch_size : int
        Examples per step; the last batch of an epoch may be smaller.
    rng : numpy.random.Generator or int, optional
        Source of the order; a fresh one by default.
    threads : int, optional
        Parts of a batch worked on at once, see `BatchWorkers`.
    progress : bool
        Show a line for each epoch: share done, mean loss so far, seconds.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument does not fit, or the outputs stop being finite.
    """
    x, y = checks.array("x", x), checks.array("y", y)
    checks.same_length(x=x, y=y)
    checks.integer("epochs", epochs)
    checks.instance("loss", loss, Loss, "MeanSquaredError()")
    checks.instance("optimizer", optimizer, Optimizer, "Adam()")
    draws = checks.generator("rng", rng, fresh=True)
    history = History()
    with BatchWorkers(model, loss, threads) as workers:
        for epoch in range(epochs):
            batches = list(shuffled_batches(len(x), batch_size, draws))
            report = _Progress(f"epoch {epoch + 1}/{epochs}", len(batches)) if progress else None
            start, scores = time.perf_counter(), []
            for chosen in batches:
                scores.append(workers.train_step(x[chosen], y[chosen], optimizer))
                if report:
                    report.update(scores)
            history.seconds.append(time.perf_counter() - start)
            _record(history, scores, [len(chosen) for chosen in batches])
            if validation_data is not None:
                _record_validation(history, model.evaluate(*validation_data, loss=loss))
    return history


class _Progress:
    """A line that is rewritten twice a second at most, and at the end of the epoch."""

    def __init__(self, title: str, batches: int) -> None:
        self.title, self.batches = title, batches
        self.line = LiveLine()
        self.start = self.written = time.perf_counter()

    def update(self, scores: list[tuple[float, float | None]]) -> None:
        now, done = time.perf_counter(), len(scores)
        if now - self.written < 0.5 and done < self.batches:
            return
        self.written = now
        loss = np.mean([loss for loss, _ in scores])
        text = f"{self.title} {100 * done // self.batches:3d} %  loss {loss:.4f}"
        self.line.write(f"{text}  {now - self.start:.0f} s", last=done == self.batches)


def shuffled_batches(n: int, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yield the indices 0 to n - 1 in random order, `batch_size` at a time.

    Examples
    --------
    >>> batches = list(shuffled_batches(5, 2, np.random.default_rng(0)))
    >>> [len(batch) for batch in batches], sorted(np.concatenate(batches).tolist())
    ([2, 2, 1], [0, 1, 2, 3, 4])
    """
    size = checks.integer("batch_size", batch_size)
    order = rng.permutation(n)
    for start in range(0, n, size):
        yield order[start : start + size]


def _record(history: History, scores: list[tuple[float, float | None]], sizes: list[int]) -> None:
    """Add one epoch: each batch counts by its number of examples."""
    losses = [loss for loss, _ in scores]
    history.batch_loss += losses
    history.loss.append(float(np.average(losses, weights=sizes)))
    accuracies = [accuracy for _, accuracy in scores if accuracy is not None]
    if accuracies:
        history.accuracy.append(float(np.average(accuracies, weights=sizes)))


def _record_validation(history: History, scores: dict[str, float]) -> None:
    history.val_loss.append(scores["loss"])
    if "accuracy" in scores:
        history.val_accuracy.append(scores["accuracy"])
