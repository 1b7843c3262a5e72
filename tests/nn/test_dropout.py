from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import Dropout


def test_keeps_the_expected_value_and_sends_gradients_the_same_way(rng):
    layer = Dropout(0.3, np.random.default_rng(1))
    x = np.ones((100, 1000))
    output = layer.forward(x, training=True)
    assert set(np.unique(output)) == {0, 1 / 0.7}
    assert abs((output == 0).mean() - 0.3) < 0.01
    upstream = rng.standard_normal(x.shape)
    np.testing.assert_array_equal(layer.backward(upstream), upstream * output)


def test_does_nothing_outside_training(rng):
    layer = Dropout(0.5)
    x = rng.standard_normal((3, 4))
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_the_generator_decides():
    first, second = (
        Dropout(0.5, np.random.default_rng(3)).forward(np.ones((4, 9)), training=True)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("rate", [-0.1, 1.0, np.nan])
def test_refuses_bad_rates(rate):
    with pytest.raises(ValueError, match="rate must be a finite number at least 0 and below 1"):
        Dropout(rate)
