"""Exported files answer as the models that they came from; whole numbers are ours."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from bmcourse import nn
from bmcourse.recipes.compression import litert
from bmcourse.recipes.compression.integer import integer_network

pytestmark = pytest.mark.skipif(bool(litert.missing()), reason="needs LiteRT")
RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, size=(60, 10, 10, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((10, 10, 1)),
            layers.Conv2D(4, 3, activation="relu", bias_initializer="random_normal"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


def test_float32_is_the_model(model: keras.Model) -> None:
    found = litert.Answerer(litert.converted(model, "float32")).many(X)
    np.testing.assert_allclose(found, model.predict_on_batch(X), atol=1e-5)


def test_int8_is_ours_to_one_step(model: keras.Model) -> None:
    ours = nn.Sequential(
        [nn.Conv2D(1, 4, 3), nn.ReLU(), nn.MaxPool2D(2), nn.Flatten(), nn.Dense(64, 3)]
    )
    for values, w in zip(ours.params.values(), model.get_weights(), strict=True):
        values[...] = w
    net = integer_network(ours, X)
    answerer = litert.Answerer(litert.converted(model, "int8", X))
    raw = np.concatenate([answerer.raw(x[np.newaxis]) for x in X]).astype(int)
    assert np.abs(raw - net.whole(X)).max() <= 1
    np.testing.assert_allclose(answerer.output["quantization"][0], net.after.scale, rtol=1e-5)
    kernels = answerer.kernels()
    assert [k.shape for k in kernels] == [p.kernel.shape for p in net.products]
    for theirs, product in zip(kernels, net.products, strict=True):
        assert np.abs(theirs.astype(int) - product.kernel).max() <= 1
    np.testing.assert_allclose(answerer.many(X[:5]), net.predict(X[:5]), atol=1.1 * net.after.scale)


def test_refuses_an_unknown_kind_and_int8_without_examples(model: keras.Model) -> None:
    with pytest.raises(ValueError, match="kind"):
        litert.converted(model, "int4")
    with pytest.raises(ValueError, match="calibration"):
        litert.converted(model, "int8")


def test_the_mask_of_attention_sets_the_largest_step() -> None:
    inputs = keras.Input((6, 4))
    layer = keras.layers.MultiHeadAttention(2, 2)
    attending = keras.Model(inputs, layer(inputs, inputs, use_causal_mask=True))
    x = RNG.normal(size=(8, 6, 4)).astype(np.float32)
    assert litert.Answerer(litert.converted(attending, "int8", x)).largest_step() > 1e30
    with litert.masked_with(-30.0):
        mended = litert.Answerer(litert.converted(attending, "int8", x))
    assert mended.largest_step() < 1
    np.testing.assert_allclose(mended.many(x), attending.predict_on_batch(x), atol=0.25)
