"""Data-parallel training on one machine: one step, its batch shared among threads.

NumPy lets other threads run while it computes, so two threads on two halves
of a batch keep two cores busy in every operation. The library behind matrix
products (BLAS) has threads of its own, which help in the products alone:
they are turned off meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Self

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.nn.base import Layer
from bmcourse.nn.losses import Loss
from bmcourse.nn.optimizers import Optimizer

SMALLEST_PART = 16  # examples; below this, handing work to a thread costs more than it saves


def default_threads() -> int:
    """Return the number of threads: ``BMCOURSE_THREADS`` if set, else the number of cores."""
    stated = os.environ.get("BMCOURSE_THREADS", "")
    if not stated:
        return os.cpu_count() or 1
    if not stated.isdecimal():
        checks.fail("BMCOURSE_THREADS", "a whole number of at least 1", repr(stated))
    return checks.integer("BMCOURSE_THREADS", int(stated))


class Network(Protocol):
    """What a training step asks of a network; `Sequential` has it."""

    layers: list[Layer]

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the outputs for a batch."""

    def backward(self, grad_output: Array) -> Array:
        """Fill the gradients."""

    def params_and_grads(self) -> Iterator[tuple[Array, Array]]:
        """Yield each parameter with its gradient."""

    def replica(self) -> Self:
        """Return a network that shares these parameters but has its own memory."""


class BatchWorkers:
    """Compute each batch's gradient in parts, at once; then take one step.

    The loss is a mean, so the batch's gradient is the mean of the parts'
    gradients, each weighted by its number of examples.

    Use it in a ``with`` statement: meanwhile all parameters are views of one
    long vector, so that an optimizer updates them in one go.

    Parameters
    ----------
    model : Network
    loss : Loss
    threads : int, optional
        Cores to use at most; `default_threads` by default. A part has at
        least 16 examples. A network with batch normalization, whose examples
        depend on each other, works on the whole batch, and BLAS gets the threads.
    """

    def __init__(self, model: Network, loss: Loss, threads: int | None = None) -> None:
        self.threads = default_threads() if threads is None else threads
        checks.integer("threads", self.threads)
        parts = 1 if any(layer.mixes_examples for layer in model.layers) else self.threads
        self.model = model
        self.replicas = [(model.replica(), loss.replica()) for _ in range(parts)]
        for replica, _ in self.replicas:
            replica.layers[0].input_gradient = False

    def __enter__(self) -> Self:
        """Join the parameters into one vector and start the threads."""
        self._resources = ExitStack()
        self._originals = [dict(layer.params) for layer in self.model.layers]
        self.owners = [w for params in self._originals for w in params.values()]
        self.vector = np.concatenate([w.ravel() for w in self.owners] or [np.zeros(0)])
        start = 0
        for layer in self.model.layers:
            for name, w in layer.params.items():
                layer.params[name] = self.vector[start : start + w.size].reshape(w.shape)
                start += w.size
        parts = len(self.replicas)
        blas = threadpool_limits(self.threads // parts, user_api="blas")
        self._resources.enter_context(blas)
        self.pool = self._resources.enter_context(ThreadPoolExecutor(max(1, parts - 1)))
        return self

    def __exit__(self, *error: object) -> None:
        """Write the result into the parameters' own arrays and stop the threads."""
        self._resources.close()
        for layer, originals in zip(self.model.layers, self._originals, strict=True):
            for name, original in originals.items():
                original[...] = layer.params[name]
                layer.params[name] = original

    def train_step(self, x: Array, y: Array, optimizer: Optimizer) -> tuple[float, float | None]:
        """Take one step on one batch; return its loss and accuracy before the step."""
        count = min(len(self.replicas), max(1, len(x) // SMALLEST_PART))
        jobs = list(
            zip(self.replicas, np.array_split(x, count), np.array_split(y, count), strict=False)
        )
        # this thread takes the first part; the copied context carries np.errstate to the others
        waiting = [self.pool.submit(copy_context().run, partial(_part, *job)) for job in jobs[1:]]
        parts = [_part(*jobs[0]), *(future.result() for future in waiting)]
        shares = [part.examples / len(x) for part in parts]
        gradient = np.add.reduce([s * part.gradient for s, part in zip(shares, parts, strict=True)])
        optimizer.step([(self.vector, gradient)], owners=self.owners)
        loss = sum(s * part.loss for s, part in zip(shares, parts, strict=True))
        accuracies = [part.accuracy for part in parts if part.accuracy is not None]
        return loss, float(np.dot(shares, accuracies)) if accuracies else None


@dataclass(frozen=True)
class _Part:
    """What one part of a batch contributes."""

    examples: int
    gradient: Array
    loss: float
    accuracy: float | None


def _part(replica: tuple[Network, Loss], x: Array, y: Array) -> _Part:
    """Run one part of a batch forward and backward."""
    model, loss = replica
    value = loss.forward(model.forward(x, training=True), y)
    model.backward(loss.backward())
    gradients = [gradient.ravel() for _, gradient in model.params_and_grads()]
    return _Part(len(x), np.concatenate(gradients or [np.zeros(0)]), value, loss.accuracy())
