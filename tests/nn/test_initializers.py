from __future__ import annotations

import numpy as np
import pytest

from bmcourse.nn import Dense, glorot_uniform, he_normal, orthogonal
from bmcourse.nn.initializers import fans

from .oracle import keras


@pytest.mark.parametrize("shape", [(100, 300), (3, 3, 32, 64), (5, 1, 2, 40)])
def test_spread_equals_keras(shape, rng):
    for ours, theirs in [
        (glorot_uniform, keras.initializers.GlorotUniform(seed=1)),
        (he_normal, keras.initializers.HeNormal(seed=1)),
    ]:
        drawn, expected = ours(shape, rng, np.float64), np.asarray(theirs(shape))
        assert abs(drawn.mean()) < 5 * drawn.std() / drawn.size**0.5
        assert drawn.std() == pytest.approx(expected.std(), rel=12 / drawn.size**0.5)


def test_fans():
    assert fans((7, 5)) == (7, 5)
    assert fans((3, 2, 4, 8)) == (24, 48)


def test_the_generator_decides_the_kernel():
    first, second, other = (
        Dense(3, 4, rng=np.random.default_rng(seed)).params["kernel"] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 12), (1, 4)])
def test_orthogonal_keeps_lengths_along_its_short_side(shape, rng):
    q = orthogonal(shape, rng, np.float64)
    assert q.shape == shape
    short = q.T @ q if shape[0] >= shape[1] else q @ q.T
    np.testing.assert_allclose(short, np.eye(min(shape)), atol=1e-12)


def test_orthogonal_prefers_no_direction(rng):
    """Without the signs of R, the diagonal of small matrices would lean to one side."""
    drawn = np.array([orthogonal((2, 2), rng, np.float64) for _ in range(4000)])
    assert np.abs(drawn.mean(axis=0)).max() < 0.06  # five standard errors
