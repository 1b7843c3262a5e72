from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest

from bmcourse.nn import (
    SGD,
    Adam,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    MeanSquaredError,
    ReLU,
    Sequential,
    SparseCategoricalCrossentropy,
)

from .oracle import TOLERANCE, assert_close, keras, keras_precision, tf


def article_network(rng, dtype="float32", width=8):
    return Sequential(
        [
            Conv2D(1, width, 3, rng=rng, dtype=dtype),
            ReLU(),
            MaxPool2D(2),
            Conv2D(width, 2 * width, 3, rng=rng, dtype=dtype),
            ReLU(),
            MaxPool2D(2),
            Conv2D(2 * width, 2 * width, 3, rng=rng, dtype=dtype),
            ReLU(),
            Flatten(),
            Dense(9 * 2 * width, 16, rng=rng, dtype=dtype),
            ReLU(),
            Dense(16, 10, rng=rng, dtype=dtype),
        ]
    )


def keras_twin(model):
    """Return the same network in Keras, with the same weights."""
    layers = keras.layers
    twin = keras.Sequential([keras.Input((28, 28, 1))])
    for layer in model.layers:
        if isinstance(layer, Conv2D):
            twin.add(layers.Conv2D(layer.filters, layer.windows.size))
        elif isinstance(layer, Dense):
            twin.add(layers.Dense(layer.units))
        else:
            kinds = {"ReLU": layers.ReLU, "MaxPool2D": layers.MaxPooling2D}
            twin.add(kinds.get(type(layer).__name__, layers.Flatten)())
    twin.set_weights(list(model.params.values()))
    return twin


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_ten_steps_of_the_articles_network_equal_keras(dtype, rng):
    model = article_network(rng, dtype)
    loss, optimizer = SparseCategoricalCrossentropy(), SGD(0.05, 0.875)
    with keras_precision(dtype):
        twin = keras_twin(model)
        twin_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        twin_optimizer = keras.optimizers.SGD(0.05, 0.875)
        for _ in range(10):
            x = rng.random((6, 28, 28, 1)).astype(dtype)
            x[:, :9] = 0  # a flat background, as in MNIST: ties in every pool
            y = rng.integers(0, 10, 6)
            logits = model.forward(x, training=True)
            value = loss.forward(logits, y)
            model.backward(loss.backward())
            with tf.GradientTape() as tape:
                expected = twin(x, training=True)
                expected_loss = twin_loss(y, expected)
            gradients = tape.gradient(expected_loss, twin.trainable_variables)
            assert_close(logits, expected.numpy(), dtype)
            assert value == pytest.approx(float(expected_loss), rel=TOLERANCE[dtype])
            for ours, theirs in zip(model.grads.values(), gradients, strict=True):
                assert_close(ours, theirs.numpy(), dtype)
            optimizer.step(model.params_and_grads())
            twin_optimizer.apply_gradients(zip(gradients, twin.trainable_variables, strict=True))
    for ours, theirs in zip(model.params.values(), twin.get_weights(), strict=True):
        assert_close(ours, theirs, dtype)


def test_parameters_and_operations_equal_keras(rng):
    model = article_network(rng, width=32)
    twin = keras_twin(model)
    specification = tf.TensorSpec((1, 28, 28, 1))
    graph = tf.function(twin).get_concrete_function(specification).graph
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    operations = profiler.profile(graph, options=options).total_float_ops
    operations += 26 * 26 * 32 + 11 * 11 * 64 + 3 * 3 * 64 + 16  # it leaves out ReLU
    lines = model.summary((28, 28, 1)).splitlines()
    total = [int(n.replace(",", "")) for n in lines[-1].split()[1:]]
    assert total == [twin.count_params(), operations]


def test_backward_returns_the_input_gradient_and_pairs_share_memory(rng):
    model = Sequential([Dense(3, 2, rng=rng), ReLU()])
    x = rng.standard_normal((4, 3))
    assert model.backward(np.ones_like(model.forward(x))).shape == (4, 3)
    for (parameter, gradient), name in zip(model.params_and_grads(), model.params, strict=True):
        assert parameter is model.params[name]
        assert gradient is model.grads[name]
    assert list(model.params) == ["0_Dense.kernel", "0_Dense.bias"]


def test_predict_and_evaluate_do_not_depend_on_the_batch_size(rng):
    model = Sequential([Dense(3, 4, rng=rng), BatchNormalization(4), Dropout(0.5, rng)])
    x, y = rng.standard_normal((10, 3)), rng.integers(0, 4, 10)
    np.testing.assert_allclose(model.predict(x, 3), model.predict(x), rtol=1e-5)
    loss = SparseCategoricalCrossentropy()
    scores = model.evaluate(x, y, loss=loss, batch_size=4)
    assert scores["loss"] == pytest.approx(loss.forward(model.forward(x), y))
    assert scores["accuracy"] == loss.accuracy()
    assert model.evaluate(x, np.zeros((10, 4)), loss=MeanSquaredError()).keys() == {"loss"}


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.full((1, 3), np.nan), "x must be an array of finite numbers, got nan"),
        (np.zeros((1, 4)), r"x must be an array of shape \(any, 3\), got shape \(1, 4\)"),
        (np.zeros((0, 3)), "x must be an array that is not empty"),
    ],
)
def test_refuses_bad_input(x, message):
    model = Sequential([Dense(3, 4)])
    for call in (model.forward, model.predict):
        with pytest.raises(ValueError, match=message):
            call(x)


def test_refuses_to_be_empty():
    with pytest.raises(ValueError, match="layers must be at least one layer, got none"):
        Sequential([])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: [Dense], r"layers\[0\] must be an object such as Dense\(2, 1\), got <class"),
        (lambda: [Dense(2, 2), "relu"], r"layers\[1\] must be an object such as"),
        (lambda: [layer := ReLU(), Dense(2, 2), layer], r"layers\[2\] must be another .* the ReLU"),
        (lambda: [Dense(2, 2), layer := Dense(2, 2), layer], r"layers\[2\] .* the Dense that"),
    ],
)
def test_refuses_what_is_no_layer_and_one_object_at_two_places(make, message):
    with pytest.raises(ValueError, match=message):
        Sequential(make())
    for kind in (Dense, ReLU):
        assert kind.checks_finite  # the mistake changes nothing for other networks


def test_a_layer_keeps_its_own_check_before_and_after_the_network_works(rng):
    layers = [Dense(2, 2, rng=rng), ReLU()]
    model = Sequential(layers)
    bad, good = np.full((1, 2), np.nan), np.ones((1, 2))
    calls = [
        lambda: model.forward(good),
        lambda: model.backward(good),
        lambda: model.fit(good, good, loss=MeanSquaredError(), optimizer=Adam()),
        lambda: model.forward(np.ones((1, 3))),  # an error inside
    ]
    for use in calls:
        with suppress(ValueError):
            use()
        for layer in layers:
            with pytest.raises(ValueError, match="x must be an array of finite numbers"):
                layer.forward(bad)


def test_inside_a_network_numbers_are_searched_once():
    seen = []

    class Spy(ReLU):
        def forward(self, x, training=False):
            seen.append(self.checks_finite)
            return super().forward(x, training)

    Sequential([Spy(), Dense(2, 2), Spy()]).forward(np.ones((1, 2)))
    assert seen == [False, False]


def test_layers_that_do_not_fit_together_say_so():
    model = Sequential([Dense(3, 4), Dense(5, 1)])
    with pytest.raises(ValueError, match=r"shape \(any, 5\), got shape \(1, 4\)"):
        model.fit(np.ones((1, 3)), [[1]], loss=MeanSquaredError(), optimizer=Adam())
