"""Federated clients as processes of their own, which may die while they work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection

import numpy as np

from bmcourse import nn
from bmcourse.checks import Array
from bmcourse.recipes.machines.workers import NoAnswer, Worker, WorkerDied, workers
from bmcourse.recipes.privacy.federated import Client, local_training, one_round
from bmcourse.recipes.privacy.network import digits_network, get_weights, put_weights

UNTIL_KILLED = 10**7  # local steps of a client that is to die at work


def serve(rank: int, pipe: Connection) -> None:
    """Run in a client: receive its own data once, then weights; return trained weights."""
    data = pipe.recv()
    draws = np.random.default_rng(rank)
    model = digits_network(draws, pixels=data[0].shape[1], dtype=data[0].dtype)
    while True:
        number, weights, steps, rate = pipe.recv()
        trained = local_training(model, weights, data, steps=steps, rate=rate, rng=draws)
        pipe.send((number, trained))


def hand_out(team: Sequence[Worker], clients: Sequence[Client]) -> None:
    """Give each client its data, once. (Real clients have them already.)"""
    for worker, data in zip(team, clients, strict=True):
        worker.send(data)


def ask(
    team: Sequence[Worker], number: int, weights: Array, steps: Sequence[int], rate: float
) -> None:
    """Send round `number` to all clients that can be reached, each with its number of steps."""
    for worker, count in zip(team, steps, strict=True):
        with suppress(WorkerDied):
            worker.send((number, weights, count, rate))


def collect(team: Sequence[Worker], number: int, timeout: float = 60.0) -> list[Array | None]:
    """Return each client's weights of round `number`; None for one that has died or is too slow."""
    found: list[Array | None] = []
    for worker in team:
        try:
            found.append(_answer(worker, number, timeout))
        except (WorkerDied, NoAnswer):
            found.append(None)
    return found


def _answer(worker: Worker, number: int, timeout: float) -> Array:
    """Return the answer to this round; one that comes late from a round before is thrown away."""
    while True:
        answered, weights = worker.receive(timeout)
        if answered == number:
            return np.asarray(weights)


def train_with_a_death(
    model: nn.Sequential,
    clients: Sequence[Client],
    *,
    rounds: int,
    steps: int,
    rate: float,
    death: int,
    after_round: Callable[[int], None],
) -> None:
    """Train over processes; the first is killed at work in round `death`, if there is one.

    `after_round` is called, once the server's weights are in `model`, with the number of clients
    that have answered.
    """
    weights, sizes = get_weights(model), [len(labels) for _, labels in clients]
    with workers(serve, len(clients)) as team:
        hand_out(team, clients)
        for number in range(1, rounds + 1):
            counts = [steps] * len(team)
            if number == death:
                counts[0] = UNTIL_KILLED
            ask(team, number, weights, counts, rate)
            if number == death:
                team[0].kill()
            returned = collect(team, number)
            weights = one_round(weights, returned, sizes).astype(weights.dtype)
            put_weights(model, weights)
            after_round(sum(answer is not None for answer in returned))
