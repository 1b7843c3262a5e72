from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmcourse.nn import Dense

from .oracle import assert_layer_matches


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@given(st.integers(1, 6), st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_equals_tensorflow(dtype, batch, input_dim, units, seed):
    rng = np.random.default_rng(seed)
    layer = Dense(input_dim, units, rng=rng, dtype=dtype)
    layer.params["bias"][...] = rng.standard_normal(units)
    x = rng.standard_normal((batch, input_dim)).astype(dtype)
    assert_layer_matches(layer, lambda x, kernel, bias: x @ kernel + bias, x, rng)


def test_computes_in_the_precision_of_its_parameters():
    assert Dense(2, 2).forward(np.ones((1, 2), "float64")).dtype == np.float32
    assert Dense(2, 2, dtype=np.float64).forward([[1, 2]]).dtype == np.float64


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1.0, 2.0], r"x must be an array of shape \(any, 2\), got shape \(2,\)"),
        ([[1.0, 2.0, 3.0]], r"x must be an array of shape \(any, 2\), got shape \(1, 3\)"),
        ([[1.0, np.nan]], r"x must be an array of finite numbers, got nan at index \(0, 1\)"),
        (np.zeros((0, 2)), "x must be an array that is not empty"),
        ([["a", "b"]], "x must be an array of numbers"),
    ],
)
def test_refuses_bad_input(x, message):
    with pytest.raises(ValueError, match=message):
        Dense(2, 3).forward(x)


@pytest.mark.parametrize("units", [0, -1, 1.5, True, "3"])
def test_refuses_bad_units(units):
    with pytest.raises(ValueError, match="units must be a whole number of at least 1, got"):
        Dense(2, units)


def test_backward_refuses_what_does_not_fit():
    layer = Dense(2, 3)
    with pytest.raises(RuntimeError, match="backward needs a forward pass first"):
        layer.backward(np.ones((1, 3)))
    layer.forward(np.ones((4, 2)))
    with pytest.raises(ValueError, match=r"grad_output must be an array of shape \(4, 3\)"):
        layer.backward(np.ones((4, 2)))
    with pytest.raises(ValueError, match="grad_output must be an array of finite numbers"):
        layer.backward(np.full((4, 3), np.inf))
