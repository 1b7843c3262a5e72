from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bmcourse.datasets import tables
from bmcourse.recipes.alarms import survival


@pytest.mark.parametrize("seed", range(4))
def test_kaplan_meier_is_scipys_with_ties_and_times_cut_short(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lasted = rng.integers(1, 9, size=30).astype(float)
    ended = rng.random(30) < 0.6
    times, share = survival.kaplan_meier(lasted, ended)
    oracle = stats.ecdf(stats.CensoredData.right_censored(lasted, ~ended)).sf
    ask = np.arange(0.0, 10.0, 0.5)
    ours = survival.survival_at(ask, times, share)
    np.testing.assert_allclose(ours, oracle.evaluate(ask), atol=1e-12)


def test_without_times_cut_short_it_is_the_share_that_is_left() -> None:
    times, share = survival.kaplan_meier([3, 1, 2, 2], np.ones(4))
    assert times.tolist() == [1, 2, 3]
    np.testing.assert_allclose(share, [0.75, 0.25, 0], atol=1e-12)


def test_nobody_fails() -> None:
    times, share = survival.kaplan_meier([1, 2], [False, False])
    assert len(times) == len(share) == 0
    assert survival.survival_at([0.0, 5.0], times, share).tolist() == [1, 1]


def test_hazard_divides_by_the_time_at_risk() -> None:
    found = survival.hazard([1, 3, 5], [True, False, True], [0, 2, 4, 6])
    np.testing.assert_allclose(found, [1 / (1 + 2 + 2), 0, 1 / 1])


def test_hazard_of_an_exponential_life_is_its_rate() -> None:
    rng = np.random.default_rng(0)
    life, watched = rng.exponential(10, 20_000), rng.uniform(0, 40, 20_000)
    found = survival.hazard(np.minimum(life, watched), life <= watched, [0, 5, 10, 20])
    np.testing.assert_allclose(found, 0.1, rtol=0.05)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="one time and one flag"):
        survival.kaplan_meier([1, 2], [True])
    with pytest.raises(ValueError, match="0 or more"):
        survival.kaplan_meier([np.nan], [True])


def test_fans_of_the_table() -> None:
    fans = tables.engine_fans().frame
    times, share = survival.kaplan_meier(fans["hours"], fans["status"])
    assert len(times) == 10
    assert 0.6 < share[-1] < 0.8
