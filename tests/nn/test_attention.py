from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import MultiHeadAttention, gradcheck

from .oracle import assert_close, assert_layer_matches, keras


def draw(layer, rng):
    for values in layer.params.values():
        values[...] = 0.7 * rng.standard_normal(values.shape)
    return layer


def keras_function(features, heads, shape, dtype, **call):
    """Return Keras's layer as a function of x and of our parameters in our order."""
    twin = keras.layers.MultiHeadAttention(heads, features // heads, dtype=dtype)
    twin.build(shape, shape)
    order = [variable.path for variable in twin.trainable_variables]

    def run(x, *params):
        ours = dict(zip(NAMES, params, strict=True))
        chosen = [ours["_".join(path.split("/")[-2:]).removeprefix("attention_")] for path in order]
        seeds = [variable.value for variable in twin.non_trainable_variables]
        # with the scores asked for, no fused kernel, which works in float32, takes over
        call["return_attention_scores"] = True
        return twin.stateless_call(chosen, seeds, x, x, training=False, **call)[0][0]

    return run


KEY_BIAS = "key_bias"  # adds the same to all scores of a query, which softmax does not see
NAMES = [f"{part}_{kind}" for part in ("query", "key", "value") for kind in ("kernel", "bias")] + [
    "output_kernel",
    "output_bias",
]


def test_parameters_are_named_as_in_keras():
    layer = MultiHeadAttention(6, 2)
    assert list(layer.params) == NAMES
    twin = keras.layers.MultiHeadAttention(2, 3)
    twin.build((1, 4, 6), (1, 4, 6))
    theirs = {
        "_".join(v.path.split("/")[-2:]).removeprefix("attention_"): v.shape for v in twin.weights
    }
    assert {name: values.shape for name, values in layer.params.items()} == theirs


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    ("shape", "heads"),
    # key_dim is 1, 4 or 16: Keras rounds 1 / sqrt(key_dim) to float32, which is exact for these
    [
        ((1, 1, 1), 1),
        ((2, 1, 8), 2),
        ((3, 5, 4), 1),
        ((2, 9, 16), 4),
        ((1, 4, 6), 6),
        ((2, 3, 32), 2),
    ],
)
def test_equals_keras(shape, heads, causal, dtype, rng):
    layer = draw(MultiHeadAttention(shape[-1], heads, causal, rng=rng, dtype=dtype), rng)
    x = rng.standard_normal(shape).astype(dtype)
    function = keras_function(shape[-1], heads, shape, dtype, use_causal_mask=causal)
    assert_layer_matches(layer, function, x, rng, vanishing=KEY_BIAS)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("causal", [False, True])
def test_equals_keras_with_a_mask(causal, dtype, rng):
    shape, heads = (4, 6, 8), 2
    layer = draw(MultiHeadAttention(8, heads, causal, rng=rng, dtype=dtype), rng)
    x = rng.standard_normal(shape).astype(dtype)
    mask = rng.random((4, 6, 6)) < 0.5
    mask[0, 2] = False  # may look at nothing
    output = layer.forward(x, mask=mask)
    upstream = rng.standard_normal(shape).astype(dtype)
    gradient = layer.backward(upstream)
    function = keras_function(8, heads, shape, dtype, use_causal_mask=causal, attention_mask=mask)
    twin = _Masked(layer, mask)
    assert_layer_matches(twin, function, x, np.random.default_rng(5), KEY_BIAS)
    assert_close(output, function(x, *layer.params.values()).numpy(), dtype)
    assert gradient.dtype == dtype


class _Masked:
    """A layer with its mask, for a caller that knows no masks."""

    def __init__(self, layer, mask):
        self.layer, self.mask = layer, mask
        self.params, self.backward = layer.params, layer.backward

    @property
    def grads(self):
        return self.layer.grads

    def forward(self, x, training=False):
        return self.layer.forward(x, training, self.mask)


@pytest.mark.parametrize("heads", [1, 2, 6])
@pytest.mark.parametrize("causal", [False, True])
def test_gradients(heads, causal, rng):
    layer, x = MultiHeadAttention(6, heads, causal, rng=rng), rng.standard_normal((2, 5, 6))
    report = gradcheck(layer, x, rng=rng)
    assert report.passed, str(report)
    mask = rng.random((2, 5, 5)) < 0.4  # some rows may look at nothing
    mask[0, 2] = False
    report = gradcheck(_Masked(draw(layer, rng), mask), x, rng=rng)
    assert report.passed, str(report)


def test_gradients_with_rotary_positions(rng):
    layer = draw(MultiHeadAttention(8, 2, causal=True, rotary_base=10.0, dtype=np.float64), rng)
    report = gradcheck(layer, rng.standard_normal((2, 4, 8)), rng=rng)
    assert report.passed, str(report)


def test_rotary_positions_turn_queries_and_keys(rng):
    layer = draw(MultiHeadAttention(2, 1, rotary_base=50.0, dtype=np.float64), rng)
    x = rng.standard_normal((1, 5, 2))
    layer.forward(x)
    turns = np.exp(1j * np.arange(5))  # a pair of features as one complex number
    query, key = (
        turns
        * (
            (x[0] @ layer.params[f"{name}_kernel"][:, 0] + layer.params[f"{name}_bias"][0])
            @ [1, 1j]
        )
        for name in ("query", "key")
    )
    scores = np.real(query[:, None] * key.conj()) / np.sqrt(2)
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(layer.weights[0, 0], shares)


def test_weights_are_those_of_a_slow_loop(rng):
    layer = draw(MultiHeadAttention(4, 2, causal=True, dtype=float), rng)
    x = rng.standard_normal((2, 5, 4))
    found = layer.forward(x)
    p = layer.params
    for n in range(2):
        wanted = np.zeros((5, 4)) + p["output_bias"]
        for head in range(2):
            q, k, v = (
                x[n] @ p[f"{name}_kernel"][:, head] + p[f"{name}_bias"][head]
                for name in ("query", "key", "value")
            )
            for i in range(5):
                scores = np.array([q[i] @ k[j] / np.sqrt(2) for j in range(i + 1)])
                weights = np.exp(scores) / np.exp(scores).sum()
                np.testing.assert_allclose(layer.weights[n, head, i, : i + 1], weights, rtol=1e-12)
                wanted[i] += weights @ v[: i + 1] @ p["output_kernel"][head]
        np.testing.assert_allclose(found[n], wanted, rtol=1e-12)


def test_a_query_that_may_look_at_nothing_answers_the_bias(rng):
    layer = draw(MultiHeadAttention(4, 2, dtype=float), rng)
    x = rng.standard_normal((2, 3, 4))
    mask = np.ones((2, 3, 3), bool)
    mask[1, 2] = False
    output = layer.forward(x, mask=mask)
    np.testing.assert_array_equal(output[1, 2], layer.params["output_bias"])
    assert not layer.weights[1, :, 2].any()
    upstream = np.zeros_like(output)
    upstream[1, 2] = 1
    layer.backward(upstream)
    assert not layer.grads["value_kernel"].any()


def test_a_padded_row_changes_no_other(rng):
    layer = draw(MultiHeadAttention(4, 2, dtype=float), rng)
    short, length = rng.standard_normal((1, 3, 4)), 5
    padded = np.zeros((2, length, 4))
    padded[0, :3], padded[1] = short[0], rng.standard_normal((length, 4))
    mask = np.ones((2, length, length), bool)
    mask[0, :, 3:] = False  # nobody looks at the padding
    output = layer.forward(padded, mask=mask)
    np.testing.assert_allclose(output[0, :3], layer.forward(short)[0], rtol=1e-12)
    np.testing.assert_allclose(output[1], layer.forward(padded[1:])[0], rtol=1e-12)
    padded[0, 3:] = 99
    np.testing.assert_allclose(layer.forward(padded, mask=mask)[0, :3], output[0, :3], rtol=1e-12)


def test_large_scores_do_not_overflow(rng):
    layer = draw(MultiHeadAttention(4, 1), rng)
    output = layer.forward(1e4 * rng.standard_normal((1, 6, 4)))
    assert np.isfinite(output).all()
    np.testing.assert_allclose(layer.weights.sum(axis=-1), 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (np.ones((2, 3, 3)), r"mask must be a boolean array of shape \(2, 3, 3\), got dtype float"),
        (np.ones((3, 3), bool), r"mask must be a boolean array .* shape \(3, 3\)"),
    ],
)
def test_refuses_another_mask(mask, message):
    with pytest.raises(ValueError, match=message):
        MultiHeadAttention(4, 2).forward(np.ones((2, 3, 4)), mask=mask)


def test_refuses_heads_that_do_not_divide():
    with pytest.raises(ValueError, match="num_heads must be a divisor of features, 6, got 4"):
        MultiHeadAttention(6, 4)
    with pytest.raises(ValueError, match=r"x must be an array of shape \(any, any, 6\)"):
        MultiHeadAttention(6, 2).forward(np.ones((2, 6)))


def test_operations():
    assert MultiHeadAttention(8, 2).flops((5, 8)) == 5 * 4 * (2 * 64 + 8) + 4 * 25 * 8
