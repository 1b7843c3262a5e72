from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from bmcourse.nn.activations import sigmoid, softmax
from bmcourse.nn.gradcheck import gradcheck

from .oracle import assert_layer_matches, tf


def gelu_with_tanh(x):
    """Return the form of the paper; TensorFlow's own rounds its constants to float32."""
    root = tf.constant(np.sqrt(2 / np.pi), x.dtype)
    return 0.5 * x * (1 + tf.tanh(root * (x + tf.constant(0.044715, x.dtype) * x**3)))


LAYERS = {
    "relu": (ReLU(), tf.nn.relu),
    # TensorFlow keeps this slope in float32: take one that float32 holds exactly
    "leaky": (LeakyReLU(0.25), lambda x: tf.nn.leaky_relu(x, 0.25)),
    "sigmoid": (Sigmoid(), tf.sigmoid),
    "tanh": (Tanh(), tf.tanh),
    "softmax": (Softmax(), tf.nn.softmax),
    "gelu": (GELU(), lambda x: tf.nn.gelu(x, approximate=False)),
    "gelu with tanh": (GELU(approximate=True), gelu_with_tanh),
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


@pytest.mark.parametrize("approximate", [False, True])
def test_gelu_lies_between_nothing_and_relu(approximate, rng):
    x = np.linspace(-6, 6, 1001)
    answers = GELU(approximate).forward(x[np.newaxis])[0]
    exact = GELU().forward(x[np.newaxis])[0]
    assert np.abs(answers - exact).max() < 5e-4
    assert answers.min() == pytest.approx(-0.17, abs=0.001)
    np.testing.assert_allclose(answers[[0, 500, 1000]], [0, 0, 6], atol=1e-7)
    assert gradcheck(GELU(approximate), rng.standard_normal((3, 5)), rng=rng).passed
