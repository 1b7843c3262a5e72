from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from bmcourse.nn.activations import sigmoid, softmax

from .oracle import assert_layer_matches, tf

LAYERS = {
    "relu": (ReLU(), tf.nn.relu),
    # TensorFlow keeps this slope in float32: take one that float32 holds exactly
    "leaky": (LeakyReLU(0.25), lambda x: tf.nn.leaky_relu(x, 0.25)),
    "sigmoid": (Sigmoid(), tf.sigmoid),
    "tanh": (Tanh(), tf.tanh),
    "softmax": (Softmax(), tf.nn.softmax),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (2, 3, 4, 5)])
@pytest.mark.parametrize("name", LAYERS)
def test_equals_tensorflow(name, shape, dtype, rng):
    layer, oracle = LAYERS[name]
    x = (3 * rng.standard_normal(shape)).astype(dtype)
    assert_layer_matches(layer, oracle, x, rng)


@pytest.mark.parametrize("layer", [ReLU(), LeakyReLU()])
def test_the_kink_has_the_slope_of_the_negative_side(layer):
    layer.forward([[0.0]])
    assert layer.backward([[1.0]]) == getattr(layer, "negative_slope", 0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_extreme_numbers_do_not_overflow(dtype):
    x = np.array([[-1e4, -800, 0, 800, 1e4]], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_array_equal(sigmoid(x), [[0, 0, 0.5, 1, 1]])
        np.testing.assert_array_equal(softmax(x), [[0, 0, 0, 0, 1]])
        for layer, _ in LAYERS.values():
            layer.forward(x)
            assert np.isfinite(layer.backward(np.ones_like(x))).all()


def test_sigmoid_keeps_its_digits_far_from_zero():
    np.testing.assert_allclose(sigmoid(np.array([-50.0])), np.exp([-50.0]), rtol=1e-12)


def test_whole_numbers_become_float32():
    assert ReLU().forward(np.array([[1, -2]])).dtype == np.float32


@pytest.mark.parametrize("name", LAYERS)
def test_refuses_nan(name):
    with pytest.raises(ValueError, match="x must be an array of finite numbers, got nan"):
        LAYERS[name][0].forward([[np.nan]])


def test_refuses_a_negative_slope_below_zero():
    with pytest.raises(ValueError, match="negative_slope must be a finite number at least 0"):
        LeakyReLU(-0.1)
