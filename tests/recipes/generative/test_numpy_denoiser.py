"""The denoiser in NumPy: its gradients, its training and its guidance."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import gradcheck
from bmcourse.recipes.generative import numpy_denoiser as nd
from bmcourse.recipes.generative.diffusion import Noise

NOISE = Noise.cosine(50)


def test_gradients() -> None:
    rng = np.random.default_rng(0)
    network = nd.Denoiser(6, 5, rng=rng, dtype=np.float64)
    x = nd.inputs(rng.normal(size=(4, 6)), np.array([3, 9, 20, 50]), np.array([0, 9, -1, 4]), NOISE)
    report = gradcheck(network, x, rng=rng)
    assert report.passed, str(report)
    assert {result.name for result in report.results} >= {"x", "W1", "U3", "b4"}


def test_the_slope_of_silu() -> None:
    z = np.linspace(-6, 6, 41)
    numeric = (nd.silu(z + 1e-6) - nd.silu(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(nd.silu_slope(z), numeric, atol=1e-8)


def test_inputs_hold_pixels_time_and_label() -> None:
    xt = np.arange(6.0).reshape(3, 2)
    found = nd.inputs(xt, np.array([0, 25, 50]), np.array([2, -1, 9]), NOISE)
    assert found.shape == (3, 2 + nd.KNOWN)
    np.testing.assert_array_equal(found[:, :2], xt)
    np.testing.assert_allclose(found[:, 2 : 2 + nd.WAVES], nd.waves([0, 0.5, 1]), atol=1e-6)
    np.testing.assert_array_equal(found[:, 2 + nd.WAVES :].sum(axis=1), [1, 0, 1])
    assert found[0, 2 + nd.WAVES + 2] == found[2, -1] == 1


def test_small_pictures_are_means_of_four_pixels() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 0, 0], images[1, 26:, 26:] = 255, 255
    found = nd.small(images)
    assert found.shape == (2, 196)
    assert found[0, 0] == pytest.approx(-0.5)
    assert found[1, -1] == 1
    assert found[1, :-1].max() == -1


def test_guidance_goes_past_the_label() -> None:
    network, rng = nd.Denoiser(4, 3, rng=1), np.random.default_rng(1)
    xt, t, label = rng.normal(size=(2, 4)), np.array([10, 30]), np.array([1, 7])
    with_it, without = (
        nd.predictor(network, NOISE, told)(xt, t) for told in (label, label * 0 - 1)
    )
    guided = nd.predictor(network, NOISE, label, 2.0)(xt, t)
    np.testing.assert_allclose(guided, 3 * with_it - 2 * without, atol=1e-5)
    assert np.abs(with_it - without).max() > 0.01


@pytest.mark.parametrize("weight", nd.WEIGHTS)
def test_training_lowers_the_loss_and_ends_with_a_mean(weight: str) -> None:
    rng = np.random.default_rng(2)
    x0 = np.where(rng.random((64, 1)) < 0.5, 1.0, -1.0) * np.ones((64, 6))
    label, network = (x0[:, 0] > 0).astype(int), nd.Denoiser(6, 16, rng=3)
    losses = nd.train(
        network, NOISE, x0, label, steps=300, rng=rng, batch=32, rate=5e-3, weight=weight
    )
    assert losses.shape == (300,)
    assert losses[-50:].mean() < 0.5 * losses[:10].mean()


def test_the_weights_of_the_losses() -> None:
    """An error of the velocity is one of the noise and of the picture, each with its factor."""
    rng = np.random.default_rng(5)
    x0, z, t = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), np.array([5, 20, 45])
    xt, v = NOISE.noised(x0, t, z), NOISE.velocity(x0, t, z)
    off = v + rng.normal(size=v.shape)
    noise = NOISE.from_velocity(xt, t, off)
    errors = {
        "velocity": off - v,
        "noise": noise - z,
        "picture": NOISE.picture(xt, t, noise) - x0,
    }
    for name, error in errors.items():
        share = nd.WEIGHTS[name](NOISE.kept[t])[:, np.newaxis]
        np.testing.assert_allclose(error**2, share * (off - v) ** 2, atol=1e-9)
