"""The parts of a Llama block: RMS norm, rotary positions, grouped queries, SwiGLU."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import (
    GroupedQueryAttention,
    MultiHeadAttention,
    RMSNormalization,
    RotaryPositions,
    SwiGLU,
    gradcheck,
    rotary_angles,
    turned,
)

from .oracle import assert_layer_matches, keras


def draw(layer, rng):
    for values in layer.params.values():
        values[...] = 0.7 * rng.standard_normal(values.shape)
    return layer


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(1, 2), (8, 5), (3, 4, 6), (2, 3, 4, 5)])
def test_rms_normalization_equals_keras(shape, dtype, rng):
    layer = draw(RMSNormalization(shape[-1], dtype=dtype), rng)
    twin = keras.layers.RMSNormalization(epsilon=1e-6, dtype=dtype)
    twin.build(shape)

    def run(x, scale):
        return twin.stateless_call([scale], [], x)[0]

    assert_layer_matches(layer, run, rng.standard_normal(shape).astype(dtype), rng)


def test_rms_normalization_of_a_row_of_zeros_is_finite():
    layer = RMSNormalization(3)
    np.testing.assert_array_equal(layer.forward(np.zeros((1, 3))), 0)
    assert np.isfinite(layer.backward(np.ones((1, 3)))).all()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("shape", "hidden"), [((1, 1), 1), ((3, 4, 6), 10)])
def test_swiglu_equals_keras(shape, hidden, dtype, rng):
    def run(x, gate, up, down):
        both = keras.ops.silu(keras.ops.matmul(x, gate)) * keras.ops.matmul(x, up)
        return keras.ops.matmul(both, down)

    layer = draw(SwiGLU(shape[-1], hidden, dtype=dtype), rng)
    assert_layer_matches(layer, run, rng.standard_normal(shape).astype(dtype), rng)


def test_swiglu_of_large_numbers_is_finite():
    layer = SwiGLU(2, 3, rng=0)
    assert np.isfinite(layer.forward([[1e4, -1e4]])).all()
    assert np.isfinite(layer.backward([[1.0, 1.0]])).all()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("heads", "shared"), [(4, 4), (4, 2), (4, 1), (1, 1)])
def test_grouped_attention_equals_keras(heads, shared, dtype, rng):
    shape = (2, 5, 16)
    layer = draw(GroupedQueryAttention(16, heads, shared, dtype=dtype), rng)
    twin = keras.layers.GroupQueryAttention(16 // heads, heads, shared, use_bias=False, dtype=dtype)
    twin.build(shape, shape)
    names = [variable.path.split("/")[-2] for variable in twin.trainable_variables]
    order = {"query": 0, "key": 1, "value": 2, "attention_output": 3, "output": 3}

    def run(x, *params):
        chosen = [params[order[name]] for name in names]
        seeds = [variable.value for variable in twin.non_trainable_variables]
        call = {"use_causal_mask": True, "return_attention_scores": True, "training": False}
        return twin.stateless_call(chosen, seeds, x, x, **call)[0][0]

    assert_layer_matches(layer, run, rng.standard_normal(shape).astype(dtype), rng)


@pytest.mark.parametrize("causal", [False, True])
def test_a_group_of_one_is_multi_head_attention(causal, rng):
    ours = draw(GroupedQueryAttention(8, 2, 2, causal=causal, dtype=float), rng)
    theirs = MultiHeadAttention(8, 2, causal, dtype=float)
    for name, values in ours.params.items():
        theirs.params[name][...] = values
    x, upstream = rng.standard_normal((2, 3, 5, 8))
    np.testing.assert_allclose(ours.forward(x), theirs.forward(x), atol=1e-12)
    np.testing.assert_allclose(ours.weights, theirs.weights, atol=1e-12)
    np.testing.assert_allclose(ours.backward(upstream), theirs.backward(upstream), atol=1e-12)


@pytest.mark.parametrize(("heads", "shared", "causal"), [(4, 2, True), (2, 1, False), (1, 1, True)])
def test_grouped_attention_with_positions_has_right_gradients(heads, shared, causal, rng):
    layer = draw(GroupedQueryAttention(8, heads, shared, 100.0, causal, dtype=float), rng)
    report = gradcheck(layer, rng.standard_normal((2, 4, 8)), rng=rng)
    assert report.passed, str(report)


@pytest.mark.parametrize("shape", [(1, 1, 2), (2, 7, 6), (2, 5, 3, 4)])
def test_turns_are_products_of_complex_numbers(shape, rng):
    layer = RotaryPositions(shape[-1], 100.0)
    x = rng.standard_normal(shape)
    angles = rotary_angles(np.arange(shape[1]), shape[-1], 100.0)
    angles = angles.reshape(shape[1], *(1,) * (len(shape) - 3), -1)
    complex_numbers = (x[..., ::2] + 1j * x[..., 1::2]) * np.exp(1j * angles)
    y = layer.forward(x)
    np.testing.assert_allclose(y[..., ::2], complex_numbers.real, atol=1e-12)
    np.testing.assert_allclose(y[..., 1::2], complex_numbers.imag, atol=1e-12)
    report = gradcheck(layer, x, rng=rng)
    assert report.passed, str(report)


def test_a_dot_product_depends_on_the_distance_alone(rng):
    q, k = rng.standard_normal((2, 8))
    places = np.arange(50)
    angles = rotary_angles(places, 8)
    far = [turned(q, angles[p + 7]) @ turned(k, angles[p]) for p in (0, 3, 42)]
    np.testing.assert_allclose(far, far[0], atol=1e-12)
    assert abs(turned(q, angles[8]) @ turned(k, angles[0]) - far[0]) > 1e-3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RotaryPositions(3), "features must be an even number"),
        (lambda: rotary_angles([0], 5), "features must be an even number"),
        (lambda: GroupedQueryAttention(6, 4, 2), "num_heads must be a divisor of features"),
        (lambda: GroupedQueryAttention(8, 4, 3), "num_key_value_heads must be a divisor"),
        (lambda: RMSNormalization(3, epsilon=0), "epsilon must be"),
        (lambda: RMSNormalization(3).forward(np.ones((2, 4))), "last axis has 3"),
        (lambda: SwiGLU(3, 4).forward(np.ones((2, 4))), "last axis has 3"),
        (lambda: RotaryPositions(4).forward(np.ones((2, 4))), "must be an array of shape"),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "layer", [RMSNormalization(8), SwiGLU(8, 12), GroupedQueryAttention(8, 4, 2, 100.0)]
)
def test_counts(layer):
    assert layer.flops((5, 8)) > 5 * 8
    x = np.ones((2, 5, 8))
    assert layer.forward(x).shape == x.shape
    before = x.copy()
    layer.backward(np.ones((2, 5, 8)))
    np.testing.assert_array_equal(x, before)
