from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bmcourse.recipes.service import duel, late


def test_a_label_is_known_from_its_month_on() -> None:
    assert late.known([0, 1, 2], [0, 2, 2], 2).tolist() == [True, False, False]


def test_the_window_ends_with_the_last_label_that_came() -> None:
    months, errors = np.repeat(np.arange(10), 2), np.repeat(np.arange(10.0), 2)
    assert late.errors_seen(months, errors, 2, 9, 3).tolist() == [5, 5, 6, 6, 7, 7]
    assert late.errors_seen(months, errors, 2, 1, 3).tolist() == []


@pytest.mark.parametrize("delay", [0, 1, 4])
def test_an_alarm_comes_as_much_later_as_the_labels(delay: int) -> None:
    months = np.repeat(np.arange(12), 20)
    errors = np.where(months >= 6, 0.3, 0.1)
    assert late.first_alarm(months, errors, delay, 0.2) == 6 + delay
    assert late.first_alarm(months, errors, delay, 0.4) is None
    assert late.first_alarm(months[:5], errors[:5], delay, 0.05) is None  # too few


def test_the_interval_is_student_s() -> None:
    values = np.random.default_rng(0).normal(size=30)
    low, high = stats.t.interval(0.9, 29, values.mean(), stats.sem(values))
    mean, half = duel.interval(values, 0.1)
    assert (mean - half, mean + half) == pytest.approx((low, high))
    with pytest.raises(ValueError, match="at least two"):
        duel.interval([1.0], 0.1)


def test_a_worse_challenger_is_rolled_back_and_a_better_one_is_kept() -> None:
    d = np.random.default_rng(0).normal(0.5, 1, 400)
    looks = range(50, 401, 50)
    assert duel.roll_back(d, looks).action == "roll back"
    assert duel.roll_back(d, looks).labels <= 150
    kept = duel.roll_back(-d, looks)
    assert (kept.action, kept.labels) == ("keep", 400)
    with pytest.raises(ValueError, match="at most 400 labels, got 500"):
        duel.roll_back(-d, (500,))


@pytest.mark.parametrize("seed", range(3))
def test_many_looks_need_wider_intervals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    d, looks = rng.normal(size=600), range(60, 601, 60)
    plain, corrected = (
        duel.share_rolled_back(d, looks, rng, corrected=c, repeats=200) for c in (False, True)
    )
    assert plain > 0.05
    assert corrected < 0.05
