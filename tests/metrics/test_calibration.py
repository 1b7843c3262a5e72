from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve as sk_calibration_curve

from bmcourse import metrics

from .oracle import FEW, Scored, assert_same, quietly, scored
from .test_areas import tables

bins = st.integers(1, 12)


@FEW
@given(data=scored(probabilities=True), normalize=st.booleans(), names=st.booleans())
def test_two_classes_equal_scikit_learn(data: Scored, normalize: bool, names: bool) -> None:
    kinds = np.array(["ham", "spam"]) if names else np.array([0, 1])
    y, p, weight = kinds[data.y_true], data.y_score, data.weight
    options = {"normalize": normalize, "sample_weight": weight, "labels": kinds}
    assert_same(metrics.log_loss(y, p, **options), sk.log_loss(y, p, **options))
    both = np.stack([1 - p, p], axis=1)
    assert_same(metrics.log_loss(y, both, **options), sk.log_loss(y, both, **options))
    for half in (True, False, "auto"):
        more: dict[str, Any] = {"scale_by_half": half, "sample_weight": weight}
        positive = "spam" if names else None
        assert_same(
            metrics.brier_score_loss(y, p, pos_label=positive, **more),
            sk.brier_score_loss(y, p, pos_label=positive, **more),
        )


@FEW
@given(data=tables(), absent=st.booleans())
def test_many_classes_equal_scikit_learn(data: Any, absent: bool) -> None:
    y, table, weight = data
    names = np.array(["ape", "bee", "cat", "dog"])[: table.shape[1]]
    truth = names[np.where(absent & (y == 1), 0, y)]  # class 1 may be absent
    options = {"labels": names, "sample_weight": weight}
    for name in ("log_loss", "brier_score_loss"):
        ours = getattr(metrics, name)(truth, table, **options)
        assert_same(ours, quietly(getattr(sk, name), truth, table, **options))


@FEW
@given(data=scored(probabilities=True), n_bins=bins, kind=st.sampled_from(["uniform", "quantile"]))
def test_reliability_equals_scikit_learn(data: Scored, n_bins: int, kind: str) -> None:
    options = {"n_bins": n_bins, "strategy": kind}
    ours = metrics.calibration_curve(data.y_true, data.y_score, **options)
    theirs = sk_calibration_curve(data.y_true, data.y_score, **options)
    for mine, other in zip(ours, theirs, strict=True):
        assert_same(mine, other)


@FEW
@given(data=scored(probabilities=True), n_bins=bins)
def test_calibration_error_is_that_of_a_slow_loop(data: Scored, n_bins: int) -> None:
    edges = np.linspace(0, 1, n_bins + 1)
    slow = 0.0
    for b in range(n_bins):
        low = -1 if b == 0 else edges[b]
        inside = (data.y_score > low) & (data.y_score <= edges[b + 1])
        if inside.any():
            slow += inside.mean() * abs(data.y_true[inside].mean() - data.y_score[inside].mean())
    ours = metrics.expected_calibration_error(data.y_true, data.y_score, n_bins=n_bins)
    assert_same(ours, slow)


def test_calibration_error_of_columns_judges_the_likeliest_class() -> None:
    table = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.8, 0.1, 0.1]]
    ours = metrics.expected_calibration_error(["a", "b", "a", "c"], table)
    assert_same(ours, 0.8 - 0.5)


def test_certain_and_wrong_costs_much_not_infinity() -> None:
    assert_same(metrics.log_loss([0, 1], [1.0, 1.0]), sk.log_loss([0, 1], [1.0, 1.0]))


@pytest.mark.parametrize(
    "score",
    [metrics.log_loss, metrics.brier_score_loss, metrics.expected_calibration_error],
)
@pytest.mark.parametrize(
    ("y_true", "p", "message"),
    [
        ([0, 1], [0.1, 1.2], r"must be probabilities in \[0, 1\], got 1.2"),
        ([0, 1], [-0.1, 0.2], r"must be probabilities in \[0, 1\], got -0.1"),
        ([0, 1], [0.1, np.nan], "must be an array of finite numbers, got nan"),
        ([0, 1, 1], [0.1, 0.2], "must be of the same length"),
        ([0, 1], [[0.4, 0.4], [0.5, 0.5]], "must be rows that sum to 1, got a row"),
        ([0, 1], [[0.2, 0.2, 0.6]] * 2, "labels must be given where y_true lacks"),
    ],
)
def test_bad_probabilities_are_refused(score, y_true, p, message) -> None:
    with pytest.raises(ValueError, match=message):
        score(y_true, p)


def test_reliability_needs_two_classes_and_sound_options() -> None:
    curve = metrics.calibration_curve
    with pytest.raises(ValueError, match="y_true must be of at most two classes"):
        curve([0, 1, 2], [0.1, 0.2, 0.3], pos_label=1)
    with pytest.raises(ValueError, match="strategy must be one of"):
        curve([0, 1], [0.1, 0.2], strategy="even")
    with pytest.raises(ValueError, match="n_bins must be a whole number"):
        curve([0, 1], [0.1, 0.2], n_bins=0)
    with pytest.raises(ValueError, match=r"y_prob must be an array of shape \(n_samples,\)"):
        curve([0, 1], [[0.5, 0.5], [0.5, 0.5]])
