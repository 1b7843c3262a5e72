"""The variational autoencoder: gradients, bound and importance weights against other ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from bmcourse import nn
from bmcourse.recipes.generative import vae
from bmcourse.recipes.generative.vae import VAE, GaussianCode, PixelsBefore

Array = Any
PIXELS = 6


def small(strong: bool = False, units: int = 2) -> VAE:
    model = VAE(units, 5, rng=1, strong=strong, pixels=PIXELS, dtype=np.float64)
    rng = np.random.default_rng(2)
    for values in model.weights().values():
        values += rng.normal(0, 0.3, values.shape)
    if model.before:
        model.before.params["kernel"] += rng.normal(0, 0.3, (PIXELS, PIXELS))
    return model


class CodeLayer(nn.Layer):
    """Hand out z and the divergences side by side, so that both gradients are checked."""

    def __init__(self, noise: Array) -> None:
        super().__init__()
        self.noise, self.code = noise, GaussianCode()

    def forward(self, x: Array, training: bool = False) -> Array:
        z = self.code.forward(np.asarray(x), self.noise)
        return np.concatenate([z, self.code.kl], axis=1)

    def backward(self, grad_output: Array) -> Array:
        dz, weight = np.split(grad_output, 2, axis=1)
        return self.code.backward(dz, weight)


def test_the_code_has_right_gradients() -> None:
    rng = np.random.default_rng(0)
    layer = CodeLayer(rng.normal(size=(4, 3)))
    report = nn.gradcheck(layer, rng.normal(size=(4, 6)), rng=rng)
    assert report.passed, str(report)


def test_divergence_against_a_mean_over_draws() -> None:
    code = GaussianCode()
    code.forward(np.array([[0.7, -1.2, 0.4, -1.0]]), np.zeros((1, 2)))
    for mean, log_variance, kl in ((0.7, 0.4, code.kl[0, 0]), (-1.2, -1.0, code.kl[0, 1])):
        q = stats.norm(mean, np.exp(log_variance / 2))
        z = q.rvs(400_000, random_state=3)
        gaps = q.logpdf(z) - stats.norm.logpdf(z)
        assert gaps.mean() == pytest.approx(kl, abs=5 * gaps.std() / np.sqrt(len(z)))


@pytest.mark.parametrize("strong", [False, True])
@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_all_gradients_against_central_differences(strong: bool, weight: float) -> None:
    model, rng = small(strong), np.random.default_rng(4)
    x, noise = rng.integers(0, 2, (3, PIXELS)).astype(float), rng.normal(size=(3, 2))

    def loss() -> float:
        reconstruction, kl = model.forward(x, noise)
        return float(reconstruction.mean() + weight * kl.sum(axis=1).mean())

    loss()
    model.backward(weight)
    pairs = [(p, g.copy()) for p, g in model.params_and_grads()]
    assert len(pairs) == 12 + strong
    for parameter, gradient in pairs:
        direction = rng.normal(size=parameter.shape)
        ends = []
        for sign in (1, -1):
            parameter += sign * 1e-6 * direction
            ends.append(loss())
            parameter -= sign * 1e-6 * direction
        measured = (ends[0] - ends[1]) / 2e-6
        expected = (gradient * direction).sum()
        if strong and parameter.shape == (PIXELS, PIXELS):
            assert np.all(np.tril(gradient) == 0)
        assert measured == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_no_pixel_sees_itself_or_a_later_one() -> None:
    layer = PixelsBefore(5, np.float64)
    layer.params["kernel"][...] = np.random.default_rng(0).normal(size=(5, 5))
    x = np.random.default_rng(1).normal(size=(1, 5))
    for place in range(5):
        changed = x.copy()
        changed[0, place] += 1
        moved = np.flatnonzero((layer.forward(changed) != layer.forward(x))[0])
        assert moved.tolist() == list(range(place + 1, 5))
    report = nn.gradcheck(layer, x, rng=np.random.default_rng(2))
    assert report.passed, str(report)


def exact(model: VAE, x: Array) -> Array:
    """Integrate over a code of one number on a fine grid."""
    grid = np.linspace(-9, 9, 20_001)[:, None]
    logits = model.decoder.forward(grid)
    joint = [-vae.cross_entropy(logits, row) + stats.norm.logpdf(grid[:, 0]) for row in x]
    return logsumexp(joint, axis=1) + np.log(grid[1, 0] - grid[0, 0])


def test_bounds_lie_below_the_integral_and_the_tighter_one_reaches_it() -> None:
    model, rng = small(units=1), np.random.default_rng(5)
    x = rng.integers(0, 2, (4, PIXELS)).astype(float)
    true = exact(model, x)
    weights = model.log_weights(x, 40_000, rng)
    bound = model.bound(x, rng, samples=20_000)
    np.testing.assert_allclose(weights.mean(axis=1), bound, atol=0.05)
    assert np.all(bound < true)
    np.testing.assert_allclose(vae.importance_weighted(weights), true, atol=0.05)


def test_importance_weights_do_not_overflow() -> None:
    rows = np.array([[-1000.0, -1001.0], [800.0, 790.0], [0.0, 0.0]])
    expected = logsumexp(rows, axis=1) - np.log(2)
    np.testing.assert_allclose(vae.importance_weighted(rows), expected)


def test_cross_entropy_of_extreme_logits() -> None:
    found = vae.cross_entropy(np.array([[1e4, -1e4, 0.0]]), np.array([[1.0, 1.0, 0.0]]))
    np.testing.assert_allclose(found, [1e4 + np.log(2)])


def images(n: int = 256) -> Array:
    """Return blocks of ink on the left or on the right."""
    rng = np.random.default_rng(6)
    left = rng.integers(0, 2, n)[:, None]
    return np.where(np.arange(20) < 10, left, 1 - left).astype(np.float32) * 0.9 + 0.05


def test_training_raises_the_bound_and_the_code_tells_left_from_right() -> None:
    model, rng = VAE(2, 16, rng=0, pixels=20), np.random.default_rng(0)
    x = vae.drawn(images(), rng)
    before = model.bound(x, rng).mean()
    curve = model.fit(images(), 300, rng, batch=64, rate=5e-3)
    after = model.bound(x, rng).mean()
    assert curve.step == [50, 100, 150, 200, 250, 300]
    assert after > before + 5
    assert after == pytest.approx(-curve.reconstruction[-1] - curve.kl[-1], abs=1)
    assert model.sample(7, rng).shape == (7, 20)
    halves = model.sample(400, rng)[:, [0, 19]]
    assert np.corrcoef(halves.T)[0, 1] < -0.5


def test_a_heavy_divergence_collapses_the_code() -> None:
    kl = {}
    for weight in (1.0, 20.0):
        model, rng = VAE(2, 16, rng=0, pixels=20), np.random.default_rng(0)
        curve = model.fit(
            images(), 300, rng, batch=64, rate=5e-3, kl_weight=lambda step, kl, w=weight: w
        )
        kl[weight] = curve.kl[-1]
    assert kl[20.0] < 0.05 < 0.5 < kl[1.0]


def test_remedies_weigh_the_divergence() -> None:
    warm, kl = vae.warm_up(10), np.array([[0.2, 3.0], [0.7, 0.0]])
    assert [warm(step, kl) for step in (1, 5, 10, 40)] == [0.1, 0.5, 1.0, 1.0]
    np.testing.assert_array_equal(vae.free_nats(0.5)(1, kl), [0, 1])


def test_every_image_is_shown_once_an_epoch() -> None:
    rng = np.random.default_rng(0)
    rows = list(vae._rows(10, 3, 7, rng))
    assert [len(r) for r in rows] == [3] * 7
    assert len(set(np.concatenate(rows[:3]).tolist())) == 9


def test_weights_travel() -> None:
    ours, other = small(), VAE(2, 5, rng=9, pixels=PIXELS, dtype=np.float64)
    arrays = {name: value.copy() for name, value in ours.weights().items()}
    z = np.random.default_rng(0).normal(size=(3, 2))
    np.testing.assert_array_equal(other.load(arrays).decode(z), ours.decode(z))
    assert len(arrays) == 12


def test_a_strong_decoder_cannot_decode_alone() -> None:
    with pytest.raises(ValueError, match="sees no pixels"):
        small(strong=True).decode(np.zeros((1, 2)))


def test_drawn_pixels_have_the_grey_values_as_means() -> None:
    grey = np.tile(np.array([0.0, 0.25, 1.0], np.float32), (20_000, 1))
    found = vae.drawn(grey, np.random.default_rng(0))
    assert set(np.unique(found)) == {0.0, 1.0}
    np.testing.assert_allclose(found.mean(axis=0), [0, 0.25, 1], atol=0.02)
