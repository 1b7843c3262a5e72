"""Money: every threshold against a slow loop, the formula against the curve's own best."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmcourse import metrics

from .oracle import FEW, Scored, assert_same, scored

Prices = dict[str, Any]
NAMES = ("gain_tp", "cost_fp", "cost_fn", "gain_tn")


@st.composite
def prices(draw: Any, n: int) -> Prices:
    """One number or one for each example, in quarters so that sums are exact; some left out."""
    numbers = st.integers(-40, 400).map(lambda k: k / 4)
    each = st.lists(numbers, min_size=n, max_size=n).map(np.array)
    names = draw(st.sets(st.sampled_from(NAMES), min_size=1))
    return {name: draw(st.one_of(numbers, each)) for name in sorted(names)}


def earned(y: int, flagged: bool, i: int, given_prices: Prices) -> float:
    """What one example earns, from the definition."""
    name = {(1, True): "gain_tp", (0, True): "cost_fp", (1, False): "cost_fn"}.get(
        (y, flagged), "gain_tn"
    )
    price = given_prices.get(name, 0.0)
    amount = price[i] if np.ndim(price) else price
    return -amount if name.startswith("cost") else amount


def slow_profit(y: np.ndarray, flagged: np.ndarray, given_prices: Prices) -> float:
    rows = zip(y.tolist(), flagged.tolist(), strict=True)
    return sum(earned(a, bool(b), i, given_prices) for i, (a, b) in enumerate(rows)) / len(y)


@FEW
@given(data=scored(), draw=st.data())
def test_every_threshold_earns_what_a_slow_loop_counts(data: Scored, draw: Any) -> None:
    asked = draw.draw(prices(len(data.y_true)))
    profit, thresholds = metrics.expected_profit_curve(data.y_true, data.y_score, **asked)
    assert thresholds.tolist() == [np.inf, *sorted(set(data.y_score.tolist()), reverse=True)]
    for found, threshold in zip(profit, thresholds, strict=True):
        flagged = data.y_score >= threshold
        wanted = slow_profit(data.y_true, flagged, asked)
        assert_same(found, wanted)
        assert_same(metrics.expected_profit(data.y_true, flagged.astype(int), **asked), wanted)


@FEW
@given(data=scored(), draw=st.data())
def test_the_best_threshold_is_the_highest_that_earns_most(data: Scored, draw: Any) -> None:
    asked = draw.draw(prices(len(data.y_true)))
    levels = [np.inf, *sorted(set(data.y_score.tolist()), reverse=True)]
    earnings = [slow_profit(data.y_true, data.y_score >= t, asked) for t in levels]
    wanted = next(t for t, e in zip(levels, earnings, strict=True) if e >= max(earnings) - 1e-9)
    assert metrics.best_threshold(data.y_true, data.y_score, **asked) == wanted


def test_prevalence_counts_like_a_data_set_that_has_it() -> None:
    rng = np.random.default_rng(2)
    y = np.array([1] * 20 + [0] * 30)
    score = np.round(rng.normal(y, 1), 1)
    repeated = np.repeat(np.arange(50), np.where(y == 1, 1, 6))  # 20 of 200: a tenth
    asked: Prices = {"gain_tp": 7.0, "cost_fp": 2.0, "cost_fn": 3.0, "gain_tn": 0.5}
    ours, at = metrics.expected_profit_curve(y, score, prevalence=0.1, **asked)
    wanted, there = metrics.expected_profit_curve(y[repeated], score[repeated], **asked)
    np.testing.assert_array_equal(at, there)
    np.testing.assert_allclose(ours, wanted, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_formula_finds_the_best_threshold_of_calibrated_probabilities(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = np.round(rng.beta(1, 4, 100_000), 2)
    y = (rng.uniform(size=p.size) < p).astype(int)
    asked: Prices = {"gain_tp": 30.0, "cost_fp": 5.0, "cost_fn": 10.0, "gain_tn": 1.0}
    wanted = metrics.cost_sensitive_threshold(**asked)
    assert wanted == pytest.approx(6 / 46)
    assert abs(metrics.best_threshold(y, p, **asked) - wanted) <= 0.03
    profit, thresholds = metrics.expected_profit_curve(y, p, **asked)
    at_formula = metrics.expected_profit(y, (p >= wanted).astype(int), **asked)
    assert profit.max() - at_formula <= 0.02
    assert len(thresholds) == len(set(p.tolist())) + 1


def test_the_formula_by_hand() -> None:
    assert metrics.cost_sensitive_threshold(cost_fp=1, cost_fn=9) == pytest.approx(0.1)
    assert metrics.cost_sensitive_threshold(cost_fp=0, gain_tp=1) == 0
    each = metrics.cost_sensitive_threshold(cost_fp=200, gain_tp=np.array([200, 600, 3800]))
    np.testing.assert_allclose(each, [0.5, 0.25, 0.05])


def test_adding_the_same_to_both_decisions_changes_no_threshold() -> None:
    rng = np.random.default_rng(3)
    y, score = rng.integers(0, 2, 200), rng.normal(size=200)
    gains = metrics.best_threshold(y, score, gain_tp=8, cost_fp=2)
    costs = metrics.best_threshold(y, score, gain_tp=-2, cost_fp=2, cost_fn=10)
    assert gains == costs


def test_one_class_and_one_example() -> None:
    assert metrics.expected_profit([0], [1], cost_fp=3) == -3
    assert metrics.best_threshold([0, 0], [0.1, 0.9], gain_tp=5, cost_fp=1) == np.inf
    assert metrics.best_threshold([1, 1], [0.1, 0.9], gain_tp=5, cost_fp=1) == 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.expected_profit([0, 1], [1]), "y_true and y_pred must be of the same"),
        (lambda: metrics.expected_profit([0, 2], [1, 1]), "pos_label must be given"),
        (
            lambda: metrics.expected_profit([0, 1], [1, 1], cost_fp=[1, 2, 3]),
            "cost_fp must be one number, or 2, got 3 numbers",
        ),
        (
            lambda: metrics.expected_profit([0, 1], [1, 1], gain_tp=[[1.0]]),
            r"gain_tp must be one number, or one for each example, got shape \(1, 1\)",
        ),
        (
            lambda: metrics.expected_profit_curve([0, 1], [0, 1], gain_tp=np.nan),
            "gain_tp must be an array of finite numbers",
        ),
        (
            lambda: metrics.expected_profit_curve([0, 1], [0, np.nan], gain_tp=1),
            "y_score must be an array of finite numbers",
        ),
        (
            lambda: metrics.expected_profit_curve([0, 1], [0, 1], prevalence=1),
            "prevalence must be a finite number above 0 and below 1, got 1",
        ),
        (
            lambda: metrics.best_threshold([0, 0], [0, 1], prevalence=0.5),
            "prevalence must be left out where only one class is present",
        ),
        (
            lambda: metrics.cost_sensitive_threshold(cost_fp=-1, cost_fn=1),
            r"cost_fp \+ gain_tn must be at least 0, got -1",
        ),
        (
            lambda: metrics.cost_sensitive_threshold(cost_fp=1),
            r"cost_fn \+ gain_tp must be above 0, got 0",
        ),
    ],
)
def test_bad_input_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
