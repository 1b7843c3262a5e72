from __future__ import annotations

import threading

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
    ReLU,
    Sequential,
    SparseCategoricalCrossentropy,
    default_threads,
)


def network(extra=()):
    rng = np.random.default_rng(0)
    return Sequential(
        [
            Conv2D(1, 3, 3, rng=rng, dtype=np.float64),
            ReLU(),
            Flatten(),
            *extra,
            Dense(108, 5, rng=rng, dtype=np.float64),
        ]
    )


def fit(model, threads, optimizer=None):
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((150, 8, 8, 1)), rng.integers(0, 5, 150)
    return model.fit(
        x,
        y,
        loss=SparseCategoricalCrossentropy(),
        optimizer=optimizer or Adam(),
        batch_size=67,  # uneven parts
        rng=rng,
        threads=threads,
    )


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_nothing(threads):
    one, many = network(), network()
    first, second = fit(one, 1), fit(many, threads)
    np.testing.assert_allclose(second.batch_loss, first.batch_loss, rtol=1e-10)
    assert second.accuracy == pytest.approx(first.accuracy)
    for name, values in one.params.items():
        np.testing.assert_allclose(many.params[name], values, rtol=1e-8, atol=1e-12)


def test_batch_normalization_sees_the_whole_batch():
    one, many = (network([BatchNormalization(108, dtype=np.float64)]) for _ in range(2))
    fit(one, 1)
    fit(many, 2)
    for name, values in one.params.items():
        np.testing.assert_array_equal(many.params[name], values)


def test_each_thread_draws_its_own_noise():
    seen = []

    class Spy(Dropout):
        def forward(self, x, training=False):
            output = super().forward(x, training)
            seen.append(self.mask)
            return output

    fit(network([Spy(0.5, np.random.default_rng(0))]), 2)
    first, second = seen[:2]
    assert not np.array_equal(first[:30], second[:30])


def test_small_batches_stay_in_one_thread():
    names = set()

    class Spy(ReLU):
        def forward(self, x, training=False):
            names.add(threading.current_thread().name)
            return super().forward(x, training)

    model = Sequential([Dense(2, 2), Spy()])
    loss = SparseCategoricalCrossentropy()
    model.fit(np.ones((20, 2)), np.zeros(20, int), loss=loss, optimizer=SGD(), threads=2)
    assert names == {threading.current_thread().name}


def test_an_error_in_a_thread_reaches_the_caller_and_leaves_the_model_whole():
    model = network()
    arrays = list(model.params.values())
    loss = SparseCategoricalCrossentropy()
    labels = np.zeros(64, int)
    labels[-1] = 7
    with pytest.raises(ValueError, match="targets must be whole numbers from 0 to 4, got 7"):
        model.fit(np.ones((64, 8, 8, 1)), labels, loss=loss, optimizer=SGD(), threads=2)
    assert all(a is b for a, b in zip(arrays, model.params.values(), strict=True))


def test_default_threads(monkeypatch):
    monkeypatch.delenv("BMCOURSE_THREADS", raising=False)
    assert default_threads() >= 1
    monkeypatch.setenv("BMCOURSE_THREADS", "3")
    assert default_threads() == 3
    for bad in ("0", "two", "-1"):
        monkeypatch.setenv("BMCOURSE_THREADS", bad)
        with pytest.raises(ValueError, match="BMCOURSE_THREADS must be a whole number"):
            default_threads()
