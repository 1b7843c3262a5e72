"""Wrong answers and quick questions on warnings before a fault."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.fault_prediction import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers


def _one_by_one(alarms: Any, starts: Any, horizon: float, least: float) -> int:
    return sum(any(least <= s - a < horizon for a in alarms) for s in starts)


def _loop(at_risk: Any, failed: Any) -> list[float]:
    share, out = 1.0, []
    for risk, dead in zip(at_risk, failed, strict=True):
        share *= (risk - dead) / risk
        out.append(share)
    return out


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.product_limit, _loop),
        (exercises.cusum_step, lambda total, z, slack: np.clip(total + z - slack, 0, None)),
        (exercises.announced, _one_by_one),
        (exercises.known_rows, lambda at, now, horizon, delay: now - at >= horizon + delay),
        (exercises.false_alarms, lambda visit, saving: saving / visit - 1),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.product_limit, lambda r, d: 1 - d / r, "all the times before"),
        (exercises.product_limit, lambda r, d: 1 - np.cumsum(d) / r[0], "cut short"),
        (exercises.cusum_step, lambda s, z, k: s + z - k, "below 0"),
        (exercises.cusum_step, lambda s, z, k: s + max(0, z - k), "bring the sum down"),
        (
            exercises.announced,
            lambda a, s, h, least: sum(any(least <= t - x <= h for x in a) for t in s),
            "exactly `horizon`",
        ),
        (
            exercises.announced,
            lambda a, s, h, least: sum(any(least <= t - x < h for t in s) for x in a),
            "alarms that were right",
        ),
        (
            exercises.announced,
            lambda a, s, h, least: sum(
                bool((a <= t).any()) and least <= t - a[a <= t].max() < h for t in s
            ),
            "only the last alarm",
        ),
        (
            exercises.announced,
            lambda a, s, h, least: int(((s - a[0] >= least) & (s - a[0] < h)).sum()),
            "only the first alarm",
        ),
        (exercises.cusum_step, lambda s, z, k: max(0, s + z) - k, "First take the slack away"),
        (exercises.false_alarms, lambda visit, saving: saving // visit - 1, "rounded down"),
        (exercises.known_rows, lambda at, now, h, d: at <= now, "asks for the hours after"),
        (exercises.known_rows, lambda at, now, h, d: at + h <= now, "written down"),
        (exercises.false_alarms, lambda visit, saving: saving / visit, "costs a visit"),
        (exercises.false_alarms, lambda visit, saving: visit / saving, "least precision"),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    assert right_answers(questions)[0] == 26
    assert right_answers(questions)[1:] == [
        "Neighbouring hours have nearly the same features and the same label; one of them was in training.",
        "The limit was computed for independent values; values that follow each other add up to longer excursions.",
    ]
