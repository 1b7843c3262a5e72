"""Exercises on warnings: a survival curve, a control chart, events caught, late labels, money."""

from __future__ import annotations

import numpy as np

from bmcourse.checks import Array
from bmcourse.exercises import Case, Exercise


def _product_limit(at_risk: Array, failed: Array) -> Array:
    return np.cumprod(1 - failed / at_risk)


def _lives(rng: np.random.Generator) -> list[Case]:
    failed = rng.integers(1, 3, size=5)
    return [
        (np.array([5, 4, 2]), np.array([1, 1, 1])),
        (np.array([40, 31, 20, 11, 4]), failed),
        (np.array([3, 2]), np.array([1, 2])),
    ]


product_limit = Exercise(
    "the survival curve of Kaplan and Meier",
    reference=_product_limit,
    cases=_lives,
    mistakes={
        "1 - failed / at_risk": "That is the share that survives each single time. To survive until then, a unit had to survive all the times before, too: multiply along.",
        "1 - np.cumsum(failed) / at_risk[0]": "That counts a unit that was cut short as if it were watched to the end. Divide by those that are still at risk.",
        "np.cumprod(failed / at_risk)": "`failed / at_risk` is the share that fails. Take the rest of it.",
        "1 - np.cumsum(failed / at_risk)": "Shares of different groups cannot be added: the second share is a share of those that survived the first. Multiply.",
        "np.cumprod(1 - failed / at_risk[0])": "The units at risk become fewer. Divide by those at risk at each time.",
        "np.prod(1 - failed / at_risk)": "That is the last point of the curve only. The curve has one point for each time.",
        "1 - np.cumprod(1 - failed / at_risk)": "That is the share that has failed. The curve is the share that survives.",
        "np.exp(-np.cumsum(failed / at_risk))": "That is another estimate (Nelson and Aalen). Here multiply the shares that survive.",
    },
)


def _cusum_step(total: float, z: float, slack: float) -> float:
    return max(0.0, total + z - slack)


cusum_step = Exercise(
    "one step of a CUSUM chart, upwards",
    reference=_cusum_step,
    cases=lambda rng: [(0.0, 1.5, 0.5), (2.0, -4.0, 0.5), (3.0, 1.0, 0.25), (1.0, 0.25, 0.5)],
    mistakes={
        "total + z - slack": "The sum may not fall below 0: what went well in the past must not hide a fault of today.",
        "max(0.0, total + z)": "Take the slack away in each step. Without it the sum wanders away from 0 though nothing has happened.",
        "max(0.0, total + z) - slack": "First take the slack away, then cut at 0. In your order the sum can end below 0, and a fault of today then takes longer to show.",
        "total + max(0.0, z - slack)": "Values below the slack must bring the sum down again. Cut at 0 after the addition.",
        "max(0.0, z - slack)": "Where is the sum so far? Without it this is a chart of single values.",
        "max(0.0, total + z + slack)": "The slack is taken away, not added.",
        "max(0.0, total + abs(z) - slack)": "This sum goes upwards only. Values below the mean have a sum of their own.",
        "max(slack, total + z - slack)": "The sum is cut at 0, not at the slack.",
    },
)


def _announced(alarms: Array, starts: Array, horizon: float, least: float) -> int:
    gap = starts[None, :] - alarms[:, None]
    return int(((gap >= least) & (gap < horizon)).any(axis=0).sum())


def _logs(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([1.0, 2.0, 9.0]), np.array([5.0, 9.5, 30.0]), 6.0, 1.0),
        (np.array([10.0]), np.array([12.0, 13.0]), 6.0, 1.0),
        (np.array([1.0, 4.5]), np.array([5.0]), 6.0, 1.0),
        (np.array([0.0, 24.0]), np.array([6.0, 25.0]), 6.0, 1.0),
        (np.sort(rng.uniform(0, 200, 12)), np.sort(rng.uniform(0, 200, 9)), 12.0, 2.0),
    ]


announced = Exercise(
    "events that were announced",
    reference=_announced,
    cases=_logs,
    mistakes={
        "int(((starts[None, :] - alarms[:, None] >= least) & (starts[None, :] - alarms[:, None] < horizon)).any(axis=1).sum())": "Those are the alarms that were right. Count the events.",
        "int(((starts[None, :] - alarms[:, None] >= least) & (starts[None, :] - alarms[:, None] < horizon)).sum())": "Those are pairs. An event that two alarms announce is still one event.",
        "int(((starts[None, :] - alarms[:, None] >= 0) & (starts[None, :] - alarms[:, None] < horizon)).any(axis=0).sum())": "An alarm that comes later than `least` hours before the event is too late.",
        "int(((starts[None, :] - alarms[:, None] >= least) & (starts[None, :] - alarms[:, None] <= horizon)).any(axis=0).sum())": "At exactly `horizon` hours the event is outside: the window is `least <= gap < horizon`.",
        "int(((starts[None, :] - alarms[:, None] > least) & (starts[None, :] - alarms[:, None] < horizon)).any(axis=0).sum())": "At exactly `least` hours the warning is in time: the window is `least <= gap < horizon`.",
        "int((np.abs(starts[None, :] - alarms[:, None]) < horizon).any(axis=0).sum())": "An alarm *after* the start announces nothing.",
        "sum(any(least <= s - a < horizon for a in [a for a in alarms if a <= s][-1:]) for s in starts)": "You ask only the last alarm before each event. It may come too late, while an earlier one was in time: one alarm in the window is enough, whichever it is.",
        "sum(least <= s - alarms[0] < horizon for s in starts)": "You ask only the first alarm of the log. Compare each event with all alarms: one of them in the window is enough.",
        "int((starts[None, :] - alarms[:, None] >= least).any(axis=0).sum())": "An alarm of last month is no warning: the event has to come within `horizon` hours.",
        "float(((starts[None, :] - alarms[:, None] >= least) & (starts[None, :] - alarms[:, None] < horizon)).any(axis=0).mean())": "That is the recall. The number of events was asked for.",
        "int(((alarms[None, :] - starts[:, None] >= least) & (alarms[None, :] - starts[:, None] < horizon)).any(axis=1).sum())": "The sign: the alarm comes first.",
    },
)


def _known_rows(at: Array, now: float, horizon: float, delay: float) -> Array:
    return at + horizon + delay <= now


known_rows = Exercise(
    "rows whose label is known",
    reference=_known_rows,
    cases=lambda rng: [
        (np.arange(0.0, 20.0), 15.0, 6.0, 2.0),
        (np.array([1.0, 7.0, 3.0]), 9.0, 6.0, 0.0),
        (np.arange(0.0, 48.0, 3.0), 30.0, 24.0, 3.0),
        (np.arange(0.0, 48.0, 3.0), 30.0, 3.0, 24.0),
    ],
    mistakes={
        "at <= now": "The *row* is known at `at`, its label is not: it asks for the hours after it.",
        "at < now": "The *row* is known at `at`, its label is not: it asks for the hours after it.",
        "at + horizon <= now": "The window has passed, but the label is written down `delay` hours later.",
        "at + delay <= now": "The label asks for `horizon` hours. They have to pass first.",
        "at + horizon + delay < now": "A label that is written down exactly at `now` is known.",
        "at + np.maximum(horizon, delay) <= now": "First the window passes, then the delay begins: add them.",
        "at - horizon - delay <= now": "The signs: the label comes *after* the decision.",
        "at + horizon + delay >= now": "Those are the rows whose label is *not* known yet.",
    },
)


def _false_alarms(visit: float, saving: float) -> float:
    return (saving - visit) / visit


false_alarms = Exercise(
    "false alarms that one right alarm pays for",
    reference=_false_alarms,
    cases=lambda rng: [(200.0, 1000.0), (50.0, 75.0), (300.0, 4000.0)],
    mistakes={
        "saving / visit": "The right alarm costs a visit, too.",
        "visit / saving": "That is the least precision that pays, p*. Here false alarms for each right one are asked for.",
        "visit / (saving - visit)": "Upside down: the more expensive the visit, the fewer false alarms.",
        "saving - visit": "That is what a right alarm earns, in money. How many visits does it pay for?",
        "(saving - visit) / saving": "Divide by the price of one false alarm, a visit.",
        "(saving + visit) / visit": "The visit of the right alarm is a cost.",
        "(saving - visit) // visit": "You rounded down. The answer is a mean over many alarms, so it may be a fraction: half a false alarm for each right one is one for every two. Divide with `/`.",
    },
)
