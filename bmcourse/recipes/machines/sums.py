"""A worker that adds up vectors around a ring, counts its bytes, and takes the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from multiprocessing.connection import Connection
from time import perf_counter

import numpy as np

from bmcourse.recipes.machines.ring import Ring, Vector
from bmcourse.recipes.machines.workers import Worker, workers


def meet(crew: Sequence[Worker]) -> None:
    """Let workers find their neighbours: collect their addresses, and send each all of them."""
    addresses = [worker.receive() for worker in crew]
    for worker in crew:
        worker.send(addresses)


def add_up(rank: int, pipe: Connection, vectors: Sequence[Vector]) -> None:
    """Run in a worker: add up the vectors of all, one a worker; send the sum and the bytes."""
    ring = Ring.join(rank, len(vectors), pipe)
    total = ring.all_reduce(vectors[rank].copy())
    pipe.send((total, ring.bytes_sent))
    pipe.recv()  # wait for the end, so that no neighbour hears a closed door


def sum_over_processes(vectors: Sequence[Vector]) -> tuple[list[Vector], list[int]]:
    """Add up vectors in as many processes; return each worker's sum and the bytes it sent."""
    with workers(add_up, len(vectors), list(vectors)) as crew:
        meet(crew)
        answers = [worker.receive() for worker in crew]
    return [total for total, _ in answers], [sent for _, sent in answers]


def take_time(rank: int, pipe: Connection, size: int, lengths: Sequence[int], times: int) -> None:
    """Run in a worker: send the seconds of each of `times` sums, for each length of vector."""
    ring = Ring.join(rank, size, pipe)
    rows = []
    for length in lengths:
        vector = np.zeros(length)
        for _ in range(3):
            ring.all_reduce(vector)
        seconds = []
        for _ in range(times):
            began = perf_counter()
            ring.all_reduce(vector)
            seconds.append(perf_counter() - began)
        rows.append(seconds)
    pipe.send(rows)
    pipe.recv()


def seconds_of_sums(size: int, lengths: Iterable[int], times: int = 20) -> dict[int, list[float]]:
    """Return the seconds of single sums of vectors of float64 among `size` workers, by length."""
    lengths = list(lengths)
    with workers(take_time, size, size, lengths, times) as crew:
        meet(crew)
        rows, *_ = [worker.receive() for worker in crew]
    return dict(zip(lengths, rows, strict=True))
