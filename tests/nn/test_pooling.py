from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmcourse.nn import AveragePool2D, MaxPool2D

from .oracle import assert_layer_matches, reference, tf

POOLS = [(MaxPool2D, tf.nn.max_pool2d), (AveragePool2D, tf.nn.avg_pool2d)]


def compare(pair, size, window, strides, padding, batch=2, channels=3, seed=0, dtype="float64"):
    kind, oracle = pair
    rng = np.random.default_rng(seed)
    layer = kind(window, strides, padding)
    x = rng.standard_normal((batch, *size, channels)).astype(dtype)
    where = (layer.windows.size, layer.windows.strides, padding.upper())
    assert_layer_matches(layer, lambda x: oracle(x, *where), x, rng)


@pytest.mark.parametrize("pair", POOLS)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [None, 1, 2, 3])
@pytest.mark.parametrize("window", [1, 2, 3])
@pytest.mark.parametrize("size", [(6, 6), (7, 8)])
def test_equals_tensorflow(pair, size, window, strides, padding):
    compare(pair, size, window, strides, padding)


@pytest.mark.parametrize("pair", POOLS)
def test_equals_tensorflow_in_float32_for_one_example_and_channel(pair):
    compare(pair, (9, 5), (3, 2), None, "valid", batch=1, channels=1, dtype="float32")


@given(
    pair=st.sampled_from(POOLS),
    size=st.tuples(st.integers(4, 9), st.integers(4, 9)),
    window=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.integers(1, 4),
    padding=st.sampled_from(["valid", "same"]),
    batch=st.integers(1, 3),
    channels=st.integers(1, 3),
)
@settings(max_examples=25, deadline=None)
def test_equals_tensorflow_on_random_shapes(pair, size, window, stride, padding, batch, channels):
    compare(pair, size, window, stride, padding, batch, channels)


@pytest.mark.parametrize(("window", "strides"), [(2, 2), (3, 1), (3, 2)])
def test_a_tie_sends_the_gradient_to_the_first_maximum_only(window, strides, rng):
    x = rng.integers(0, 2, (3, 7, 7, 2)).astype("float64")  # ties everywhere
    layer = MaxPool2D(window, strides)
    upstream = rng.standard_normal(layer.forward(x).shape)
    _, (expected,) = reference(lambda x: tf.nn.max_pool2d(x, window, strides, "VALID"), upstream, x)
    np.testing.assert_allclose(layer.backward(upstream), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", [MaxPool2D, AveragePool2D])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0,), "pool_size must be a whole number of at least 1, got 0"),
        ((2, -2), "strides must be a whole number of at least 1, got -2"),
        ((2, 2, "full"), "padding must be one of 'valid', 'same', got 'full'"),
    ],
)
def test_refuses_bad_arguments(kind, arguments, message):
    with pytest.raises(ValueError, match=message):
        kind(*arguments)


@pytest.mark.parametrize("kind", [MaxPool2D, AveragePool2D])
@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((4, 4)), r"x must be an array of shape \(any, any, any, any\)"),
        (np.full((1, 4, 4, 1), np.nan), "x must be an array of finite numbers"),
        (np.zeros((1, 1, 4, 1)), "x must be images of at least 2 by 2 pixels, got 1 by 4"),
    ],
)
def test_refuses_bad_input(kind, x, message):
    with pytest.raises(ValueError, match=message):
        kind(2).forward(x)
