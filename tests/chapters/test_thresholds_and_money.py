"""Wrong answers and quick questions on thresholds and money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.thresholds_and_money import exercises, questions
from bmcourse.exercises import Exercise
from bmcourse.metrics import cost_sensitive_threshold

from .answers import message, right_answers

Array = Any


def by_ranks(y: Array, score: Array, gain: float, cost: float) -> Array:
    ranks = np.argsort(np.argsort(-score))
    return np.append(0, np.cumsum(np.where(y[ranks] == 1, gain, -cost)))


def ranked(change: Callable[..., Any], earned: Callable[..., Any] | None = None) -> Any:
    def attempt(y: Array, score: Array, gain: float, cost: float) -> Any:
        hits = y[np.argsort(score)[::-1]]
        each = earned(hits, gain, cost) if earned else np.where(hits == 1, gain, -cost)
        return change(np.concatenate([[0], np.cumsum(each)]))

    return attempt


def loans(
    when: Callable[..., Any] = lambda y, p, saves, check: p * saves >= check,
    whole: bool = False,
    other: Callable[..., Any] = lambda y, saves: 0,
) -> Any:
    def attempt(y: Array, p: Array, amount: Array, share: float, check: float) -> Any:
        saves = share * amount
        checked = when(y, p, saves, check)
        earned = (amount if whole else saves) * y - check
        return np.where(checked, earned, other(y, saves)).mean()

    return attempt


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.profits_by_rank, by_ranks, "Twice gives their ranks"),
        (
            exercises.profits_by_rank,
            lambda y, s, g, c: np.cumsum(g * y - c * (1 - y)),
            "of their scores first. And",
        ),
        (
            exercises.profit_with_amounts,
            lambda y, p, amount, share, check: np.mean(
                (p * amount >= check) * (amount * y - check)
            ),
            "into the decision",
        ),
        (
            exercises.profit_with_amounts,
            lambda y, p, amount, share, check: np.mean((p >= share) * (share * amount * y - check)),
            "money with money",
        ),
        (exercises.break_even_precision, lambda gain, cost: cost / (gain - cost), "Add the two"),
        (exercises.break_even_precision, lambda gain, cost: (gain - cost) / gain, "solve for q"),
        (
            exercises.ask_between,
            lambda fp, fn, fee: (1 - fee / fn, fee / fp),
            "'positive' with 1 - p.",
        ),
        (exercises.ask_between, lambda fp, fn, fee: (fee / fp, 1 - fee / fp), "high is right"),
        (exercises.ask_between, lambda fp, fn, fee: (fee / fp, fee / fn), "two probabilities"),
        (exercises.ask_between, lambda fp, fn, fee: fee / fn, "low is right. Return both"),
        (
            exercises.ask_between,
            lambda fp, fn, fee: (fee / fn, 1 - fee / fp) if fee / fn < 1 - fee / fp else None,
            "all the same",
        ),
        (
            exercises.ask_between,
            lambda fp, fn, fee: (fn / fee, 1 - fp / fee),
            "Turn the fractions over",
        ),
        (
            exercises.profits_by_rank,
            ranked(lambda sums: sums / (len(sums) - 1)),
            "Those are means. Return",
        ),
        (
            exercises.profits_by_rank,
            ranked(lambda s: s / np.r_[1, 1 : len(s)]),
            "means of the flagged",
        ),
        (
            exercises.profits_by_rank,
            ranked(np.array, lambda hits, g, c: np.where(hits, c, -g)),
            "amounts are swapped",
        ),
        (
            exercises.profits_by_rank,
            ranked(np.array, lambda hits, g, c: np.where(hits, -c, g)),
            "for the negatives",
        ),
        (exercises.profits_by_rank, ranked(np.flip), "order is reversed"),
        (exercises.profits_by_rank, ranked(lambda sums: sums[:-1]), "last one is missing"),
        (
            exercises.profits_by_rank,
            ranked(np.array, lambda hits, g, c: hits),
            "Those are the hits",
        ),
        (
            exercises.profits_by_rank,
            lambda y, s, g, c: (
                ranked(np.array)(y, s, g, c)
                - g * (y.sum() - ranked(np.array, lambda hits, g, c: hits)(y, s, g, c))
            ),
            "not flagged earns nothing",
        ),
        (exercises.profit_with_amounts, loans(whole=True), "not all of it"),
        (
            exercises.profit_with_amounts,
            loans(lambda y, p, saves, check: y == 1),
            "not known before",
        ),
        (
            exercises.profit_with_amounts,
            loans(lambda y, p, saves, check: y * saves >= check),
            "not known before",
        ),
        (
            exercises.profit_with_amounts,
            loans(lambda y, p, saves, check: np.mean(p) * saves >= check),
            "mean probability",
        ),
        (
            exercises.profit_with_amounts,
            loans(lambda y, p, saves, check: p * saves < check),
            "other way round",
        ),
        (
            exercises.profit_with_amounts,
            loans(lambda y, p, saves, check: p * saves >= (1 - p) * check),
            "for certain",
        ),
        (
            exercises.profit_with_amounts,
            lambda y, p, amount, share, check: np.mean(
                (p * share * amount >= check) * share * amount * y - check
            ),
            "around the difference",
        ),
        (exercises.profit_with_amounts, loans(other=lambda y, saves: -y * saves), "counts 0"),
        (
            exercises.profit_with_amounts,
            lambda y, p, a, share, check: np.mean(p * share * a >= check),
            "are checked",
        ),
        (
            exercises.profit_with_amounts,
            loans(lambda y, p, saves, check: p * saves > check),
            ">= and not >",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(100 * cost_sensitive_threshold(gain_tp=90, cost_fp=30), rel=1e-9),
        "The list of 1,000.",
        "These test cases cannot tell which model earns more.",
    ]
