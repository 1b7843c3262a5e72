from __future__ import annotations

import numpy as np
import pytest

from bmcourse import nn
from bmcourse.nn import TransformerBlock, gradcheck

from .oracle import assert_layer_matches, keras, tf


def keras_block(block, shape, dtype, causal, norm_first):
    """Return the block written with Keras's layers, as a function of x and of our parameters."""
    features, heads = shape[-1], block.parts["attention"].num_heads
    attention = keras.layers.MultiHeadAttention(heads, features // heads, dtype=dtype)
    attention.build(shape, shape)
    order = [
        "attention." + "_".join(v.path.split("/")[-2:]).removeprefix("attention_")
        for v in attention.trainable_variables
    ]
    norm = keras.layers.LayerNormalization(dtype=dtype)
    norm.build(shape)

    def run(x, *params):
        p = dict(zip(block.params, params, strict=True))

        def normalized(name, z):
            return norm.stateless_call([p[f"{name}.gamma"], p[f"{name}.beta"]], [], z)[0]

        def attend(z):
            seeds = [v.value for v in attention.non_trainable_variables]
            chosen = [p[name] for name in order]
            call = {"use_causal_mask": causal, "return_attention_scores": True}
            return attention.stateless_call(chosen, seeds, z, z, **call)[0][0]

        def network(z):
            wide = tf.nn.gelu(z @ p["hidden.kernel"] + p["hidden.bias"], approximate=True)
            return wide @ p["output.kernel"] + p["output.bias"]

        if norm_first:
            x = x + attend(normalized("attention_norm", x))
            return x + network(normalized("hidden_norm", x))
        x = normalized("attention_norm", x + attend(x))
        return normalized("hidden_norm", x + network(x))

    return run


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("shape", "heads"), [((1, 1, 4), 1), ((2, 5, 12), 3), ((3, 4, 8), 2)])
def test_equals_keras(shape, heads, causal, norm_first, dtype, rng):
    block = TransformerBlock(shape[-1], heads, 7, causal, norm_first, rng=rng, dtype=dtype)
    for values in block.params.values():
        values[...] += 0.3 * rng.standard_normal(values.shape)
    x = rng.standard_normal(shape).astype(dtype)
    assert_layer_matches(
        block, keras_block(block, shape, dtype, causal, norm_first), x, rng, "key_bias"
    )


@pytest.mark.parametrize("norm_first", [True, False])
def test_gradients(norm_first, rng):
    block = TransformerBlock(4, 2, 6, True, norm_first, rng=rng)
    report = gradcheck(block, rng.standard_normal((2, 3, 4)), rng=rng)
    assert report.passed, str(report)


def test_a_causal_block_does_not_look_ahead_and_a_mask_is_kept(rng):
    block, x = TransformerBlock(4, 2, 6, True, dtype=float), rng.standard_normal((2, 5, 4))
    before = block.forward(x)
    later = x.copy()
    later[:, 3:] = 9
    np.testing.assert_array_equal(block.forward(later)[:, :3], before[:, :3])
    free, mask = TransformerBlock(4, 2, 6, dtype=float), np.ones((2, 5, 5), bool)
    mask[:, :, 3:] = False
    kept = free.forward(x, mask=mask)[:, :3]
    np.testing.assert_array_equal(free.forward(later, mask=mask)[:, :3], kept)
    assert np.abs(free.forward(later) - free.forward(x))[:, :3].max() > 1e-3


def language_model(rng, threads_safe=True):
    return nn.Sequential(
        [
            nn.Embedding(6, 16, rng=rng),
            nn.PositionalEmbedding(8, 16, rng=rng),
            TransformerBlock(16, 2, 32, causal=True, rng=rng),
            nn.LayerNormalization(16),
            nn.Dense(16, 6, rng=rng),
        ]
    )


@pytest.mark.parametrize("threads", [1, 2])
def test_a_network_of_blocks_learns_to_copy_the_first_letter(threads, rng):
    ids = rng.integers(0, 6, (256, 8))
    targets = np.repeat(ids[:, :1], 8, axis=1)
    model, loss = language_model(np.random.default_rng(0)), nn.SparseCategoricalCrossentropy()
    before = {name: values.copy() for name, values in model.params.items()}
    history = model.fit(
        ids,
        targets,
        loss=loss,
        optimizer=nn.Adam(0.01, global_clipnorm=1.0),
        epochs=12,
        rng=np.random.default_rng(1),
        threads=threads,
    )
    assert history.accuracy[-1] > 0.95
    changed = [name for name, values in model.params.items() if (values != before[name]).any()]
    assert changed == list(before)  # no parameter was left out
    assert model.evaluate(ids, targets, loss=loss)["accuracy"] > 0.95


def test_weights_survive_saving_and_replicas_share_them(tmp_path, rng):
    model, ids = language_model(rng), rng.integers(0, 6, (3, 8))
    model.save(tmp_path / "model.npz")
    other = language_model(np.random.default_rng(9))
    other.load_weights(tmp_path / "model.npz")
    np.testing.assert_array_equal(other.predict(ids), model.predict(ids))
    twin = model.replica()
    model.params["2_TransformerBlock.hidden.kernel"][...] = 0
    np.testing.assert_array_equal(twin.predict(ids), model.predict(ids))


def test_a_replica_has_its_own_memory(rng):
    block = TransformerBlock(4, 2, 6, dtype=float)
    x, other, upstream = (rng.standard_normal((2, 3, 4)) for _ in range(3))
    block.forward(x)
    wanted = block.backward(upstream)
    block.forward(x)
    block.replica().forward(other)
    np.testing.assert_array_equal(block.backward(upstream), wanted)


def test_what_the_summary_counts():
    block = TransformerBlock(8, 2, 32)
    assert block.count_params() == 12 * 64 + 13 * 8
    parts = block.parts
    wanted = 2 * 6 * 5 * 8 + parts["attention"].flops((5, 8)) + 5 * 32 + 2 * 5 * 8
    assert block.flops((5, 8)) == wanted + 5 * (2 * 8 * 32 + 32) + 5 * (2 * 32 * 8 + 8)


def test_refuses_bad_arguments():
    with pytest.raises(ValueError, match="hidden must be a whole number"):
        TransformerBlock(4, 2, 0)
    with pytest.raises(ValueError, match=r"x must be an array of shape \(any, any, 4\)"):
        TransformerBlock(4, 2, 8).forward(np.ones((2, 4)))
