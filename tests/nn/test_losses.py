from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)

from .oracle import assert_close, keras, keras_precision, reference, tf

CLASSES = 4


def yes_or_no(rng, n):
    return rng.integers(0, 2, (n, 1)).astype("float64")


def soft(rng, n):
    return rng.random((n, 3))


def distributions(rng, n):
    weights = rng.random((n, CLASSES))
    return weights / weights.sum(axis=1, keepdims=True)


CASES = {
    "mse": (MeanSquaredError(), lambda: keras.losses.MeanSquaredError(), soft),
    "binary": (
        BinaryCrossentropy(),
        lambda: keras.losses.BinaryCrossentropy(from_logits=True),
        yes_or_no,
    ),
    "binary, soft": (
        BinaryCrossentropy(),
        lambda: keras.losses.BinaryCrossentropy(from_logits=True),
        soft,
    ),
    "focal": (
        BinaryFocalCrossentropy(),
        lambda: keras.losses.BinaryFocalCrossentropy(from_logits=True),
        yes_or_no,
    ),
    "focal, weighted": (
        BinaryFocalCrossentropy(gamma=1.5, alpha=0.25),
        lambda: keras.losses.BinaryFocalCrossentropy(
            apply_class_balancing=True, alpha=0.25, gamma=1.5, from_logits=True
        ),
        soft,
    ),
    "categorical": (
        CategoricalCrossentropy(),
        lambda: keras.losses.CategoricalCrossentropy(from_logits=True),
        distributions,
    ),
    "sparse": (
        SparseCategoricalCrossentropy(),
        lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        lambda rng, n: rng.integers(0, CLASSES, n),
    ),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.parametrize("name", CASES)
def test_equals_keras(name, n, dtype, rng):
    loss, make_oracle, draw = CASES[name]
    targets = draw(rng, n)
    shape = targets.shape if targets.ndim == 2 else (n, CLASSES)
    logits = (3 * rng.standard_normal(shape)).astype(dtype)
    if targets.dtype.kind == "f":
        targets = targets.astype(dtype)
    with keras_precision(dtype):
        oracle = make_oracle()
        expected, (gradient,) = reference(lambda z: oracle(targets, z), None, logits)
    assert_close(loss.forward(logits, targets), expected, dtype)
    assert loss.backward().dtype == logits.dtype
    assert_close(loss.backward(), gradient, dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("logit", [-1e4, -50.0, 0.0, 50.0, 1e4])
@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("loss", [BinaryCrossentropy(), BinaryFocalCrossentropy(0.5)])
def test_binary_losses_are_stable(loss, logit, target, dtype):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value = loss.forward(np.array([[logit]], dtype), [[target]])
        gradient = loss.backward().item()
    expected = max(logit, 0) - target * logit + np.log1p(np.exp(-abs(logit)))
    sigmoid = 1 / (1 + np.exp(-max(logit, -700)))
    if isinstance(loss, BinaryCrossentropy):
        assert value == pytest.approx(expected, rel=1e-6)
        assert gradient == pytest.approx(sigmoid - target, rel=1e-6, abs=1e-12)
    assert np.isfinite(value)
    assert np.isfinite(gradient)


def test_focal_gradient_far_out_is_that_of_cross_entropy():
    loss = BinaryFocalCrossentropy(2.0)  # wrong and sure: the focus is 1
    assert loss.forward([[-1e4]], [[1.0]]) == pytest.approx(1e4)
    assert loss.backward().item() == pytest.approx(-1)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("loss", [SparseCategoricalCrossentropy(), CategoricalCrossentropy()])
def test_class_losses_are_stable(loss, dtype):
    logits = np.array([[1e4, -1e4, 0.0], [1e4, -1e4, 0.0]], dtype)
    labels = np.array([0, 1])
    sparse = isinstance(loss, SparseCategoricalCrossentropy)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value = loss.forward(logits, labels if sparse else np.eye(3)[labels])
        gradient = loss.backward()
    assert value == pytest.approx(1e4)
    np.testing.assert_allclose(gradient, [[0, 0, 0], [0.5, -0.5, 0]], atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "logits", "targets", "expected"),
    [
        (BinaryCrossentropy(), [[1.0], [-1.0], [2.0]], [[1], [1], [0]], 1 / 3),
        (BinaryFocalCrossentropy(), [[1.0], [-1.0]], [[1], [0]], 1),
        (SparseCategoricalCrossentropy(), [[1.0, 0], [0, 1.0]], [0, 0], 0.5),
        (CategoricalCrossentropy(), [[1.0, 0], [0, 1.0]], [[1, 0], [1, 0]], 0.5),
        (MeanSquaredError(), [[1.0]], [[1.0]], None),
    ],
)
def test_accuracy(loss, logits, targets, expected):
    loss.forward(logits, targets)
    assert loss.accuracy() == expected


@pytest.mark.parametrize(
    ("loss", "logits", "targets", "message"),
    [
        (MeanSquaredError(), [[1.0]], [1.0], r"targets must be an array of shape \(1, 1\)"),
        (BinaryCrossentropy(), [[1.0]], [[2.0]], r"targets must be numbers in \[0, 1\], got 2.0"),
        (BinaryCrossentropy(), [[1.0]], [[-1.0]], r"targets must be numbers in \[0, 1\], got -1"),
        (BinaryCrossentropy(), [[np.nan]], [[1.0]], "logits must be an array of finite numbers"),
        (MeanSquaredError(), [[1.0]], [[np.nan]], "targets must be an array of finite numbers"),
        (MeanSquaredError(), np.zeros((0, 1)), np.zeros((0, 1)), "logits must be an array that"),
        (CategoricalCrossentropy(), [[1.0, 2]], [[1.0, 1]], "targets must be rows with sum 1"),
        (CategoricalCrossentropy(), [1.0, 2], [1.0, 0], "logits must be an array with 2 dim"),
        (SparseCategoricalCrossentropy(), [[1.0, 2]], [2], "whole numbers from 0 to 1, got 2"),
        (SparseCategoricalCrossentropy(), [[1.0, 2]], [-1], "whole numbers from 0 to 1, got -1"),
        (SparseCategoricalCrossentropy(), [[1.0, 2]], [0.5], "targets must be whole numbers"),
        (SparseCategoricalCrossentropy(), [[1.0, 2]], [0, 1], "must be of the same length"),
        (
            SparseCategoricalCrossentropy(),
            [1.0],
            [0],
            "logits must be an array with at least 2 dim",
        ),
        (
            SparseCategoricalCrossentropy(),
            np.ones((2, 3, 4)),
            [0, 1],
            r"targets must be of shape \(2, 3\), got shape \(2,\)",
        ),
    ],
)
def test_refuses_bad_input(loss, logits, targets, message):
    with pytest.raises(ValueError, match=message):
        loss.forward(logits, targets)


@pytest.mark.parametrize("name", CASES)
def test_half_precision_is_computed_in_float32(name, rng):
    loss, _, draw = CASES[name]
    targets = draw(rng, 5)
    shape = targets.shape if targets.ndim == 2 else (5, CLASSES)
    logits = (100 * rng.standard_normal(shape)).astype(np.float16)
    if targets.dtype.kind == "f":
        targets = targets.astype(np.float16)
        targets = targets if name == "mse" else np.round(targets)
    if name == "categorical":
        targets = np.eye(CLASSES)[[0, 1, 2, 3, 0]]
    value = loss.forward(logits, targets)
    gradient = loss.backward()
    assert np.isfinite(value)
    exact = loss.forward(logits.astype(float), targets.astype(float))
    assert value == pytest.approx(exact, rel=1e-5)
    np.testing.assert_allclose(gradient, loss.backward(), rtol=1e-4, atol=1e-6)


def test_squared_error_of_a_large_batch_in_half_precision_has_a_gradient():
    loss = MeanSquaredError()
    logits = np.full((70_000, 1), 300, np.float16)
    assert loss.forward(logits, np.zeros_like(logits)) == 90_000
    np.testing.assert_allclose(loss.backward(), 600 / 70_000, rtol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_what_the_caller_does_to_the_arrays_afterwards_changes_no_gradient(name, rng):
    loss, _, draw = CASES[name]
    targets = draw(rng, 3)
    logits = rng.standard_normal(targets.shape if targets.ndim == 2 else (3, CLASSES))
    loss.forward(logits, targets)
    before = loss.backward()
    logits *= 0
    targets *= 0
    np.testing.assert_array_equal(loss.backward(), before)


@pytest.mark.parametrize("name", CASES)
def test_backward_needs_a_forward_pass(name):
    fresh = type(CASES[name][0])()
    with pytest.raises(RuntimeError, match="need a forward pass first"):
        fresh.backward()
    if fresh.accuracy.__qualname__ != "Loss.accuracy":
        with pytest.raises(RuntimeError, match="need a forward pass first"):
            fresh.accuracy()


def test_refuses_bad_focus():
    with pytest.raises(ValueError, match="gamma must be a finite number at least 0"):
        BinaryFocalCrossentropy(gamma=-1)
    with pytest.raises(ValueError, match="alpha must be a finite number above 0 and below 1"):
        BinaryFocalCrossentropy(alpha=1)


def test_tensorflow_agrees_that_probability_minus_target_is_the_gradient(rng):
    logits, labels = rng.standard_normal((5, 3)), np.array([0, 1, 2, 1, 0])
    _, (gradient,) = reference(
        lambda z: tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z)),
        None,
        logits,
    )
    loss = SparseCategoricalCrossentropy()
    loss.forward(logits, labels)
    assert_close(loss.backward(), gradient)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_each_place_of_a_sequence_counts_as_an_example(dtype, rng):
    logits = rng.standard_normal((3, 5, 4)).astype(dtype)
    targets = rng.integers(0, 4, (3, 5))
    ours, flat = SparseCategoricalCrossentropy(), SparseCategoricalCrossentropy()
    value = ours.forward(logits, targets)
    assert value == flat.forward(logits.reshape(15, 4), targets.ravel())
    assert ours.accuracy() == flat.accuracy()

    def mean_loss(z):
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, z))

    expected, (gradient,) = reference(mean_loss, None, logits)
    assert value == pytest.approx(float(expected), rel=1e-5)
    assert_close(ours.backward(), gradient, dtype)
