from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from bmcourse.nn.erf import erf


def test_is_scipys_in_double_precision():
    x = np.concatenate([np.linspace(-9, 9, 40_001), [0.46875, -0.46875, 5.9, 1e-300, 0.0, -0.0]])
    np.testing.assert_allclose(erf(x), special.erf(x), rtol=2e-15, atol=2e-16)


def test_keeps_precision_shape_and_sign():
    x = np.array([[-2.0, 0.1, 30.0]], np.float32)
    found = erf(x)
    assert found.dtype == np.float32
    assert found.shape == (1, 3)
    np.testing.assert_allclose(found, [[math.erf(v) for v in x[0]]], rtol=3e-7)
    assert erf(np.array([np.inf, -np.inf])).tolist() == [1, -1]


@pytest.mark.parametrize("size", [0, 1, 7])
def test_any_number_of_numbers(size):
    assert erf(np.full(size, 0.3)).tolist() == pytest.approx([math.erf(0.3)] * size)
