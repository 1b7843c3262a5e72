"""Focal loss against a float64 formula, cross-entropy at gamma 0, and its own gradients."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from bmcourse.recipes.focal_loss import BinaryFocalLoss, SparseCategoricalFocalLoss

GAMMAS = [0.0, 0.5, 2.0, 5.0]


def binary_formula(y, z, gamma, alpha=None):
    p = 1 / (1 + np.exp(-np.asarray(z, np.float64)))
    p_true = np.where(y == 1, p, 1 - p)
    weight = 1.0 if alpha is None else np.where(y == 1, alpha, 1 - alpha)
    return -weight * (1 - p_true) ** gamma * np.log(p_true)


def categorical_formula(y, z, gamma):
    raised = np.exp(np.asarray(z, np.float64))
    p_true = (raised / raised.sum(axis=1, keepdims=True))[np.arange(len(y)), y]
    return -((1 - p_true) ** gamma) * np.log(p_true)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("alpha", [None, 0.25])
def test_binary_equals_the_formula(gamma: float, alpha: float | None) -> None:
    rng = np.random.default_rng(0)
    y, z = rng.integers(0, 2, 200), rng.normal(0, 3, 200)
    loss = BinaryFocalLoss(gamma, alpha, reduction="none")
    found = ops.convert_to_numpy(loss(y, z.astype("float32")))
    np.testing.assert_allclose(found, binary_formula(y, z, gamma, alpha), rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_categorical_equals_the_formula(gamma: float) -> None:
    rng = np.random.default_rng(0)
    y, z = rng.integers(0, 5, 100), rng.normal(0, 2, (100, 5))
    loss = SparseCategoricalFocalLoss(gamma, reduction="none")
    for targets in (y, y[:, None]):
        found = ops.convert_to_numpy(loss(targets, z.astype("float32")))
        np.testing.assert_allclose(found, categorical_formula(y, z, gamma), rtol=5e-5, atol=1e-6)


def test_gamma_zero_is_cross_entropy() -> None:
    rng = np.random.default_rng(1)
    y, z = rng.integers(0, 2, 64), rng.normal(0, 4, (64, 1)).astype("float32")
    theirs = keras.losses.BinaryCrossentropy(from_logits=True)(y[:, None], z)
    assert float(BinaryFocalLoss(0)(y, z)) == pytest.approx(float(theirs), rel=1e-5)
    y, z = rng.integers(0, 4, 64), rng.normal(0, 4, (64, 4)).astype("float32")
    theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, z)
    assert float(SparseCategoricalFocalLoss(0)(y, z)) == pytest.approx(float(theirs), rel=1e-5)


def test_two_classes_are_one_logit() -> None:
    rng = np.random.default_rng(2)
    y, z = rng.integers(0, 2, 50), rng.normal(0, 3, (50, 2)).astype("float32")
    two = float(SparseCategoricalFocalLoss(2.0)(y, z))
    assert float(BinaryFocalLoss(2.0)(y, z[:, 1] - z[:, 0])) == pytest.approx(two, rel=1e-5)


def test_shapes_do_not_broadcast() -> None:
    y, z = np.array([0, 1, 1]), np.array([[1.0], [2.0], [-3.0]], "float32")
    flat, column = BinaryFocalLoss()(y, z[:, 0]), BinaryFocalLoss()(y, z)
    assert float(flat) == pytest.approx(float(column), rel=1e-6)
    weight = np.array([1.0, 0.0, 2.0])
    weighted = BinaryFocalLoss(reduction="sum")(y, z, sample_weight=weight)
    expected = float(weight @ binary_formula(y, z[:, 0], 2.0))
    assert float(weighted) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_large_logits_give_finite_losses_and_right_gradients(gamma: float) -> None:
    import tensorflow as tf

    z = tf.Variable(np.array([-1e4, -200.0, -30.0, 0.0, 30.0, 200.0, 1e4], "float32"))
    for label in (0.0, 1.0):
        with tf.GradientTape() as tape:
            loss = BinaryFocalLoss(gamma, reduction="none")(np.full(7, label), z)
        slope = tape.gradient(loss, z).numpy()
        assert np.isfinite(loss.numpy()).all()
        assert np.isfinite(slope).all()
        sign = 1 if label else -1
        # Far on the wrong side the loss is |z|, on the right side 0.
        np.testing.assert_allclose(loss.numpy()[:: 6 * sign], [1e4, 0], atol=1e-6)
        np.testing.assert_allclose(slope[:: 6 * sign], [-sign, 0], atol=1e-5)
    table = tf.Variable(np.array([[1e4, 0.0, -1e4], [-1e4, 0.0, 1e4]], "float32"))
    with tf.GradientTape() as tape:
        loss = SparseCategoricalFocalLoss(gamma, reduction="none")(np.array([0, 0]), table)
    np.testing.assert_allclose(loss.numpy(), [0, 2e4], atol=1e-6)
    slopes = [[0, 0, 0], [-1, 0, 1]]
    np.testing.assert_allclose(tape.gradient(loss, table).numpy(), slopes, atol=1e-5)


def test_gradient_equals_central_differences() -> None:
    import tensorflow as tf

    z = np.linspace(-4, 4, 9)
    y = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0])
    variable = tf.Variable(z.astype("float32"))
    with tf.GradientTape() as tape:
        loss = BinaryFocalLoss(2.0, 0.25, reduction="sum")(y, variable)
    h = 1e-6
    up, down = (binary_formula(y, z + s, 2.0, 0.25) for s in (h, -h))
    np.testing.assert_allclose(
        tape.gradient(loss, variable).numpy(), (up - down) / (2 * h), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("loss", [BinaryFocalLoss(1.5, 0.3), SparseCategoricalFocalLoss(0.7)])
def test_it_survives_saving(loss) -> None:
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss))
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()


def test_a_network_learns_with_it() -> None:
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(256, 2)).astype("float32")
    y = (x[:, 0] > 1).astype(int)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.1), loss=BinaryFocalLoss())
    losses = model.fit(x, y, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]


def test_bad_settings_are_refused() -> None:
    for kind in (BinaryFocalLoss, SparseCategoricalFocalLoss):
        with pytest.raises(ValueError, match="gamma must be"):
            kind(gamma=-1)
    with pytest.raises(ValueError, match="alpha must be"):
        BinaryFocalLoss(alpha=1.0)
    with pytest.raises(ValueError, match="y_pred must be logits of at least two classes"):
        SparseCategoricalFocalLoss()(np.array([0, 0]), np.zeros((2, 1), "float32"))
