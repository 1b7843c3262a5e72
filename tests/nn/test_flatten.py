from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import Flatten

from .oracle import assert_layer_matches, keras


@pytest.mark.parametrize("shape", [(1, 2, 3, 4), (5, 3), (2, 3, 1)])
def test_equals_keras(shape, rng):
    twin = keras.layers.Flatten(dtype="float64")
    assert_layer_matches(Flatten(), twin, rng.standard_normal(shape), rng)


def test_refuses_an_empty_batch():
    with pytest.raises(ValueError, match="x must be an array that is not empty"):
        Flatten().forward(np.zeros((0, 2, 2)))
