from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bmcourse.recipes.alarms import turbines, windows


def test_a_window_ends_before_the_decision() -> None:
    times = [5.0, 9.999, 10.0]
    assert windows.count(times, [10.0], width=5.0).tolist() == [2]
    assert windows.count(times, [10.0], width=4.999).tolist() == [1]
    assert windows.count(times, [10.0], width=5.0, ahead=0.1).tolist() == [3]


def test_the_label_begins_at_the_decision_and_ends_before_the_horizon() -> None:
    starts = [10.0, 16.0]
    assert windows.begins_within(starts, [10.0, 10.1, 4.0, 4.1], 6.0).tolist() == [
        True,
        True,
        False,
        True,
    ]
    assert windows.until(starts, [17.0]).tolist() == [np.inf]


def test_since_is_the_last_event_before() -> None:
    assert windows.since([3.0, 8.0], [3.0, 8.0, 9.0], otherwise=99).tolist() == [99, 5, 1]


def test_episodes_need_quiet() -> None:
    assert windows.episodes([0.0, 2.0, 4.1, 4.2], quiet=2.0).tolist() == [0.0, 4.1]


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    return turbines.read()


def test_no_feature_knows_what_comes_after(log: pd.DataFrame) -> None:
    """Events at or after the decision, and how long an event will last, change no feature."""
    at = np.array([500.0, 700.25])
    for now in at:
        past = log[log["hour"] < now].copy()
        past["lasts"] = 0
        # Which codes are counted is chosen on the first 31 days: keep these in the list.
        future = log[log["hour"] >= now].assign(turbine=-1)
        known = pd.concat([past, future])
        for turbine in turbines.TURBINES:
            full = turbines.features(log, turbine, np.array([now]))
            np.testing.assert_array_equal(
                turbines.features(known, turbine, np.array([now])).to_numpy(), full.to_numpy()
            )


def test_a_centred_window_does_know(log: pd.DataFrame) -> None:
    table = turbines.features(log, 21, np.arange(48.0, 800.0), ahead=24)
    honest = turbines.features(log, 21, np.arange(48.0, 800.0))
    assert (table["fault_pt, 6 h"] != honest["fault_pt, 6 h"]).any()
    assert list(table) == list(honest)


def test_rows_have_their_labels(log: pd.DataFrame) -> None:
    table = turbines.rows(log, horizon=6.0)
    one = table[table["turbine"] == 22]
    begun = turbines.starts(log, 22)
    slow = [any(0 <= s - t < 6 for s in begun) for t in one["at"]]
    assert one["label"].tolist() == slow
    assert one["at"].max() + 6 == 24 * turbines.DAYS
    assert len(begun) == 29


def test_later_days_choose_no_column(log: pd.DataFrame) -> None:
    early = log[log["hour"] < turbines.FIRST]
    at = np.array([60.0])
    assert list(turbines.features(early, 21, at)) == list(turbines.features(log, 21, at))
