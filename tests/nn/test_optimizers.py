from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import (
    SGD,
    Adam,
    AdamW,
    CosineDecay,
    Dense,
    MeanSquaredError,
    RMSprop,
    Sequential,
)

from .oracle import TOLERANCE, keras, keras_precision, tf

sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam

# Keras rounds momentum and betas to float32 on the way to float64: the comparison in
# float64 takes values that float32 holds exactly, and the defaults are compared in float32.
PAIRS = {
    "sgd": (lambda: SGD(0.1), lambda: sgd(0.1)),
    "momentum": (lambda: SGD(0.1, 0.875), lambda: sgd(0.1, 0.875)),
    "nesterov": (lambda: SGD(0.1, 0.875, True), lambda: sgd(0.1, 0.875, True)),
    "rmsprop": (lambda: RMSprop(0.01), lambda: keras.optimizers.RMSprop(0.01)),
    "rmsprop, large epsilon": (
        lambda: RMSprop(0.01, 0.8, 0.1),
        lambda: keras.optimizers.RMSprop(0.01, rho=0.8, epsilon=0.1),
    ),
    "adam": (
        lambda: Adam(0.01, 0.875, 1 - 2**-10),
        lambda: adam(0.01, 0.875, 1 - 2**-10),
    ),
    "adam, large epsilon": (
        lambda: Adam(0.01, 0.75, 0.875, 0.1),
        lambda: adam(0.01, 0.75, 0.875, 0.1),
    ),
    "sgd, clipped": (
        lambda: SGD(0.1, global_clipnorm=2.0),
        lambda: sgd(0.1, global_clipnorm=2.0),
    ),
    "adam, clipped now and then": (  # sixteen numbers have the length 4 on the average
        lambda: Adam(0.01, 0.875, 1 - 2**-10, global_clipnorm=4.0),
        lambda: adam(0.01, 0.875, 1 - 2**-10, global_clipnorm=4.0),
    ),
    "adamw, clipped": (
        lambda: AdamW(0.01, 0.1, 0.875, 0.9375, global_clipnorm=0.5),
        lambda: keras.optimizers.AdamW(0.01, 0.1, 0.875, 0.9375, global_clipnorm=0.5),
    ),
    "rmsprop, clipped": (
        lambda: RMSprop(0.01, global_clipnorm=1.0),
        lambda: keras.optimizers.RMSprop(0.01, global_clipnorm=1.0),
    ),
    "adamw": (
        lambda: AdamW(0.01, 0.1, 0.875, 0.9375),
        lambda: keras.optimizers.AdamW(0.01, 0.1, 0.875, 0.9375),
    ),
}
DEFAULTS = {
    "sgd": (SGD, sgd),
    "rmsprop": (RMSprop, keras.optimizers.RMSprop),
    "adam": (Adam, adam),
    "adamw": (AdamW, keras.optimizers.AdamW),
    "cosine": (
        lambda: Adam(CosineDecay(0.01, 8)),
        lambda: adam(keras.optimizers.schedules.CosineDecay(0.01, 8)),
    ),
}


def compare(make_ours, make_theirs, dtype, rng):
    """Take ten steps with both from the same start along the same gradients."""
    values = [rng.standard_normal(shape).astype(dtype) for shape in [(3, 4), (4,)]]
    with keras_precision(dtype):
        ours, theirs = make_ours(), make_theirs()
        variables = [keras.Variable(w, dtype=dtype) for w in values]
        theirs.build(variables)
        for _ in range(10):
            gradients = [rng.standard_normal(w.shape).astype(dtype) for w in values]
            ours.step(zip(values, gradients, strict=True))
            theirs.apply([tf.constant(g) for g in gradients], variables)
    tolerance = TOLERANCE[dtype]
    for w, variable in zip(values, variables, strict=True):
        assert w.dtype == dtype
        np.testing.assert_allclose(w, variable.numpy(), rtol=tolerance, atol=tolerance * 1e-2)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", PAIRS)
def test_ten_steps_equal_keras(name, dtype, rng):
    compare(*PAIRS[name], dtype, rng)


@pytest.mark.parametrize("name", DEFAULTS)
def test_ten_steps_with_the_defaults_equal_keras_in_float32(name, rng):
    compare(*DEFAULTS[name], "float32", rng)


@pytest.mark.parametrize("name", PAIRS)
def test_walks_to_the_bottom_of_a_bowl(name):
    w = np.array([1.0, -1.0])
    optimizer = PAIRS[name][0]()
    start = np.sum(w**2)
    for _ in range(100):
        optimizer.step([(w, 2 * w)])
    assert np.sum(w**2) < start
    assert optimizer.iterations == 100


def test_a_schedule_counts_the_steps():
    seen = []

    def schedule(step):
        seen.append(step)
        return 0.1

    optimizer, w = SGD(schedule), np.ones(2)
    for _ in range(3):
        optimizer.step([(w, np.ones(2))])
    assert seen == [0, 1, 2]


def test_refuses_other_parameters_than_before():
    optimizer, w = Adam(), np.ones(2)
    optimizer.step([(w, np.ones(2))])
    with pytest.raises(
        ValueError, match=r"gradient must be of the .* shape \(2,\), got shape \(1,"
    ):
        optimizer.step([(w, np.ones(1))])
    for other in ([w, w], [w.copy()], [np.ones(3)]):
        with pytest.raises(ValueError, match="optimizer must be a new one for a new network, got"):
            optimizer.step([(one, np.ones_like(one)) for one in other])
    for pairs in ([([1.0], [1.0])], [(w, 1.0)]):
        with pytest.raises(ValueError, match="pairs must be pairs of arrays"):
            optimizer.step(pairs)


def test_a_used_optimizer_is_refused_by_a_new_network_and_goes_on_with_its_own(rng):
    x, y = rng.standard_normal((20, 2)), rng.standard_normal((20, 1))
    first, second = (Sequential([Dense(2, 1, rng=0)]) for _ in range(2))
    settings = {"loss": MeanSquaredError(), "optimizer": Adam(0.1), "rng": 0}
    first.fit(x, y, **settings)
    first.fit(x, y, **settings)
    assert settings["optimizer"].iterations == 2
    first.backward(np.ones_like(first.forward(x)))
    with pytest.raises(ValueError, match=r"pairs must be of shapes \[\(3,\)\], as before, got"):
        settings["optimizer"].step(first.params_and_grads())
    before = second.params["0_Dense.kernel"].copy()
    with pytest.raises(ValueError, match="optimizer must be a new one for a new network"):
        second.fit(x, y, **settings)
    np.testing.assert_array_equal(second.params["0_Dense.kernel"], before)
    variable = keras.Variable([1.0])
    theirs = adam(0.1)
    theirs.apply([tf.constant([1.0])], [variable])
    with pytest.raises(ValueError):  # noqa: PT011 - Keras refuses, too
        theirs.apply([tf.constant([1.0])], [keras.Variable([1.0])])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(-0.1), "learning_rate must be a finite number at least 0, got -0.1"),
        (lambda: SGD("0.1"), "learning_rate must be a finite number at least 0, got '0.1'"),
        (lambda: SGD(np.nan), "learning_rate must be a finite number"),
        (lambda: SGD(0.1, 1.0), "momentum must be a finite number"),
        (lambda: RMSprop(0.1, rho=2), "rho must be a finite number"),
        (lambda: Adam(0.1, beta_1=-1), "beta_1 must be a finite number"),
        (lambda: Adam(0.1, epsilon=0), "epsilon must be a finite number above 0"),
        (lambda: AdamW(0.1, weight_decay=-1), "weight_decay must be a finite number"),
    ],
)
def test_refuses_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_clipping_keeps_the_direction_of_all_gradients_together():
    w, b = np.zeros(2), np.zeros(1)
    gradients = [np.array([3.0, 0.0]), np.array([-4.0])]
    SGD(1.0, global_clipnorm=1.0).step(zip([w, b], gradients, strict=True))
    assert [*w, *b] == pytest.approx([-0.6, 0, 0.8])
    assert [list(g) for g in gradients] == [[3, 0], [-4]]  # the caller's own
    SGD(1.0, global_clipnorm=9.0).step(zip([w, b], gradients, strict=True))
    assert [*w, *b] == pytest.approx([-3.6, 0, 4.8])
    SGD(1.0, global_clipnorm=9.0).step([(w, np.zeros(2))])  # no length, no division by it
    assert np.isfinite(w).all()
    with pytest.raises(ValueError, match="global_clipnorm must be a finite number above 0"):
        Adam(global_clipnorm=0)
