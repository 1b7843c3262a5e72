"""Wrong answers, quick questions and planted faults of the chapter on the life cycle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.life_cycle import exercises, planted, questions
from bmcourse.exercises import Exercise
from bmcourse.recipes.service import houses
from bmcourse.recipes.service.features import NAMES, Features

from .answers import message, right_answers


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.throughput, lambda clients, seconds, pause: 1 / ((seconds + pause) / clients)),
        (exercises.psi_mean, lambda parts, n, m: (parts - 1) * (n + m) / (n * m)),
        (
            exercises.error_known,
            lambda asked, errors, delay, now: np.mean(errors[now - asked >= delay]),
        ),
        (exercises.limit_of_one, lambda alpha, columns, looks: alpha / columns / looks),
        (exercises.labels_needed, lambda s, d, z: int(np.ceil(s**2 * z**2 / d**2 - 1e-9))),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.throughput, lambda clients, seconds, pause: clients / seconds, "pauses"),
        (
            exercises.throughput,
            lambda clients, seconds, pause: 1 / (seconds + pause),
            "one customer",
        ),
        (exercises.psi_mean, lambda parts, n, m: parts / n + parts / m, "add up to 1"),
        (exercises.psi_mean, lambda parts, n, m: (parts - 1) / m, "The reference has luck"),
        (exercises.error_known, lambda asked, errors, delay, now: errors.mean(), "in the future"),
        (
            exercises.error_known,
            lambda asked, errors, delay, now: errors[asked < now - delay].mean(),
            "can be used",
        ),
        (exercises.limit_of_one, lambda alpha, columns, looks: alpha / columns, "one look"),
        (
            exercises.limit_of_one,
            lambda alpha, columns, looks: 1 - (1 - alpha) ** (1 / (columns * looks)),
            "independent tests only",
        ),
        (exercises.labels_needed, lambda s, d, z: int((s * z / d) ** 2), "Round up"),
        (exercises.labels_needed, lambda s, d, z: int(np.ceil((s / d) ** 2)), "standard errors"),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    assert right_answers(questions) == [
        "The error on the labels, as soon as these come.",
        2,
        "Send the same rows both ways, and ask for equal answers to the last digit.",
    ]


def test_each_planted_fault_of_the_file_is_found_in_its_row() -> None:
    records = houses.load().between(0, 24).records()
    assert houses.file_contract().check(records) == []
    rows = planted.broken(records)
    assert rows[0] is not records[0]
    found = houses.file_contract().check(rows)
    assert {(v.column, v.row) for v in found} == {
        ("Comment", 800),
        ("Lot_Frontage", 0),
        ("Gr_Liv_Area", 100),
        ("Full_Bath", 600),
        ("Year_Built", 400),
        ("Central_Air", 500),
        ("(all)", len(records)),
    }


def test_the_rewritten_features_differ_where_the_frontage_is_unknown() -> None:
    sales = houses.load().between(0, 6)
    features = Features.learned(sales.rows, sales.prices)
    differs = planted.rewritten(features, sales.rows) != features.of(sales.rows)
    unknown = [row["Lot_Frontage"] is None for row in sales.rows]
    assert differs.any(axis=1).tolist() == unknown
    assert np.flatnonzero(differs.any(axis=0)).tolist() == [NAMES.index("frontage")]


def test_prices_fall_from_a_month_on_and_nothing_else() -> None:
    sales = houses.load().between(30, 40)
    after = planted.fallen(sales, 36, 0.2)
    ratio = after.prices / sales.prices
    np.testing.assert_allclose(ratio, np.where(sales.months >= 36, 0.8, 1))
    assert after.rows == sales.rows
