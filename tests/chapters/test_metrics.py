"""Wrong answers and quick questions on metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.metrics import exercises, questions
from bmcourse.exercises import Exercise
from bmcourse.metrics import precision_score

from .answers import message, right_answers

Array = Any


def wins_only(y: Array, score: Array) -> int:
    return sum(a > b for a in score[y == 1] for b in score[y == 0])


def first_score(enough: Callable[..., Any]) -> Any:
    def attempt(y: Array, score: Array, target: float) -> Any:
        for threshold in sorted(score)[::-1]:
            if enough(score[y == 1], threshold, target):
                return threshold
        return None

    return attempt


def divided(part: float, whole: float, undefined: Any = 0) -> Any:
    return part / whole if whole else undefined


def precision(found: Array, place: int, score: Array) -> Any:
    return found[place] / (place + 1)


def ratios(last: Callable[..., Any] | None = None, undefined: Any = 0) -> Any:
    def attempt(tp: int, fp: int, fn: int, tn: int) -> Any:
        precision = divided(tp, tp + fp, undefined)
        recall = divided(tp, tp + fn, undefined)
        f1 = divided(2 * tp, 2 * tp + fp + fn, undefined)
        return precision, recall, last(tp, fp, fn, tn, precision, recall) if last else f1

    return attempt


def wins(y: Array, score: Array) -> tuple[float, int, int, int]:
    won = ties = 0.0
    positives, negatives = score[y == 1], score[y == 0]
    for a in positives:
        won += sum(a > negatives)
        ties += sum(a == negatives)
    return won, int(ties), len(positives), len(negatives)


def auc(share: Callable[..., Any]) -> Any:
    return lambda y, score: share(*wins(y, score))


def down_to(reached: Callable[..., bool]) -> Any:
    def attempt(y: Array, score: Array, target: float) -> Any:
        for threshold in np.sort(score)[::-1]:
            if reached(y, score >= threshold, target):
                return threshold
        return None

    return attempt


def quantile(method: Any) -> Any:
    return lambda y, score, target: np.quantile(score[y == 1], 1 - target, method=method)


def nearest(y: Array, score: Array, target: float) -> float:
    return min(sorted(score)[::-1], key=lambda t: abs(np.mean(score[y == 1] >= t) - target))


def highest(enough: Callable[..., Any]) -> Any:
    return lambda y, score, goal: max(t for t in score if enough(score[y == 1], t, goal))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.auc_by_pairs, wins_only, "You counted the wins"),
        (
            exercises.threshold_for_recall,
            first_score(lambda s, t, target: np.mean(s >= t) > target),
            "is enough",
        ),
        (
            exercises.threshold_for_recall,
            first_score(lambda s, t, target: np.mean(s > t) >= target),
            "counts as positive",
        ),
        (
            exercises.threshold_for_recall,
            lambda y, s, target: np.quantile(s[y == 1], target),
            "1 - target from below",
        ),
        (
            exercises.ratios,
            ratios(lambda tp, fp, fn, tn, p, r: divided(p * r, p + r)),
            "above the line",
        ),
        (
            exercises.ratios,
            ratios(lambda tp, fp, fn, *_: divided(tp, tp + fp + fn)),
            "above and below",
        ),
        (
            exercises.ratios,
            ratios(lambda tp, fp, fn, *_: divided(2 * tp, tp + fp + fn)),
            "below the line, too",
        ),
        (exercises.ratios, ratios(lambda tp, fp, fn, tn, p, r: (p * r) ** 0.5), "geometric mean"),
        (
            exercises.ratios,
            ratios(lambda tp, fp, fn, tn, *_: (tp + tn) / (tp + fp + fn + tn)),
            "place of F1",
        ),
        (
            exercises.ratios,
            lambda tp, fp, fn, tn: ((tp + tn) / (tp + fp + fn + tn), *ratios()(tp, fp, fn, tn)[1:]),
            "place of the precision",
        ),
        (exercises.ratios, ratios(undefined=np.nan), "not a number"),
        (exercises.ratios, ratios(undefined=None), "You gave None"),
        (
            exercises.auc_by_pairs,
            auc(lambda won, ties, p, n: (2 * won + ties) / (p * n) - 1),
            "Gini",
        ),
        (
            exercises.auc_by_pairs,
            auc(lambda won, ties, p, n: divided(won, p * n - ties)),
            "A tie is a pair, too",
        ),
        (
            exercises.auc_by_pairs,
            auc(lambda won, ties, p, n: (won + ties / 2) / n),
            "every negative",
        ),
        (
            exercises.auc_by_pairs,
            auc(lambda won, ties, p, n: (won + ties / 2) / (p + n)),
            "number of samples",
        ),
        (
            exercises.precision_from_rates,
            lambda s, r, f: (1 - s) * r / ((1 - s) * r + s * f),
            "shares are swapped",
        ),
        (
            exercises.precision_from_rates,
            lambda s, r, f: r / (r + (1 - s) * f),
            "Multiply it by `share`",
        ),
        (
            exercises.precision_from_rates,
            lambda s, r, f: s / (s + (1 - s) * f),
            "Not all positives are found",
        ),
        (
            exercises.precision_from_rates,
            lambda s, r, f: s * r / (s + (1 - s) * f),
            "share times recall",
        ),
        (
            exercises.precision_from_rates,
            lambda s, r, f: s * r + (1 - s) * f,
            "cases called positive",
        ),
        (
            exercises.threshold_for_recall,
            down_to(lambda y, called, t: y[called].mean() >= t),
            "asked for a precision",
        ),
        (
            exercises.threshold_for_recall,
            down_to(lambda y, called, t: (y & called).mean() >= t),
            "by all cases",
        ),
        (
            exercises.threshold_for_recall,
            lambda y, score, t: np.quantile(score, 1 - t),
            "positives only",
        ),
        (exercises.threshold_for_recall, quantile("lower"), "may be too low"),
        (exercises.threshold_for_recall, quantile("higher"), "may be too high"),
        (exercises.threshold_for_recall, quantile("nearest"), "Count the positives found"),
        (
            exercises.threshold_for_recall,
            lambda y, score, t: min(score[y == 1]),
            "finds all positives",
        ),
        (exercises.threshold_for_recall, nearest, "at least the target"),
        (
            exercises.threshold_for_recall,
            lambda y, score, t: list(score).index(
                down_to(lambda y, called, t: called[y == 1].mean() >= t)(y, score, t)
            ),
            "Return the score there",
        ),
        (
            exercises.threshold_for_recall,
            highest(lambda s, t, goal: np.mean(s > t) >= goal),
            "counts as positive",
        ),
        (
            exercises.threshold_for_recall,
            highest(lambda s, t, goal: np.mean(s >= t) > goal),
            "is enough",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(
            precision_score([1] * 10 + [0] * 990, [0] * 4 + [1] * 30 + [0] * 966), rel=1e-9
        ),
        "The ROC curve stays, the precision-recall curve falls.",
        "The confidence, but no answer.",
    ]
