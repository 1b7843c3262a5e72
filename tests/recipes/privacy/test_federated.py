"""Federated averaging against plain SGD, and the server's rules."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.privacy import federated
from bmcourse.recipes.privacy.network import digits_network, get_weights, put_weights

Y = np.repeat(np.arange(10), 40)


def test_one_local_step_of_all_data_is_sgd() -> None:
    rng = np.random.default_rng(0)
    model = digits_network(rng, 5, 8, np.float64)
    x, y = rng.normal(size=(60, 8)), rng.integers(0, 10, 60)
    start = get_weights(model)
    parts = [slice(0, 10), slice(10, 30), slice(30, 60)]  # unequal clients

    def trained(rows: slice) -> np.ndarray:
        data = (x[rows], y[rows])
        return federated.local_training(model, start, data, steps=1, rate=0.3, rng=rng, batch=None)

    returned = [trained(part) for part in parts]
    together = federated.one_round(start, returned, [10, 20, 30])
    np.testing.assert_allclose(together, trained(slice(None)), atol=1e-12)
    put_weights(model, start)


def test_splits_use_each_row_once() -> None:
    rng = np.random.default_rng(0)
    for split, most in ((federated.split_alike, 10), (federated.split_by_class, 3)):
        parts = split(Y, 10, rng)
        assert [len(part) for part in parts] == [40] * 10
        assert len(np.unique(np.concatenate(parts))) == 400
        assert max(len(np.unique(Y[part])) for part in parts) <= most


def test_a_dead_client_is_left_out_with_its_size() -> None:
    returned = [np.array([1.0, 1.0]), None, np.array([3.0, 5.0])]
    found = federated.one_round(np.zeros(2), returned, [1, 5, 3])
    np.testing.assert_allclose(found, [2.5, 4.0])
    with pytest.raises(ValueError, match="one client or more"):
        federated.one_round(np.zeros(2), [None, None], [1, 1])


def test_rules_against_a_liar() -> None:
    updates = np.array([[1.0, 0.0], [0.0, 1.0], [-300.0, -400.0]])
    sizes = np.ones(3)
    np.testing.assert_allclose(federated.median(updates, sizes), [0, 0])
    np.testing.assert_allclose(federated.clipped_mean(updates, sizes), [0.4 / 3, 0.2 / 3])
    np.testing.assert_allclose(federated.mean(updates, sizes), [-299 / 3, -399 / 3])


def test_drift_is_the_distance_from_the_mean() -> None:
    assert federated.drift([np.array([0.0, 3.0]), np.array([8.0, -3.0])]) == pytest.approx(5)
    assert federated.drift([np.ones(3)] * 4) == 0


def test_training_learns_and_a_lie_hurts() -> None:
    rng = np.random.default_rng(0)
    x = np.eye(10, 20)[Y] + rng.normal(size=(400, 20)) / 5
    parts = federated.split_alike(Y, 4, rng)
    clients = [(x[part], Y[part]) for part in parts]
    right, rounds = {}, []
    for lie in (1.0, -20.0):
        model = digits_network(np.random.default_rng(1), 8, 20, np.float64)
        drift = federated.train_federated(
            model,
            clients,
            rounds=8,
            steps=10,
            rate=0.3,
            rng=rng,
            lie=lie,
            after_round=lambda model: rounds.append(1),
        )
        assert drift > 0
        right[lie] = (model.predict(x).argmax(1) == Y).mean()
    assert len(rounds) == 16
    assert right[1.0] > 0.8 > 0.5 > right[-20.0]
