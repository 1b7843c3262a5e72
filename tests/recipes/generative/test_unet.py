"""The U-Net of digits: its shapes, its size, its start and its guidance."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from bmcourse.recipes.generative.diffusion import Noise  # noqa: E402
from bmcourse.recipes.generative.unet import NO_LABEL, draws, unet  # noqa: E402


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return unet(narrow=8, wide=12)


def test_an_untrained_network_says_zero(model: keras.Model) -> None:
    x = np.random.default_rng(0).normal(size=(3, 28, 28, 1)).astype("float32")
    inputs = [x, np.array([1.0, 500.0, 1000.0]), np.array([0, 9, NO_LABEL])]
    found = np.asarray(model.predict_on_batch(inputs))
    assert found.shape == (3, 28, 28, 1)
    np.testing.assert_array_equal(found, 0)


def test_the_size_of_the_stored_one() -> None:
    assert unet().count_params() == 413_860


def test_the_way_up_sees_the_way_down(model: keras.Model) -> None:
    """With nothing from the middle, the picture still reaches the end."""
    twin = filled(model)
    twin.get_layer("narrow").set_weights([0 * w for w in twin.get_layer("narrow").get_weights()])
    x = np.random.default_rng(5).normal(size=(2, 28, 28, 1)).astype("float32")
    found = np.asarray(twin.predict_on_batch([x, np.array([9.0, 9.0]), np.array([1, 1])]))
    assert np.abs(found[0] - found[1]).max() > 1e-3


def filled(model: keras.Model) -> keras.Model:
    rng = np.random.default_rng(1)
    twin = keras.models.clone_model(model)
    twin.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in model.get_weights()])
    return twin


def test_space_to_depth_and_back_keeps_places(model: keras.Model) -> None:
    twin, rng = filled(model), np.random.default_rng(2)
    x = rng.normal(size=(1, 28, 28, 1)).astype("float32")
    moved = x.copy()
    moved[0, 2, 3] += 1  # in the corner: what lies far away must not change
    step, label = np.array([10.0]), np.array([1])
    one, two = (np.asarray(twin.predict_on_batch([p, step, label])) for p in (x, moved))
    change = np.abs(one - two)[0, :, :, 0]
    assert change[2, 3] > 1e-3
    assert change[26:, 26:].max() < 1e-5


def test_step_and_label_matter(model: keras.Model) -> None:
    twin = filled(model)
    x = np.random.default_rng(3).normal(size=(4, 28, 28, 1)).astype("float32")[[0, 0, 0, 0]]
    inputs = [x, np.array([1.0, 1.0, 900.0, 1.0]), np.array([2, 3, 2, 2])]
    found = np.asarray(twin.predict_on_batch(inputs))
    assert np.abs(found[0] - found[1]).max() > 1e-4
    assert np.abs(found[0] - found[2]).max() > 1e-4
    np.testing.assert_allclose(found[0], found[3], atol=1e-5)


def test_guidance_goes_past_the_label(model: keras.Model) -> None:
    twin, noise, rng = filled(model), Noise.cosine(), np.random.default_rng(4)
    x, t = rng.normal(size=(2, 28, 28, 1)).astype("float32"), np.array([700, 100])
    label = np.array([4, 8])
    told, bare = (draws(twin, noise, y)(x, t) for y in (label, np.full(2, NO_LABEL)))
    np.testing.assert_allclose(
        draws(twin, noise, label, 1.5)(x, t), 2.5 * told - 1.5 * bare, atol=1e-4
    )
