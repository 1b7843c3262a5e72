from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import (
    SGD,
    Dense,
    Embedding,
    Flatten,
    PositionalEmbedding,
    Sequential,
    SparseCategoricalCrossentropy,
    gradcheck,
)

from .oracle import assert_close, assert_layer_matches, keras, tf


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(1,), (4,), (3, 5), (2, 1), (2, 3, 4)])
def test_equals_keras(shape, dtype, rng):
    layer = Embedding(7, 3, rng=rng, dtype=dtype)
    ids = rng.integers(0, 7, shape)
    twin = keras.layers.Embedding(7, 3, dtype=dtype)
    twin.build(shape)
    output = layer.forward(ids)
    upstream = rng.standard_normal(output.shape).astype(dtype)
    assert not layer.backward(upstream).any()
    table = tf.Variable(layer.params["embeddings"])
    with tf.GradientTape() as tape:
        looked_up = tf.gather(table, ids)
    slices = tape.gradient(looked_up, table, output_gradients=tf.constant(upstream))
    twin.embeddings.assign(layer.params["embeddings"])
    assert_close(output, twin(ids).numpy(), dtype)
    assert_close(output, looked_up.numpy(), dtype)
    assert_close(layer.grads["embeddings"], tf.convert_to_tensor(slices).numpy(), dtype)


def test_a_row_looked_up_often_gets_all_gradients_added(rng):
    layer = Embedding(3, 1, rng=rng, dtype=float)
    layer.forward([[1, 1, 2], [1, 2, 1]])
    layer.backward(np.array([[[1.0], [10], [100]], [[1000], [10_000], [100_000]]]))
    assert layer.grads["embeddings"].ravel().tolist() == [0, 101_011, 10_100]


def test_gradients_of_a_network_that_begins_with_ids(rng):
    layers = [Embedding(5, 2, rng=rng), Flatten(), Dense(6, 4, rng=rng)]
    ids = rng.integers(0, 5, (8, 3))
    report = gradcheck(
        Sequential(layers),
        ids,
        rng=rng,
        loss=SparseCategoricalCrossentropy(),
        targets=rng.integers(0, 4, 8),
    )
    assert report.passed, str(report)
    assert [result.name for result in report.results] == [
        "0_Embedding.embeddings",
        "2_Dense.kernel",
        "2_Dense.bias",
    ]


def test_ids_can_be_trained_on(rng):
    model = Sequential([Embedding(5, 8, rng=rng), Flatten(), Dense(16, 5, rng=rng)])
    ids = rng.integers(0, 5, (200, 2))
    settings = {"loss": SparseCategoricalCrossentropy(), "optimizer": SGD(0.5), "rng": rng}
    history = model.fit(ids, ids[:, 0], epochs=20, threads=2, **settings)
    assert history.accuracy[-1] == 1


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([[0, 3]], "x must be whole numbers from 0 to 2, got 3"),
        ([[-1, 0]], "x must be whole numbers from 0 to 2, got -1"),
        ([[0.5]], "x must be whole numbers from 0 to 2"),
        ([[True]], "x must be whole numbers from 0 to 2"),
        ([["a"]], "x must be an array of numbers"),
    ],
)
def test_refuses_what_is_no_id(ids, message):
    with pytest.raises(ValueError, match=message):
        Embedding(3, 2).forward(ids)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("steps", [1, 3, 6])
def test_positions_are_added_to_every_example(steps, dtype, rng):
    layer = PositionalEmbedding(6, 4, rng=rng, dtype=dtype)
    x = rng.standard_normal((3, steps, 4)).astype(dtype)
    assert_layer_matches(layer, lambda x, table: x + table[: x.shape[1]], x, rng)


def test_positions_refuse_a_longer_sequence(rng):
    with pytest.raises(ValueError, match="x must be of at most 2 steps, got 3 steps"):
        PositionalEmbedding(2, 4).forward(np.ones((1, 3, 4)))
    assert gradcheck(PositionalEmbedding(5, 4), rng.standard_normal((2, 3, 4)), rng=rng).passed


def test_what_the_summary_says():
    assert Embedding(10, 3).output_shape((4,)) == (4, 3)
    assert Embedding(10, 3).flops((4,)) == 0
    assert PositionalEmbedding(9, 3).flops((4, 3)) == 12
