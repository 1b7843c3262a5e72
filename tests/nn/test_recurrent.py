from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import (
    LSTM,
    Adam,
    Dense,
    Sequential,
    SimpleRNN,
    SparseCategoricalCrossentropy,
    gradcheck,
)

from .oracle import assert_layer_matches, keras

KINDS = {SimpleRNN: keras.layers.SimpleRNN, LSTM: keras.layers.LSTM}
both = pytest.mark.parametrize("kind", KINDS)


def draw(layer, rng):
    """Give the biases numbers of their own, too: zeros hide mistakes."""
    for values in layer.params.values():
        values[...] = 0.5 * rng.standard_normal(values.shape)
    return layer


@both
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 1, 3), (3, 7, 2), (1, 20, 4)])
def test_equals_keras(kind, shape, return_sequences, dtype, rng):
    layer = draw(kind(shape[-1], 5, return_sequences, rng=rng, dtype=dtype), rng)
    twin = KINDS[kind](5, return_sequences=return_sequences, dtype=dtype)
    twin.build(shape)
    x = rng.standard_normal(shape).astype(dtype)

    def run(x, kernel, recurrent_kernel, bias):
        trained = [kernel, recurrent_kernel, bias]
        seeds = [variable.value for variable in twin.non_trainable_variables]
        return twin.stateless_call(trained, seeds, x, training=True)[0]

    assert_layer_matches(layer, run, x, rng)


@both
@pytest.mark.parametrize("return_sequences", [True, False])
def test_gradients(kind, return_sequences, rng):
    layer = kind(3, 4, return_sequences, rng=rng)
    report = gradcheck(layer, rng.standard_normal((2, 6, 3)), rng=rng)
    assert report.passed, str(report)


@both
def test_starts_as_keras_starts(kind):
    layer, twin = kind(3, 4, rng=0), KINDS[kind](4)
    twin.build((None, 5, 3))
    for name, weight in zip(layer.params, twin.weights, strict=True):
        assert layer.params[name].shape == weight.shape
    np.testing.assert_array_equal(layer.params["bias"], twin.weights[2].numpy())
    u = layer.params["recurrent_kernel"].astype(float)
    np.testing.assert_allclose(u @ u.T, np.eye(4), atol=1e-6)


@both
def test_examples_and_later_steps_do_not_disturb(kind, rng):
    layer, x = draw(kind(2, 3, True, dtype=float), rng), rng.standard_normal((4, 6, 2))
    whole = layer.forward(x)
    np.testing.assert_allclose(layer.forward(x[1:2])[0], whole[1], rtol=1e-12)
    np.testing.assert_allclose(layer.forward(x[:, :3]), whole[:, :3], rtol=1e-12)
    assert layer.output_shape((6, 2)) == (6, 3)


def test_an_lstm_learns_what_stood_first(rng):
    x = rng.standard_normal((300, 12, 1))
    y = (x[:, 0, 0] > 0).astype(int)
    model = Sequential([LSTM(1, 12, rng=rng), Dense(12, 2, rng=rng)])
    loss = SparseCategoricalCrossentropy()
    history = model.fit(x, y, loss=loss, optimizer=Adam(0.02), epochs=30, rng=rng, threads=2)
    assert history.accuracy[-1] > 0.95


@both
def test_refuses_bad_input(kind):
    layer = kind(3, 2)
    with pytest.raises(ValueError, match=r"x must be an array of shape \(any, any, 3\)"):
        layer.forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match="units must be a whole number"):
        kind(3, 0)


@both
def test_operations(kind):
    gates = {SimpleRNN: 1, LSTM: 4}[kind]
    assert kind(3, 2).flops((5, 3)) == 5 * gates * (2 * 2 * (3 + 2) + 2)
