"""LoRA: gradients, Keras's own LoRA as an oracle, merging, and many kernels at once."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import Dense, LoRADense, LowRank, TransformerBlock, gradcheck

from .oracle import assert_close, keras, tf


def drawn(rng, rank=3, alpha=7.0, dtype="float64"):
    """Return a layer whose B is not 0."""
    dense = Dense(5, 4, rng=rng, dtype=dtype)
    dense.params["bias"][...] = rng.normal(size=4)
    layer = LoRADense(dense, rank, alpha, rng=rng)
    layer.params["lora_b"][...] = rng.normal(size=(rank, 4))
    return layer


@pytest.mark.parametrize("shape", [(1, 5), (6, 5), (2, 3, 5)])
@pytest.mark.parametrize("rank", [1, 3])
def test_central_differences_agree(shape, rank, rng):
    report = gradcheck(drawn(rng, rank), rng.normal(size=shape), rng=rng)
    assert report.passed, str(report)
    assert [result.name for result in report.results] == ["x", "lora_a", "lora_b"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(6, 5), (2, 3, 5)])
def test_equals_keras(shape, dtype, rng):
    ours = drawn(rng, 3, 7.0, dtype)
    twin = keras.layers.Dense(4, dtype=dtype)
    twin.build(shape)
    twin.set_weights(list(ours.frozen.params.values()))
    twin.enable_lora(3, lora_alpha=7.0)
    twin.lora_kernel_a.assign(ours.params["lora_a"])
    twin.lora_kernel_b.assign(ours.params["lora_b"])
    x = rng.normal(size=shape).astype(dtype)
    upstream = rng.normal(size=(*shape[:-1], 4)).astype(dtype)
    watched = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(watched)
        output = twin(watched)
    variables = [watched, twin.lora_kernel_a.value, twin.lora_kernel_b.value]
    theirs = tape.gradient(output, variables, output_gradients=tf.constant(upstream))
    loose = {"rtol": 1e-5, "atol": 1e-5}  # Keras keeps A and B in single precision
    np.testing.assert_allclose(ours.forward(x), output.numpy(), **loose)
    found = ours.backward(upstream), ours.grads["lora_a"], ours.grads["lora_b"]
    for own, other in zip(found, theirs, strict=True):
        np.testing.assert_allclose(own, other.numpy(), **loose)


def test_at_first_nothing_changes(rng):
    dense = Dense(5, 4, rng=rng)
    x = rng.normal(size=(6, 5)).astype(np.float32)
    np.testing.assert_array_equal(LoRADense(dense, 2, rng=rng).forward(x), dense.forward(x))


@pytest.mark.parametrize("alpha", [None, 2.0, 16.0])
def test_merged_equals_unmerged(alpha, rng):
    layer = drawn(rng, 3, alpha)
    x = rng.normal(size=(2, 6, 5))
    merged = layer.merged()
    assert_close(merged.forward(x), layer.forward(x), "float64")
    by_hand = layer.params["lora_a"] @ layer.params["lora_b"] * (alpha or 3) / 3
    assert_close(merged.params["kernel"] - layer.frozen.params["kernel"], by_hand, "float64")


def test_the_frozen_layer_rests_and_is_not_counted(rng):
    layer = drawn(rng)
    before = {name: values.copy() for name, values in layer.frozen.params.items()}
    x = rng.normal(size=(6, 5))
    layer.forward(x)
    layer.backward(rng.normal(size=(6, 4)))
    assert layer.frozen.grads == {}
    for name, values in before.items():
        np.testing.assert_array_equal(layer.frozen.params[name], values)
    assert layer.count_params() == 3 * (5 + 4)
    assert layer.output_shape((7, 5)) == (7, 4)
    assert layer.flops((7, 5)) == layer.frozen.flops((7, 5)) + 7 * (2 * 3 * 9 + 2 * 4)


def test_many_kernels_have_the_layer_s_gradients(rng):
    layer = drawn(rng)
    x, upstream = rng.normal(size=(6, 5)), rng.normal(size=(6, 4))
    layer.forward(x)
    layer.backward(upstream)
    merged = layer.merged()
    low = LowRank({"kernel": layer.frozen.params["kernel"].copy()}, 3, 7.0, rng=rng)
    for name in ("lora_a", "lora_b"):
        low.params[f"kernel.{name}"][...] = layer.params[name]
    low.write()
    assert_close(low.kernels["kernel"], merged.params["kernel"], "float64")
    merged.forward(x)
    merged.backward(upstream)
    pairs = list(low.params_and_grads(merged.grads))
    for (_, gradient), name in zip(pairs, ("lora_a", "lora_b"), strict=True):
        assert_close(gradient, layer.grads[name], "float64")
    low.take_out()
    np.testing.assert_array_equal(low.kernels["kernel"], layer.frozen.params["kernel"])


def test_heads_lie_side_by_side(rng):
    block = TransformerBlock(8, 2, 32, rng=rng, dtype=np.float64)
    kernels = {name: values for name, values in block.params.items() if "kernel" in name}
    low = LowRank(kernels, 2, rng=rng)
    shapes = {name: values.shape for name, values in low.params.items()}
    assert shapes["attention.query_kernel.lora_a"] == (8, 2)
    assert shapes["attention.output_kernel.lora_a"] == (8, 2)
    assert shapes["output.kernel.lora_a"] == (32, 2)
    for values in low.params.values():
        values[...] = rng.normal(size=values.shape)
    low.write()
    x, upstream = rng.normal(size=(2, 2, 3, 8))
    block.forward(x)
    block.backward(upstream)
    values, gradient = list(low.params_and_grads(block.grads))[6]  # A of the fourth kernel
    direction, height = rng.normal(size=values.shape), []
    for sign in (1, -1):
        values += sign * 1e-6 * direction
        low.write()
        height.append(float((block.forward(x) * upstream).sum()))
        values -= sign * 1e-6 * direction
    slope = (height[0] - height[1]) / 2e-6
    assert slope == pytest.approx(float((gradient * direction).sum()), rel=1e-6)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: LoRADense(Dense, 2), "frozen must be"),
        (lambda: LoRADense(Dense(2, 2), 0), "rank must be"),
        (lambda: LoRADense(Dense(2, 2), 1, 0), "alpha must be"),
        (lambda: LowRank({}, True), "rank must be"),
    ],
)
def test_bad_settings_are_refused(make, told):
    with pytest.raises(ValueError, match=told):
        make()
