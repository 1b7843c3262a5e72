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


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros((2, 2)), np.zeros(1), np.zeros(0)])
def test_refusals(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="worth"):
        shapley.shapley_values(wrong)


def test_too_many_features() -> None:
    with pytest.raises(ValueError, match="at most 16"):
        shapley.coalitions(17)


def test_worths_are_means_over_the_background() -> None:
    rng = np.random.default_rng(0)
    one, background = rng.normal(size=3), rng.normal(size=(5, 3))

    def predict(x: np.ndarray) -> np.ndarray:
        return x[:, 0] * x[:, 1] + np.exp(x[:, 2])

    found = shapley.worths(predict, one, background)
    for row, inside in enumerate(shapley.coalitions(3)):
        mixed = background.copy()
        mixed[:, inside] = one[inside]
        assert found[row] == pytest.approx(predict(mixed).mean())


def test_of_a_linear_model() -> None:
    rng = np.random.default_rng(1)
    kernel, one, background = rng.normal(size=4), rng.normal(size=4), rng.normal(size=(7, 4))
    found = shapley.shapley_values(shapley.worths(lambda x: x @ kernel, one, background))
    np.testing.assert_allclose(found, kernel * (one - background.mean(axis=0)), atol=1e-12)


@pytest.mark.parametrize("many", [1, 3, 4])
def test_gains_in_all_orders(many: int) -> None:
    worth = np.random.default_rng(many).normal(size=2**many)
    found = shapley.gains_in_all_orders(worth)
    np.testing.assert_allclose(found.mean(axis=0), by_orders(worth, many), atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), worth[-1] - worth[0])


def test_background_of_another_width() -> None:
    with pytest.raises(ValueError, match="background"):
        shapley.worths(lambda x: x[:, 0], [1.0, 2.0], [[1.0]])


def test_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapley.importlib.util, "find_spec", lambda name: None)
    assert "pip install shap" in shapley.missing()
    monkeypatch.setattr(shapley.importlib.util, "find_spec", lambda name: name)
    assert shapley.missing() == ""
