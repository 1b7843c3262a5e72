"""The denoiser that knows the training set: against loops and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.generative.diffusion import Noise, sample
from bmcourse.recipes.generative.ideal import best_guess, ideal


def test_it_is_bayes_rule_by_loops() -> None:
    rng = np.random.default_rng(0)
    training, xt, kept = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), 0.3
    for x, found in zip(xt, best_guess(xt, training, kept), strict=True):
        likely = [np.exp(-np.sum((x - kept**0.5 * y) ** 2) / 2 / (1 - kept)) for y in training]
        np.testing.assert_allclose(found, np.average(training, axis=0, weights=likely))


def test_it_survives_almost_no_noise() -> None:
    training = np.array([[0.0, 1.0], [1.0, 0.0]])
    found = best_guess(training * (1 - 1e-9), training, 1 - 1e-9)
    np.testing.assert_allclose(found, training)


def test_no_other_guess_has_a_lower_loss() -> None:
    rng, kept = np.random.default_rng(1), 0.5
    training = rng.normal(size=(6, 2))
    x0 = training[rng.integers(0, 6, 20_000)]
    xt = kept**0.5 * x0 + (1 - kept) ** 0.5 * rng.normal(size=x0.shape)
    best = best_guess(xt, training, kept)
    loss = np.mean((best - x0) ** 2)
    for other in (1.05 * best, best + 0.05, best_guess(xt, training, 0.4), 0.9 * best + 0.1 * xt):
        assert loss < np.mean((other - x0) ** 2)


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_what_it_draws_are_copies(eta: float) -> None:
    rng, noise = np.random.default_rng(2), Noise.cosine(200)
    training = rng.uniform(-1, 1, size=(20, 8))
    predict = ideal(training, noise)
    found = sample(predict, noise, rng.normal(size=(50, 8)), steps=100, rng=rng, eta=eta)
    distance = np.linalg.norm(found[:, np.newaxis] - training, axis=2)
    assert distance.min(axis=1).max() < 0.01
    assert len(set(distance.argmin(axis=1))) > 10


def test_steps_may_differ_in_a_batch() -> None:
    rng, noise = np.random.default_rng(3), Noise.cosine(100)
    training, xt, t = rng.normal(size=(4, 2)), rng.normal(size=(3, 2)), np.array([5, 90, 5])
    found = ideal(training, noise)(xt, t)
    for i in range(3):
        alone = ideal(training, noise)(xt[i : i + 1], t[i : i + 1])
        np.testing.assert_allclose(found[i : i + 1], alone)
