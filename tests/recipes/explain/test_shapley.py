"""Shapley values against the mean over all orders, written out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from bmcourse.recipes.explain import shapley


def by_orders(worth: np.ndarray, many: int) -> np.ndarray:
    gains = []
    for order in permutations(range(many)):
        row, inside = np.zeros(many), 0
        for feature in order:
            row[feature] = worth[inside | 1 << feature] - worth[inside]
            inside |= 1 << feature
        gains.append(row)
    return np.mean(gains, axis=0)


@pytest.mark.parametrize("many", [1, 2, 3, 5])
def test_against_all_orders(many: int) -> None:
    worth = np.random.default_rng(many).normal(size=2**many)
    found = shapley.shapley_values(worth)
    np.testing.assert_allclose(found, by_orders(worth, many), atol=1e-12)
    assert found.sum() == pytest.approx(worth[-1] - worth[0])


def test_sampling_is_near_and_knows_its_error() -> None:
    worth = np.random.default_rng(0).normal(size=2**4)
    powers = 2 ** np.arange(4)
    exact, gaps = shapley.shapley_values(worth), []
    for seed in range(30):
        found, error = shapley.sampled_shapley(lambda s: worth[s @ powers], 4, 100, seed)
        gaps.append((found - exact) / error)
    assert 0.8 < np.std(gaps) < 1.2


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros((2, 2)), np.zeros(1), np.zeros(0)])
def test_refusals(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="worth"):
        shapley.shapley_values(wrong)


def test_too_many_features() -> None:
    with pytest.raises(ValueError, match="at most 16"):
        shapley.coalitions(17)
