"""DP-SGD against a loop over examples, and its noise against its variance."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.checks import Array
from bmcourse.recipes.privacy import dp_sgd
from bmcourse.recipes.privacy.network import digits_network, get_weights, pieces


def one_by_one(model: nn.Sequential, x: Array, y: Array) -> Array:
    """Every example's gradient by the library's backward pass, shape (n, parameters)."""
    rows = []
    for i in range(len(x)):
        loss = nn.SparseCategoricalCrossentropy()
        loss.forward(model.forward(x[i : i + 1]), y[i : i + 1])
        model.backward(loss.backward())
        rows.append(np.concatenate([g.ravel() for g in model.grads.values()]))
    return np.array(rows)


@pytest.mark.parametrize("clip", [0.5, 3.0, 100.0])
def test_clipping_is_that_of_a_loop(clip: float) -> None:
    rng = np.random.default_rng(0)
    model = digits_network(rng, 6, 12, np.float64)
    x, y = rng.normal(size=(9, 12)), rng.integers(0, 10, 9)
    each = one_by_one(model, x, y)
    length = np.linalg.norm(each, axis=1)
    np.testing.assert_allclose(dp_sgd.lengths(pieces(model, x, y)), length)
    expected = sum(g * min(1, clip / n) for g, n in zip(each, length, strict=True))
    found = np.concatenate([g.ravel() for g in dp_sgd.clipped_sum(model, x, y, clip)])
    np.testing.assert_allclose(found, expected, atol=1e-12)
    wrong = np.concatenate([g.ravel() for g in dp_sgd.clipped_mean_only(model, x, y, clip)])
    mean = each.mean(axis=0)
    scale = min(1, clip / np.linalg.norm(mean))
    np.testing.assert_allclose(wrong, 9 * mean * scale, atol=1e-12)


def test_each_example_joins_by_its_own_coin() -> None:
    rng = np.random.default_rng(0)
    sizes = [len(dp_sgd.poisson_batch(500, 0.1, rng)) for _ in range(2000)]
    assert np.mean(sizes) == pytest.approx(50, abs=0.6)
    assert np.var(sizes) == pytest.approx(45, rel=0.12)


def test_a_step_is_rate_over_expected_size_times_sum_and_noise() -> None:
    rng = np.random.default_rng(0)
    model = digits_network(rng, 0, 4, np.float64)
    x, y = rng.normal(size=(50, 4)), rng.integers(0, 10, 50)
    before = get_weights(model)
    sums = np.concatenate([g.ravel() for g in dp_sgd.clipped_sum(model, x, y, 0.7)])
    setting = {"share": 1.0, "clip": 0.7, "steps": 1, "rate": 2.0}
    dp_sgd.train_privately(model, x, y, noise=0.0, rng=rng, **setting)
    np.testing.assert_allclose(get_weights(model), before - 2 / 50 * sums, atol=1e-9)


def test_the_noise_has_its_size_also_when_no_example_came() -> None:
    rng = np.random.default_rng(0)
    model = digits_network(rng, 0, 400, np.float64)
    before = get_weights(model)
    x, y = np.ones((10, 400)), np.zeros(10, int)
    setting = {"share": 1e-9, "clip": 0.5, "steps": 4, "rate": 1e-9}
    dp_sgd.train_privately(model, x, y, noise=3.0, rng=rng, **setting)
    moved = (get_weights(model) - before) * 10  # rate / expected = 1e-9 / 1e-8
    assert moved.std() == pytest.approx(3.0 * 0.5 * 2, rel=0.05)


def test_a_share_above_one_is_refused() -> None:
    model = digits_network(np.random.default_rng(0), 0, 4)
    setting = {"noise": 1.0, "clip": 1.0, "steps": 1, "rate": 1.0}
    with pytest.raises(ValueError, match="share must be"):
        dp_sgd.train_privately(
            model,
            np.ones((2, 4)),
            np.zeros(2, int),
            share=2,
            rng=np.random.default_rng(0),
            **setting,
        )
