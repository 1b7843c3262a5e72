"""Clients as processes: equal to clients in one process, and what a death or a delay leaves."""

from __future__ import annotations

import numpy as np

from bmcourse.recipes.machines.workers import workers
from bmcourse.recipes.privacy import clients, federated
from bmcourse.recipes.privacy.network import digits_network, get_weights


def test_processes_answer_die_and_come_late() -> None:
    rng = np.random.default_rng(0)
    data = [(rng.normal(size=(30, 8)), rng.integers(0, 10, 30)) for _ in range(2)]
    start = get_weights(digits_network(rng, pixels=8, dtype=np.float64))
    expected = []
    for rank, own in enumerate(data):
        draws = np.random.default_rng(rank)
        model = digits_network(draws, pixels=8, dtype=np.float64)
        settings = {"steps": 3, "rate": 0.1, "rng": draws}
        expected.append(federated.local_training(model, start, own, **settings))
    with workers(clients.serve, 2) as team:
        clients.hand_out(team, data)
        clients.ask(team, 1, start, [3, 3], 0.1)
        for found, right in zip(clients.collect(team, 1), expected, strict=True):
            assert found is not None
            np.testing.assert_allclose(found, right, atol=1e-12)
        clients.ask(team, 2, start, [1, 10**7], 0.1)  # the second is at work for minutes
        assert clients.collect(team[1:], 2, timeout=0.1) == [None]
        team[1].kill()
        clients.ask(
            team, 3, start, [0, 0], 0.1
        )  # the first has not been asked for round 2's answer
        first, second = clients.collect(team, 3)
        assert second is None
        np.testing.assert_array_equal(first, start)


def test_the_dead_are_left_out_from_their_round_on() -> None:
    rng = np.random.default_rng(0)
    data = [(rng.normal(size=(30, 8)), rng.integers(0, 10, 30)) for _ in range(2)]
    model, answered = digits_network(rng, pixels=8, dtype=np.float64), []
    clients.train_with_a_death(
        model, data, rounds=3, steps=2, rate=0.1, death=2, after_round=answered.append
    )
    assert answered == [2, 1, 1]
