"""Train one network in several processes: each takes a shard of every batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import nn
from bmcourse.nn.saving import load_arrays, save_arrays
from bmcourse.recipes.machines.ring import Ring
from bmcourse.recipes.machines.sums import meet
from bmcourse.recipes.machines.workers import Worker, workers

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Job:
    """What is trained, and how. The number of workers is not part of it: it must not matter.

    Attributes
    ----------
    x, y : ndarray of shape (n, features) and (n,)
        Examples and their classes, 0 to 9.
    hidden : int
        Units of the hidden layer.
    batch, steps : int
        Examples a step, all workers together; steps.
    rate, momentum : float
    seed : int
        Of the first weights and of the batches.
    checkpoint : path, optional
        Where worker 0 stores the training's state, and where it is taken up again.
    every : int
        Steps from checkpoint to checkpoint.
    """

    x: Array
    y: Array
    hidden: int = 32
    batch: int = 120
    steps: int = 60
    rate: float = 0.1
    momentum: float = 0.9
    seed: int = 0
    checkpoint: Path | None = None
    every: int = 10

    def rows(self, step: int) -> Array:
        """Return the examples of one batch: the same for every worker, whatever came before."""
        return np.random.default_rng([self.seed, step]).choice(
            len(self.y), self.batch, replace=False
        )


class Training:
    """The state of a training: a network in float64, the momentum, and the next step."""

    def __init__(self, job: Job) -> None:
        rng = np.random.default_rng(job.seed)
        features = job.x.shape[1]
        self.job, self.step = job, 0
        self.network = nn.Sequential(
            [
                nn.Dense(features, job.hidden, rng=rng, dtype=np.float64),
                nn.ReLU(),
                nn.Dense(job.hidden, 10, rng=rng, dtype=np.float64),
            ]
        )
        self.loss = nn.SparseCategoricalCrossentropy()
        self.weights = self._joined(layer.params for layer in self.network.layers)
        self.velocity = np.zeros_like(self.weights)
        start = 0
        for layer in self.network.layers:  # each parameter becomes a part of the one vector
            for name, w in layer.params.items():
                layer.params[name] = self.weights[start : start + w.size].reshape(w.shape)
                start += w.size

    def gradient(self, rows: Array) -> Array:
        """Return the mean loss of some examples, and behind it the gradient: one vector."""
        x, y = self.job.x[rows] / 255.0, self.job.y[rows]
        loss = self.loss.forward(self.network.forward(x, training=True), y)
        self.network.backward(self.loss.backward())
        return np.append(loss, self._joined(layer.grads for layer in self.network.layers))

    def update(self, gradient: Array) -> None:
        """Take one step of gradient descent with momentum."""
        self.velocity *= self.job.momentum
        self.velocity -= self.job.rate * gradient
        self.weights += self.velocity
        self.step += 1

    def save(self, path: Path) -> None:
        """Store weights, momentum and step; a process killed meanwhile leaves the old file."""
        state = {"weights": self.weights, "velocity": self.velocity}
        save_arrays(path, state | {"step": np.array(self.step)})

    def load(self, path: Path) -> None:
        """Take up the training where it was stored."""
        step = np.array(0)
        load_arrays(path, {"weights": self.weights, "velocity": self.velocity, "step": step})
        self.step = int(step)

    @staticmethod
    def _joined(parts: Iterable[dict[str, Array]]) -> Array:
        return np.concatenate([array.ravel() for part in parts for array in part.values()])


def work(rank: int, pipe: Connection, job: Job, size: int) -> None:
    """Run in a worker: train on its own shard of each batch; worker 0 reports each loss."""
    training, ring = Training(job), Ring.join(rank, size, pipe)
    if job.checkpoint and job.checkpoint.exists():
        training.load(job.checkpoint)
    while training.step < job.steps:
        shard = np.array_split(job.rows(training.step), size)[rank]
        share = training.gradient(shard) * (len(shard) / job.batch)
        loss, *_ = total = ring.all_reduce(share)
        training.update(total[1:])
        if rank == 0 and job.checkpoint and training.step % job.every == 0:
            training.save(job.checkpoint)
        if rank == 0:
            pipe.send((training.step, float(loss)))
            pipe.recv()  # go on only when the parent has seen it
    pipe.send(training.weights)
    pipe.recv()  # wait for the end, so that no neighbour hears a closed door


@dataclass(frozen=True)
class Record:
    """What came out of a training.

    Attributes
    ----------
    losses : dict of int to float
        Mean loss of each batch, by step, from 1; of a resumed run only its own steps.
    weights : list of ndarray
        Each worker's weights at the end.
    """

    losses: dict[int, float]
    weights: list[Array]


def train(
    job: Job, size: int, after_step: Callable[[int, Sequence[Worker]], None] | None = None
) -> Record:
    """Train in `size` processes of one thread each.

    Parameters
    ----------
    job : Job
        If its checkpoint is there, the training goes on from it.
    size : int
        Workers.
    after_step : callable, optional
        Called with the step that worker 0 has reported, and the workers, which wait meanwhile.

    Raises
    ------
    WorkerDied
        If a worker ends: without its shard the sum is not known.
    """
    losses: dict[int, float] = {}
    with workers(work, size, job, size) as crew:
        meet(crew)
        while isinstance(message := crew[0].receive(), tuple):
            losses[message[0]] = message[1]
            if after_step:
                after_step(message[0], crew)
            crew[0].send("go on")
        return Record(losses, [message, *(worker.receive() for worker in crew[1:])])


def take_time(rank: int, pipe: Connection, job: Job, size: int) -> None:
    """Run in a worker: train as `work` does, and send the seconds of each step's three parts."""
    training, ring = Training(job), Ring.join(rank, size, pipe)
    rows = []
    while training.step < job.steps:
        began = perf_counter()
        shard = np.array_split(job.rows(training.step), size)[rank]
        share = training.gradient(shard) * (len(shard) / job.batch)
        computed = perf_counter()
        total = ring.all_reduce(share)
        summed = perf_counter()
        training.update(total[1:])
        rows.append((computed - began, summed - computed, perf_counter() - summed))
    pipe.send(rows)
    pipe.recv()


WARM_UP = 3


def seconds_of_steps(job: Job, size: int) -> npt.NDArray[np.float64]:
    """Return where the time of each step goes, without the first three steps.

    Returns
    -------
    ndarray of shape (size, steps - 3, 3)
        Seconds of each worker and step for its shard's gradient, for the sum (the waiting for
        others included), and for the update.
    """
    with workers(take_time, size, job, size) as crew:
        meet(crew)
        return np.array([worker.receive() for worker in crew])[:, WARM_UP:]
