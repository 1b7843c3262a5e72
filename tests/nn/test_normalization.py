from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import BatchNormalization, LayerNormalization, gradcheck

from .oracle import assert_close, assert_layer_matches, keras, reference, tf


def random_layer(features, rng, dtype="float64"):
    layer = BatchNormalization(features, dtype=dtype)
    for values in layer.params.values():
        values[...] = rng.standard_normal(features)
    return layer


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(6, 1), (8, 5), (3, 4, 5, 2), (1, 7, 6, 3)])
def test_training_equals_tensorflow(shape, dtype, rng):
    x = (2 + 3 * rng.standard_normal(shape)).astype(dtype)

    def normalization(x, gamma, beta):
        mean, variance = tf.nn.moments(x, list(range(x.ndim - 1)))
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)

    assert_layer_matches(random_layer(shape[-1], rng, dtype), normalization, x, rng)


def test_moving_averages_and_prediction_equal_keras(rng):
    layer = random_layer(3, rng)
    twin = keras.layers.BatchNormalization(dtype="float64")
    twin.build((None, 3))
    twin.gamma.assign(layer.params["gamma"])
    twin.beta.assign(layer.params["beta"])
    for _ in range(3):
        x = rng.standard_normal((5, 3)) * 4 + 1
        layer.forward(x, training=True)
        twin(x, training=True)
    assert_close(layer.state["moving_mean"], twin.moving_mean.numpy())
    assert_close(layer.state["moving_variance"], twin.moving_variance.numpy())
    upstream = rng.standard_normal(x.shape)
    expected, (gradient,) = reference(twin, upstream, x)
    assert_close(layer.forward(x), expected)
    assert_close(layer.backward(upstream), gradient)


def test_gradients_of_prediction(rng):
    layer = random_layer(4, rng)
    layer.forward(rng.standard_normal((9, 4)) + 3, training=True)
    assert gradcheck(layer, rng.standard_normal((2, 4)), rng=rng, training=False).passed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0,), "features must be a whole number"),
        ((3, 1.0), "momentum must be a finite number at least 0 and below 1"),
        ((3, 0.9, 0.0), "epsilon must be a finite number above 0"),
    ],
)
def test_refuses_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        BatchNormalization(*arguments)


@pytest.mark.parametrize("x", [np.zeros((4, 2)), np.zeros(3)])
def test_refuses_other_features(x):
    with pytest.raises(ValueError, match="x must be an array whose last axis has 3"):
        BatchNormalization(3).forward(x)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(1, 1), (8, 5), (3, 4, 6), (2, 1, 7), (2, 3, 4, 5)])
def test_layer_normalization_equals_keras(shape, dtype, rng):
    layer = LayerNormalization(shape[-1], dtype=dtype)
    for values in layer.params.values():
        values[...] = rng.standard_normal(shape[-1])
    x = (2 + 3 * rng.standard_normal(shape)).astype(dtype)
    twin = keras.layers.LayerNormalization(dtype=dtype)
    twin.build(shape)

    def normalization(x, gamma, beta):
        variables = twin.trainable_variables
        return twin.stateless_call([gamma, beta], [], x)[0] if variables else None

    assert_layer_matches(layer, normalization, x, rng)


def test_layer_normalization_treats_each_place_alone(rng):
    layer, x = LayerNormalization(4, dtype=float), rng.standard_normal((3, 5, 4))
    whole = layer.forward(x)
    np.testing.assert_array_equal(whole[1:2, 2:3], layer.forward(x[1:2, 2:3]))
    np.testing.assert_allclose(whole.mean(axis=-1), 0, atol=1e-12)
    assert gradcheck(layer, x, rng=rng).passed
    with pytest.raises(ValueError, match="x must be an array whose last axis has 4"):
        layer.forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match="epsilon must be a finite number above 0"):
        LayerNormalization(3, epsilon=0.0)
