"""Wrong answers and quick questions on class imbalance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.class_imbalance import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def by_class(counts: Array) -> dict[int, float]:
    return {k: sum(counts) / (len(counts) * n) for k, n in enumerate(counts)}


def whole_curve(y: Array, score: Array, recall: float) -> Array:
    ranked = y[np.argsort(score)[::-1]]
    return np.cumsum(ranked) / (np.arange(len(y)) + 1)


def share_of_rows(y: Array, score: Array, recall: float) -> Any:
    found = np.cumsum(y[np.argsort(-score)])
    place = np.argmax(found / len(y) >= recall)
    return found[place] / (place + 1)


def through_odds(q: Any, kept: float) -> Any:
    odds = np.divide(q, 1 - np.array(q)) / kept
    return odds / (1 + odds)


def focal_uphill(z: Array, gamma: float) -> Any:
    p = 1 / (1 + np.exp(-z))
    return (1 - p) ** gamma * (gamma * p * np.log(p) + (1 - p))


def at_place(
    answer: Callable[..., Any],
    enough: Callable[..., Any] = lambda found, recall: found >= recall * found[-1],
) -> Any:
    def attempt(y: Array, score: Array, recall: float) -> Any:
        order = np.argsort(score)[::-1]
        found = np.cumsum(y[order])
        return answer(found, int(np.argmax(enough(found, recall))), score[order])

    return attempt


def precision(found: Array, place: int, score: Array) -> Any:
    return found[place] / (place + 1)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def focal(slope: Callable[..., Any]) -> Any:
    return lambda z, gamma: slope(sigmoid(z), gamma)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.balanced_weights, by_class, "not as a dictionary"),
        (exercises.precision_at_recall, whole_curve, "whole curve"),
        (exercises.precision_at_recall, share_of_rows, "share of all rows"),
        (exercises.after_undersampling, through_odds, "avoid 1 / 0"),
        (
            exercises.after_undersampling,
            lambda q, kept: q / (1 - np.array(q)) / kept,
            "in the other direction",
        ),
        (exercises.focal_slope, focal_uphill, "L has a minus"),
        (
            exercises.balanced_weights,
            lambda c: (1 / c) / np.mean(1 / c),
            "not those of the classes",
        ),
        (exercises.balanced_weights, lambda c: 1 - c / c.sum(), "hardly differs"),
        (exercises.balanced_weights, lambda c: c.sum() // (len(c) * c), "not //"),
        (exercises.balanced_weights, lambda c: (c.sum() - c) / c, "rows of the others"),
        (exercises.balanced_weights, lambda c: c.sum() / len(c) * c, "brackets"),
        (exercises.balanced_weights, lambda c: c.min() / c, "rarest class"),
        (
            exercises.balanced_weights,
            lambda c: np.repeat(c.sum() / (len(c) * c), c),
            "not for each row",
        ),
        (
            exercises.precision_at_recall,
            at_place(precision, lambda found, r: found > r * found[-1]),
            "not >",
        ),
        (
            exercises.precision_at_recall,
            at_place(precision, lambda found, r: found >= int(r * found[-1])),
            "too few are found",
        ),
        (
            exercises.precision_at_recall,
            at_place(lambda f, place, s: max(f[i] / (i + 1) for i in range(place, len(f)))),
            "from there on",
        ),
        (
            exercises.precision_at_recall,
            at_place(lambda found, place, score: found[place]),
            "the positives found",
        ),
        (
            exercises.precision_at_recall,
            at_place(lambda found, place, score: found[place] / len(found)),
            "not by all rows",
        ),
        (
            exercises.precision_at_recall,
            at_place(lambda found, place, score: score[place]),
            "the score there",
        ),
        (
            exercises.precision_at_recall,
            lambda y, s, r: at_place(precision)(y, -np.arange(len(y)), r),
            "order of their scores",
        ),
        (
            exercises.precision_at_recall,
            lambda *case: 1 - at_place(precision)(*case),
            "false alarms",
        ),
        (exercises.after_undersampling, lambda q, kept: q / kept, "You divided the probability"),
        (
            exercises.after_undersampling,
            lambda q, kept: kept * q / (kept * q + 1 - kept),
            "is 1 - q",
        ),
        (
            exercises.after_undersampling,
            lambda q, k: k * q / (k * q + (1 - k) * (1 - q)),
            "stays as it is",
        ),
        (exercises.after_undersampling, lambda q, kept: q / (kept * q + 1 - q), "missing above"),
        (
            exercises.after_undersampling,
            lambda q, kept: 1 - kept * q / (kept * q + 1 - q),
            "of a negative",
        ),
        (exercises.after_undersampling, lambda q, kept: kept * q / (1 - q), "Those are the odds"),
        (
            exercises.focal_slope,
            focal(lambda p, g: (1 - p) ** g * (p * np.log(p) + p - 1)),
            "has the factor",
        ),
        (
            exercises.focal_slope,
            focal(lambda p, g: (1 - p) ** (g - 1) * (g * p * np.log(p) + p - 1)),
            "is missing",
        ),
        (
            exercises.focal_slope,
            focal(lambda p, g: g * (1 - p) ** (g - 1) * np.log(p) - (1 - p) ** g * (1 - p)),
            "goes through p, too: multiply it",
        ),
        (
            exercises.focal_slope,
            focal(lambda p, g: g * (1 - p) ** g * p * np.log(p) - (1 - p) ** g / p),
            "multiply 1 / p",
        ),
        (exercises.focal_slope, focal(lambda p, g: (1 - p) ** g * np.log(p)), "minus the loss"),
        (
            exercises.focal_slope,
            focal(lambda p, g: (1 - p) ** g * (g * p * np.log10(p) + p - 1)),
            "np.log.",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_the_last_positive_counts() -> None:
    wrong = at_place(precision, lambda found, recall: found >= recall * found[-2])
    assert "expected" in message(exercises.precision_at_recall, wrong)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        "Copies of the same rows stand on both sides of the split.",
        pytest.approx(exercises.balanced_weights.reference([980, 20])[1], rel=1e-9),
        pytest.approx(exercises.after_undersampling.reference(0.9, 1 / 9), rel=1e-9),
    ]
