"""Membership attacks: counts, intervals and scores, against slow second ways."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_curve

from bmcourse.recipes.privacy import membership


@pytest.mark.parametrize(("count", "n"), [(0, 20), (1, 20), (7, 20), (20, 20), (3, 10_000)])
def test_clopper_pearson_is_scipys(count: int, n: int) -> None:
    expected = stats.binomtest(count, n).proportion_ci(0.95, "exact")
    assert membership.clopper_pearson(count, n) == pytest.approx(tuple(expected))


def test_clopper_pearson_refuses_more_than_all() -> None:
    with pytest.raises(ValueError, match="at most n = 5, got 6"):
        membership.clopper_pearson(6, 5)


@pytest.mark.parametrize("rounded", [False, True])
def test_the_attack_is_a_point_of_the_roc_curve(rounded: bool) -> None:
    rng = np.random.default_rng(0)
    inside, outside = rng.normal(1, 1, 500), rng.normal(0, 1, 1000)
    if rounded:
        inside, outside = inside.round(1), outside.round(1)  # many ties
    found = membership.attack(inside, outside, 0.02)
    truth, score = np.repeat([1, 0], [500, 1000]), np.concatenate([inside, outside])
    false, true, _ = roc_curve(truth, score, drop_intermediate=False)
    best = true[false <= 0.02].max()
    assert found.hits / 500 == best
    assert found.alarms <= 20
    assert found.auc == pytest.approx(stats.mannwhitneyu(inside, outside)[0] / 500 / 1000)
    assert (inside >= found.threshold).sum() == found.hits
    assert found.found[1] < best < found.found[2]
    assert found.false[0] == found.alarms / 1000


def test_too_few_others_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1,000 scores, got 500"):
        membership.attack(np.ones(10), np.zeros(500))


def test_the_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(1)
    truth = stats.norm.cdf(0.5 / np.sqrt(2))
    covered = 0
    for _ in range(100):
        inside, outside = rng.normal(0.5, 1, 60), rng.normal(0, 1, 90)
        low, high = membership.auc_interval(inside, outside, rng, draws=200)
        covered += low <= truth <= high
    assert 88 <= covered <= 100


def test_logit_of_truth() -> None:
    p = np.array([0.1, 0.5, 0.999])
    found = membership.logit_of_truth(-np.log(p))
    np.testing.assert_allclose(found, np.log(p / (1 - p)))
    assert np.isfinite(membership.logit_of_truth(np.zeros(1))).all()


def test_references_take_the_difficulty_away() -> None:
    hard = np.array([-3.0, 0.0, 4.0])
    references = hard + np.array([[1.0], [-1.0]])
    found = membership.against_references(hard + 0.5, references)
    np.testing.assert_allclose(found, 0.5)
