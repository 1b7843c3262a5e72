"""The small network: its vector of weights, and its gradient in two pieces."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.privacy.network import (
    accuracy,
    digits_network,
    get_weights,
    gradient,
    losses,
    pieces,
    put_weights,
    train_plain,
)


@pytest.mark.parametrize("units", [0, 5])
def test_the_pieces_make_the_librarys_gradient(units: int) -> None:
    rng = np.random.default_rng(0)
    model = digits_network(rng, units, 12, np.float64)
    x, y = rng.normal(size=(7, 12)), rng.integers(0, 10, 7)
    sums = gradient(pieces(model, x, y))
    loss = nn.SparseCategoricalCrossentropy()
    mean = loss.forward(model.forward(x), y)
    model.backward(loss.backward())
    for total, expected in zip(sums, model.grads.values(), strict=True):
        np.testing.assert_allclose(total / 7, expected, atol=1e-12)
    np.testing.assert_allclose(losses(model, x, y).mean(), mean)


def test_weights_go_out_and_in() -> None:
    rng = np.random.default_rng(0)
    one, two = digits_network(rng, 4, 6), digits_network(rng, 4, 6)
    vector = get_weights(one)
    put_weights(two, vector)
    vector[:] = 0
    x = rng.normal(size=(3, 6)).astype("float32")
    np.testing.assert_array_equal(one.predict(x), two.predict(x))


def test_training_learns() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 300)
    x = np.eye(10, 20, dtype="float32")[y] + rng.normal(size=(300, 20)).astype("float32") / 5
    model = digits_network(rng, 8, 20)
    train_plain(model, x, y, epochs=20, rate=0.3, rng=rng)
    assert accuracy(model, x, y) > 0.9
