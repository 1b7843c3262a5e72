from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import ConstantRate, CosineDecay, ExponentialDecay, OneCycle
from bmcourse.nn.schedules import as_schedule

from .oracle import keras

schedules = keras.optimizers.schedules


@pytest.mark.parametrize("step", [0, 1, 37, 99, 100, 250])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (ExponentialDecay(0.1, 40, 0.9), schedules.ExponentialDecay(0.1, 40, 0.9)),
        (CosineDecay(0.1, 100), schedules.CosineDecay(0.1, 100)),
        (CosineDecay(0.1, 100, alpha=0.2), schedules.CosineDecay(0.1, 100, alpha=0.2)),
    ],
)
def test_equals_keras(ours, theirs, step):
    expected = float(theirs(step))  # Keras computes schedules in float32
    assert ours(step) == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_one_cycle_rises_and_falls_along_lines():
    rates = [OneCycle(1.0, 100, warmup=0.25)(step) for step in range(102)]
    assert rates[0] == 0
    assert rates[25] == max(rates) == 1
    assert rates[100] == rates[101] == 0
    changes = np.diff(rates)
    np.testing.assert_allclose(changes[:25], 1 / 25)
    np.testing.assert_allclose(changes[25:100], -1 / 75)


def test_a_number_is_a_constant_schedule():
    assert isinstance(as_schedule(0.1), ConstantRate)
    assert as_schedule(0.1)(10**6) == 0.1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ConstantRate(-1), "learning_rate must be a finite number at least 0"),
        (lambda: ExponentialDecay(0.1, 0, 0.9), "decay_steps must be a whole number"),
        (lambda: CosineDecay(0.0, 10), "initial_learning_rate must be a finite number above 0"),
        (lambda: CosineDecay(0.1, 10, alpha=2), "alpha must be a finite number"),
        (lambda: OneCycle(0.1, 10, warmup=0), "warmup must be a finite number above 0"),
    ],
)
def test_refuses_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
