from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bmcourse.recipes.service import drift


def test_psi_by_hand() -> None:
    p, q = np.array([10.5, 30.5, 0.5]), np.array([20.5, 20.5, 5.5])
    p, q = p / p.sum(), q / q.sum()
    expected = sum((b - a) * np.log(b / a) for a, b in zip(p, q, strict=True))
    assert drift.psi([10, 30, 0], [20, 20, 5]) == pytest.approx(expected)
    assert drift.psi([20, 20, 5], [10, 30, 0]) == pytest.approx(expected)  # both ways alike


def test_parts_are_of_equal_size_and_ties_join_them() -> None:
    inner = drift.edges(np.arange(1000))
    assert drift.counts(np.arange(1000), inner).tolist() == [100] * 10
    assert drift.edges([0] * 90 + [1, 2, 3, 4, 5] * 2, 10).tolist() == pytest.approx(
        [0.0, 0.1], abs=0.2
    )
    assert drift.counts([-5, 99], np.array([0.0, 1.0])).tolist() == [1, 0, 1]


@pytest.mark.parametrize("seed", range(3))
def test_without_drift_psi_has_the_mean_and_the_limit_of_the_formula(seed: int) -> None:
    rng, n, m = np.random.default_rng(seed), 2000, 400
    found = []
    for _ in range(300):
        a, b = rng.normal(size=n), rng.normal(size=m)
        inner = drift.edges(a)
        found.append(drift.psi(drift.counts(a, inner), drift.counts(b, inner)))
    # The edges follow the reference, so its own luck is not in the index: about 9/m remains.
    assert 0.6 * drift.psi_expected(10, n, m) < np.mean(found) < 1.2 * drift.psi_expected(10, n, m)
    assert np.mean(np.array(found) > drift.psi_limit(10, n, m, 0.05)) < 0.09


def test_the_limit_is_scipy_s_chi_squared() -> None:
    assert drift.psi_limit(10, 100, 50, 0.01) == pytest.approx(stats.chi2.ppf(0.99, 9) * 0.03)


@pytest.mark.parametrize("ties", [False, True])
def test_the_gap_is_scipy_s(ties: bool) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=80), rng.normal(0.5, size=33)
    if ties:
        a, b = a.round(), b.round()
    theirs = stats.ks_2samp(a, b, method="asymp")
    assert drift.largest_gap(a, b) == pytest.approx(theirs.statistic)
    assert drift.ks_p(a, b) == pytest.approx(theirs.pvalue)


def test_pairs_without_drift_hold_no_row_twice() -> None:
    pool, rng = np.arange(30), np.random.default_rng(0)
    pairs = list(drift.undrifted(pool, (20, 10), rng, 20))
    assert all(sorted(np.concatenate(pair)) == pool.tolist() for pair in pairs)
    assert {(len(a), len(b)) for a, b in pairs} == {(20, 10)}
    above = [b[0] > b[1] for _, b in drift.undrifted(pool, (10, 10), rng, 400)]
    assert np.mean(above) == pytest.approx(0.5, abs=0.1)
    assert len(pairs) == 20
    with pytest.raises(ValueError, match="at most 30 rows together, got 31"):
        next(drift.undrifted(pool, (20, 11), rng, 1))


def test_many_columns_need_a_smaller_limit() -> None:
    p = {"a": 0.03, "b": 0.001, "c": 0.5, "d": 0.2}
    assert drift.drifted(p, 0.05, corrected=False) == ["b", "a"]
    assert drift.drifted(p, 0.05, corrected=True) == ["b"]
