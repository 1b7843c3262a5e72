"""The noise and the walk back: against step-by-step sums, sampling and exact denoisers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.recipes.generative.diffusion import (
    Noise,
    errors_by_step,
    sample,
    spread_steps,
    walk,
)

Array = Any
NOISE = Noise.of_steps([0.1, 0.3, 0.2, 0.5])


def test_the_closed_form_is_the_steps_one_after_the_other() -> None:
    rng = np.random.default_rng(0)
    x0, zs = rng.normal(size=(3, 5)), rng.normal(size=(4, 3, 5))
    x, mixed = x0, np.zeros_like(x0)
    for t, (beta, z) in enumerate(zip([0.1, 0.3, 0.2, 0.5], zs, strict=True), start=1):
        x = np.sqrt(1 - beta) * x + np.sqrt(beta) * z
        mixed = np.sqrt(1 - beta) * mixed + np.sqrt(beta) * z
        noise = mixed / np.sqrt(1 - NOISE.kept[t])
        np.testing.assert_allclose(NOISE.noised(x0, t, noise), x, atol=1e-12)
        np.testing.assert_allclose(NOISE.picture(x, t, noise), x0, atol=1e-12)


def test_one_step_a_picture() -> None:
    rng = np.random.default_rng(1)
    x0, z, t = rng.normal(size=(3, 2, 2, 1)), rng.normal(size=(3, 2, 2, 1)), np.array([4, 1, 2])
    together = NOISE.noised(x0, t, z)
    for i in range(3):
        np.testing.assert_allclose(together[i], NOISE.noised(x0[i], t[i], z[i]))
    np.testing.assert_allclose(NOISE.picture(together, t, z), x0, atol=1e-12)


def test_noise_and_picture_from_the_velocity() -> None:
    rng = np.random.default_rng(2)
    x0, z, t = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.array([1, 2, 3, 4])
    xt, v = NOISE.noised(x0, t, z), NOISE.velocity(x0, t, z)
    np.testing.assert_allclose(NOISE.from_velocity(xt, t, v), z, atol=1e-12)
    kept = NOISE.kept[t][:, np.newaxis]
    np.testing.assert_allclose(np.sqrt(kept) * xt - np.sqrt(1 - kept) * v, x0, atol=1e-12)


@pytest.mark.parametrize(("t", "s"), [(4, 3), (4, 1), (2, 1), (3, 2)])
def test_the_posterior_is_bayes_rule_on_a_grid(t: int, s: int) -> None:
    x0, xt, grid = 0.7, -0.4, np.linspace(-8, 8, 40_001)
    alpha = NOISE.kept[t] / NOISE.kept[s]
    prior = np.exp(-((grid - np.sqrt(NOISE.kept[s]) * x0) ** 2) / (2 * (1 - NOISE.kept[s])))
    density = prior * np.exp(-((xt - np.sqrt(alpha) * grid) ** 2) / (2 * (1 - alpha)))
    density /= density.sum()
    mean, variance = NOISE.posterior(np.array(x0), np.array(xt), t, s)
    assert mean == pytest.approx(density @ grid, abs=1e-9)
    assert variance == pytest.approx(density @ (grid - density @ grid) ** 2, abs=1e-9)


def test_the_posterior_at_the_end_is_the_picture() -> None:
    mean, variance = NOISE.posterior(np.array([0.7]), np.array([-0.4]), 1, 0)
    assert mean == pytest.approx(0.7)
    assert variance == 0


@pytest.mark.parametrize(("t", "s"), [(2, 2), (1, 3), (5, 1), (1, -1)])
def test_steps_in_a_wrong_order(t: int, s: int) -> None:
    with pytest.raises(ValueError, match="s and t must be"):
        NOISE.posterior(np.zeros(1), np.zeros(1), t, s)


@pytest.mark.parametrize(("t", "s"), [(4, 3), (3, 0), (4, 2)])
def test_a_step_back_with_eta_1_draws_from_the_posterior(t: int, s: int) -> None:
    rng = np.random.default_rng(3)
    x0, xt, fresh = (rng.normal(size=(2, 3)) for _ in range(3))
    mean, variance = NOISE.posterior(x0, xt, t, s)
    found = NOISE.back(x0, xt, t, s, fresh, 1.0)
    np.testing.assert_allclose(found, mean + np.sqrt(variance) * fresh, atol=1e-12)


def test_a_step_back_with_eta_0_keeps_the_noise() -> None:
    rng = np.random.default_rng(4)
    x0, z, fresh = (rng.normal(size=(2, 3)) for _ in range(3))
    found = NOISE.back(x0, NOISE.noised(x0, 4, z), 4, 2, fresh, 0.0)
    np.testing.assert_allclose(found, NOISE.noised(x0, 2, z), atol=1e-12)


def of_a_gaussian(noise: Noise, mean: float, variance: float) -> Any:
    """Return the exact denoiser of pictures whose pixels are Gaussian."""

    def predict(xt: Array, t: Array) -> Array:
        kept = noise.kept[t][:, np.newaxis]
        total = kept * variance + 1 - kept
        x0 = mean + np.sqrt(kept) * variance / total * (xt - np.sqrt(kept) * mean)
        return (xt - np.sqrt(kept) * x0) / np.sqrt(1 - kept)

    return predict


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_an_exact_denoiser_draws_the_data(eta: float) -> None:
    noise, rng = Noise.cosine(400), np.random.default_rng(5)
    start = rng.normal(size=(40_000, 1))
    predict = of_a_gaussian(noise, 0.5, 0.09)
    found = sample(predict, noise, start, steps=200, rng=rng, eta=eta, bound=None)
    assert found.mean() == pytest.approx(0.5, abs=0.01)
    assert found.std() == pytest.approx(0.3, abs=0.01)


def test_guesses_are_cut_off() -> None:
    noise, rng = Noise.cosine(10), np.random.default_rng(6)
    start = rng.normal(size=(5, 2)).astype(np.float32)
    states = list(walk(lambda x, t: np.zeros_like(x), noise, start, steps=5, rng=rng))
    assert [s for s, _, _ in states] == [8, 6, 4, 2, 0]
    assert all(np.abs(guess).max() <= 1 for _, _, guess in states)
    assert states[-1][1].dtype == np.float32
    np.testing.assert_allclose(states[-1][1], states[-1][2], atol=1e-6)
    free = list(walk(lambda x, t: 0 * x, noise, start, steps=5, rng=rng, bound=None))
    assert np.abs(free[0][2]).max() > 1


@pytest.mark.parametrize("variances", [[0.0, 0.5], [1.0], [[0.5]], [-0.1], [np.nan]])
def test_bad_variances(variances: Any) -> None:
    with pytest.raises(ValueError, match="variances must be"):
        Noise.of_steps(variances)


def test_the_cosine() -> None:
    noise = Noise.cosine(1000)
    assert noise.steps == 1000
    assert noise.kept[0] == 1
    assert np.all(np.diff(noise.kept) < 0)
    middle = (
        np.cos((0.25 + 0.008) / 1.008 * np.pi / 2) ** 2 / np.cos(0.008 / 1.008 * np.pi / 2) ** 2
    )
    assert noise.kept[250] == pytest.approx(middle)
    assert noise.kept[1000] / noise.kept[999] == pytest.approx(1e-3)


def test_spread_steps_takes_one_from_each_part() -> None:
    rng = np.random.default_rng(7)
    for n, steps in ((10, 1000), (8, 8), (64, 1000)):
        t = spread_steps(n, steps, rng)
        assert sorted((t - 1) * n // steps) == list(range(n)) or n == 64
        assert 1 <= t.min() <= t.max() <= steps
    many = np.concatenate([spread_steps(4, 8, rng) for _ in range(4000)])
    np.testing.assert_allclose(np.bincount(many, minlength=9)[1:] / len(many), 1 / 8, atol=0.01)
    first = [spread_steps(4, 8, rng)[0] for _ in range(400)]
    assert len(set(first)) == 8


def test_errors_by_step_of_one_who_sees_no_noise() -> None:
    noise, rng = Noise.cosine(100), np.random.default_rng(8)
    x0 = rng.normal(size=(4000, 5))
    found = errors_by_step(lambda xt, t: np.zeros_like(xt), noise, x0, rng, parts=4)
    np.testing.assert_allclose(found["noise"], 1, atol=0.1)
    kept = np.array([np.mean(1 / noise.kept[1 + i * 25 : 26 + i * 25]) for i in range(3)])
    np.testing.assert_allclose(found["velocity"][:3], kept, rtol=0.1)
    np.testing.assert_allclose(found["picture"][:3], kept - 1, rtol=0.15)


def test_errors_by_step_of_an_exact_denoiser() -> None:
    noise, rng = Noise.cosine(100), np.random.default_rng(9)
    x0 = 0.3 * rng.normal(size=(4000, 5))
    found = errors_by_step(of_a_gaussian(noise, 0.0, 0.09), noise, x0, rng)
    assert found["picture"][-1] == pytest.approx(0.09, rel=0.15)
    assert found["noise"][0] == pytest.approx(1, abs=0.2)
    assert found["picture"][0] < 0.02 < found["picture"][1]
