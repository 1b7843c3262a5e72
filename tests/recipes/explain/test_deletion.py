"""Deletion curves and rank correlation, against SciPy and numbers by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from bmcourse.recipes.explain import deletion


def test_the_most_important_go_first() -> None:
    x = np.array([1.0, 2, 3, 4, 10, 20, 30, 40]).reshape(2, 2, 2, 1)
    order = np.array([4.0, 1, 3, 2, 1, 1, 1, 2]).reshape(2, 2, 2)
    before = x.copy()
    found = deletion.deletion_curve(lambda z: z.sum(axis=(1, 2, 3)), x, order, [0, 1, 2, 4])
    np.testing.assert_array_equal(found, [[10, 9, 6, 0], [100, 60, 50, 0]])
    np.testing.assert_array_equal(x, before)


def test_all_channels_of_a_pixel_are_painted() -> None:
    x, order = np.ones((1, 1, 2, 3)), np.array([[[0.0, 1.0]]])
    found = deletion.deletion_curve(lambda z: z.sum(axis=(1, 2, 3)), x, order, [1], paint=2.0)
    assert found[0, 0] == 9


def test_rank_correlation_with_ties() -> None:
    dice = np.random.default_rng(0)
    a, b = dice.integers(0, 5, (3, 4, 4)), dice.normal(size=(3, 4, 4))
    expected = [spearmanr(x.ravel(), y.ravel()).statistic for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(deletion.rank_correlation(a, b), expected)


def test_rank_correlation_inside() -> None:
    dice = np.random.default_rng(1)
    a, b = dice.normal(size=(2, 3, 3)), dice.normal(size=(2, 3, 3))
    where = dice.random((2, 3, 3)) < 0.6
    expected = [spearmanr(u[w], v[w]).statistic for u, v, w in zip(a, b, where, strict=True)]
    np.testing.assert_allclose(deletion.rank_correlation_inside(a, b, where), expected)


def test_refusal() -> None:
    with pytest.raises(ValueError, match="importance"):
        deletion.deletion_curve(lambda z: z, np.ones((1, 2, 2, 1)), np.ones((1, 4)), [1])
