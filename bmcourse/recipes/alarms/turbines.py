"""The log of two wind turbines, as rows for a decision each hour."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bmcourse.checks import Array
from bmcourse.datasets import tables
from bmcourse.recipes.alarms import windows

TURBINES = (21, 22)
DAYS = 61  # November and December 2015
QUIET = 2.0  # hours without a fault event before a new episode begins
WIDTHS = (1, 6, 24, 48)
GROUPS = ("ok", "fault_pt", "fault_fc", "fault_other", "test", "maintenance", "grid", "sensor")
FIRST = 31 * 24.0  # hours to learn from; nothing later may choose a column
CODES = 30  # so many of the most frequent codes of these hours are counted, too


def read() -> pd.DataFrame:
    """Return the log with the hour since 1 November 2015, the group, and whether it is a fault."""
    log = tables.turbine_events().frame
    log["hour"] = log["second"] / 3600
    log["fault"] = log["stop_cat"].str.startswith("fault")
    known = log["stop_cat"].isin(GROUPS)
    log["group"] = log["stop_cat"].where(known | ~log["fault"], "fault_other")
    return log


def starts(log: pd.DataFrame, turbine: int) -> Array:
    """Return the hours at which the fault episodes of a turbine begin."""
    rows = log["fault"] & (log["turbine"] == turbine)
    return windows.episodes(log.loc[rows, "hour"], QUIET)


def clock(at: Array) -> pd.DataFrame:
    """Return the hour of the day as a place on a circle, so that 23:59 is near 00:00."""
    turn = 2 * np.pi * (at % 24) / 24
    return pd.DataFrame({"sin": np.sin(turn), "cos": np.cos(turn)})


def features(log: pd.DataFrame, turbine: int, at: Array, ahead: float = 0.0) -> pd.DataFrame:
    """Return what the log said before each decision.

    Parameters
    ----------
    log : pandas.DataFrame
        As `read` returns it.
    turbine : int
    at : array of shape (n,)
        Hours of the decisions.
    ahead : float
        A window that is centred looks so far ahead, too: a leak, here to be measured.
    """
    mine = log[log["turbine"] == turbine]
    columns: dict[str, Array] = {}
    for group in GROUPS:
        times = mine.loc[mine["group"] == group, "hour"]
        for width in WIDTHS:
            reach = min(ahead, width / 2)
            columns[f"{group}, {width} h"] = windows.count(times, at, width - reach, reach)
    for code in log.loc[log["hour"] < FIRST, "code"].value_counts().index[:CODES]:
        times = mine.loc[mine["code"] == code, "hour"]
        columns[f"code {code}, 24 h"] = windows.count(times, at, 24)
    counted = pd.DataFrame({name: np.log1p(column) for name, column in columns.items()})
    faults = mine.loc[mine["fault"], "hour"]
    counted["since fault"] = np.log1p(windows.since(faults, at, otherwise=240.0))
    return pd.concat([counted, clock(at)], axis=1)


def rows(log: pd.DataFrame, horizon: float, ahead: float = 0.0) -> pd.DataFrame:
    """Return a row for each hour of each turbine from the third day on, with its label.

    The columns ``turbine``, ``at``, ``day`` and ``label`` come first, then the features.
    """
    at = np.arange(48.0, 24 * DAYS - horizon + 1)
    parts: list[pd.DataFrame] = []
    for turbine in TURBINES:
        label = windows.begins_within(starts(log, turbine), at, horizon)
        head = pd.DataFrame({"turbine": turbine, "at": at, "day": at // 24, "label": label})
        parts.append(pd.concat([head, features(log, turbine, at, ahead)], axis=1))
    return pd.concat(parts, ignore_index=True)
