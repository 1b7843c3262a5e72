"""Scale and zero point: the bound of half a step, and what clipping does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmcourse.recipes.compression.affine import Affine

reals = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda r: r == 0 or abs(r) > 1e-6)


@given(st.lists(reals, min_size=2, max_size=30), st.integers(2, 10))
def test_inside_the_range_the_error_is_at_most_half_a_step(values: list[float], bits: int) -> None:
    x = np.array(values)
    if x.min() == x.max() == 0:
        return
    code = Affine.between(x.min(), x.max(), bits)
    assert np.abs(code.rounded(x) - x).max() <= code.scale * (0.5 + 1e-9)
    assert code.rounded(0.0) == 0
    assert code.high - code.low == 2**bits - 1


@given(st.floats(0.1, 100), st.floats(0.0, 50))
def test_outside_the_error_is_the_distance_to_the_end(top: float, beyond: float) -> None:
    code = Affine.between(0.0, top)
    error = top + beyond - code.rounded(top + beyond)
    assert error == pytest.approx(beyond, abs=1e-9 + code.scale / 2)


def test_as_tensorflow_rounds() -> None:
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    for low, high, bits in ((-1.0, 4.1, 8), (0.0, 3.3, 8), (-2.0, 0.7, 4), (-1.5, 1.5, 3)):
        x = rng.uniform(low - 0.5, high + 0.5, 400).astype(np.float32)
        theirs = tf.quantization.fake_quant_with_min_max_args(x, low, high, num_bits=bits)
        np.testing.assert_allclose(Affine.between(low, high, bits).rounded(x), theirs, atol=2e-6)


def test_symmetric_has_a_scale_for_each_channel() -> None:
    w = np.array([[0.11, 50.0, 0.0], [-0.2, -127.0, 0.0]])
    code = Affine.symmetric(w, axis=-1)
    np.testing.assert_allclose(code.scale, [[0.2 / 127, 1.0, 1 / 127]])
    np.testing.assert_array_equal(code.quantise(w), [[70, 50, 0], [-127, -127, 0]])
    one = Affine.symmetric(w)
    assert one.scale.shape == ()
    np.testing.assert_array_equal(one.quantise(w)[:, 0], [0, 0])  # the small channel is lost


def test_refuses_a_range_of_one_number() -> None:
    with pytest.raises(ValueError, match="two different numbers"):
        Affine.between(0.0, 0.0)
    with pytest.raises(ValueError, match="bits"):
        Affine.between(0.0, 1.0, 1)
