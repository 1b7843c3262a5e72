from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmcourse.nn import Conv2D

from .oracle import assert_close, assert_layer_matches, tf


def compare(size, channels, filters, window, strides, padding, batch, dtype="float64", seed=0):
    rng = np.random.default_rng(seed)
    layer = Conv2D(channels, filters, window, strides, padding, rng=rng, dtype=dtype)
    layer.params["bias"][...] = rng.standard_normal(filters)
    x = rng.standard_normal((batch, *size, channels)).astype(dtype)

    def convolution(x, kernel, bias):
        return tf.nn.conv2d(x, kernel, layer.windows.strides, padding.upper()) + bias

    assert_layer_matches(layer, convolution, x, rng)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("window", [1, 2, 3, 5])
@pytest.mark.parametrize("size", [(7, 7), (8, 8), (6, 9)])
def test_equals_tensorflow(size, window, strides, padding):
    compare(size, 3, 4, window, strides, padding, batch=2)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_equals_tensorflow_for_one_example_channel_and_filter(padding):
    compare((5, 6), 1, 1, 3, 1, padding, batch=1)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_equals_tensorflow_in_float32(padding):
    compare((28, 28), 3, 8, 3, 1, padding, batch=4, dtype="float32")


@given(
    size=st.tuples(st.integers(4, 9), st.integers(4, 9)),
    channels=st.integers(1, 3),
    filters=st.integers(1, 4),
    window=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.integers(1, 4),
    padding=st.sampled_from(["valid", "same"]),
    batch=st.integers(1, 3),
    seed=st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_equals_tensorflow_on_random_shapes(
    size, channels, filters, window, stride, padding, batch, seed
):
    compare(size, channels, filters, window, stride, padding, batch, seed=seed)


def test_equals_slow_loops_with_uneven_strides(rng):
    layer = Conv2D(2, 3, (2, 3), (1, 2), rng=rng, dtype=np.float64)
    x = rng.standard_normal((2, 5, 7, 2))
    kernel = layer.params["kernel"]
    expected = np.zeros((2, 4, 3, 3))
    for n, i, j, f in np.ndindex(expected.shape):
        expected[n, i, j, f] = (x[n, i : i + 2, 2 * j : 2 * j + 3] * kernel[..., f]).sum()
    assert_close(layer.forward(x), expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1, 3), "in_channels must be a whole number of at least 1, got 0"),
        ((1, 1, (3, 3, 3)), "kernel_size must be one whole number or two"),
        ((1, 1, 3, -1), "strides must be a whole number of at least 1, got -1"),
        ((1, 1, 3, 1, "full"), "padding must be one of 'valid', 'same', got 'full'"),
    ],
)
def test_refuses_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Conv2D(*arguments)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((8, 8, 1)), r"shape \(any, any, any, 1\), got shape \(8, 8, 1\)"),
        (np.zeros((1, 8, 8, 3)), r"shape \(any, any, any, 1\), got shape \(1, 8, 8, 3\)"),
        (np.full((1, 8, 8, 1), np.nan), "x must be an array of finite numbers, got nan"),
        (np.zeros((0, 8, 8, 1)), "x must be an array that is not empty"),
        (np.zeros((1, 2, 8, 1)), "x must be images of at least 3 by 3 pixels, got 2 by 8"),
    ],
)
def test_refuses_bad_input(x, message):
    with pytest.raises(ValueError, match=message):
        Conv2D(1, 2, 3).forward(x)
