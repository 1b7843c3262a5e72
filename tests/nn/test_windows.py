from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn.windows import Windows


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 3), (4, 4)])
def test_add_back_is_the_transpose_of_cut(padding, strides, rng):
    windows = Windows((3, 2), strides, padding)
    x = rng.standard_normal((2, 7, 8, 3))
    cut = windows.cut(x)
    other = rng.standard_normal(cut.shape)
    # <cut(x), other> = <x, cutᵀ(other)>
    assert np.sum(cut * other) == pytest.approx(np.sum(x * windows.add_back(other, x.shape)))


def test_windows_share_memory():
    x = np.zeros((1, 5, 5, 1))
    assert np.shares_memory(Windows((3, 3), (1, 1), "valid").cut(x), x)
