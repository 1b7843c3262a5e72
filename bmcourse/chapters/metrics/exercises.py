"""Exercises on metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.metrics.recall_threshold import threshold_for_recall
from bmcourse.exercises import Case, Exercise

__all__ = ["auc_by_pairs", "precision_from_rates", "ratios", "threshold_for_recall"]

Array = npt.NDArray[Any]


Three = tuple[float, float, float]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _ratios(tp: int, fp: int, fn: int, tn: int) -> Three:
    return _share(tp, tp + fp), _share(tp, tp + fn), _share(2 * tp, 2 * tp + fp + fn)


def _swapped(tp: int, fp: int, fn: int, tn: int) -> Three:
    precision, recall, f1 = _ratios(tp, fp, fn, tn)
    return recall, precision, f1


def _accuracy_for_precision(tp: int, fp: int, fn: int, tn: int) -> Three:
    accuracy, recall = _share(tp + tn, tp + fp + fn + tn), _share(tp, tp + fn)
    return _share(tp, tp + fp), recall, _share(2 * accuracy * recall, accuracy + recall)


def _plain_mean(tp: int, fp: int, fn: int, tn: int) -> Three:
    precision, recall, _ = _ratios(tp, fp, fn, tn)
    return precision, recall, (precision + recall) / 2


def _specificity_for_recall(tp: int, fp: int, fn: int, tn: int) -> Three:
    precision, _, f1 = _ratios(tp, fp, fn, tn)
    return precision, _share(tn, tn + fp), f1


def _perfect_where_undefined(tp: int, fp: int, fn: int, tn: int) -> Three:
    def share(part: float, whole: float) -> float:
        return part / whole if whole else 1.0

    return share(tp, tp + fp), share(tp, tp + fn), share(2 * tp, 2 * tp + fp + fn)


def _ratio_cases(rng: np.random.Generator) -> list[Case]:
    fixed = [(4, 2, 1, 5), (1, 29, 0, 70), (0, 0, 3, 9), (0, 4, 0, 8), (0, 0, 0, 12)]
    return fixed + [tuple(int(n) for n in rng.integers(1, 50, 4)) for _ in range(5)]


BY_ZERO = "Right, but some counts give 0 / 0, in F1, too. Return 0 where you would divide by 0."


def _f1_of_zeros(tp: int, fp: int, fn: int, tn: int) -> Three:
    precision, recall, _ = _ratios(tp, fp, fn, tn)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _with_f1(*counts: int, part: Callable[[int, int, int], tuple[int, int]]) -> Three:
    precision, recall, _ = _ratios(*counts)
    return precision, recall, _share(*part(*counts[:3]))


def _geometric(tp: int, fp: int, fn: int, tn: int) -> float:
    precision, recall, _ = _ratios(tp, fp, fn, tn)
    return float(np.sqrt(precision * recall))


def _or(counts: tuple[int, ...], undefined: float | None) -> list[float | None]:
    tp, fp, fn, _ = counts
    wholes = (tp + fp, tp + fn, 2 * tp + fp + fn)
    pairs = zip(_ratios(*counts), wholes, strict=True)
    return [ratio if whole else undefined for ratio, whole in pairs]


ratios = Exercise(
    "precision, recall and F1",
    reference=_ratios,
    cases=_ratio_cases,
    mistakes={
        _swapped: "Precision and recall are swapped. Precision divides by all that was called positive.",
        _accuracy_for_precision: "Your F1 mixes accuracy and recall. F1 is the harmonic mean of precision and recall.",
        _plain_mean: "That is the plain mean of precision and recall. F1 is the harmonic mean, 2PR / (P+R).",
        _specificity_for_recall: "TN / (TN + FP) is the specificity. Recall divides TP by all that is positive.",
        _perfect_where_undefined: "Right, but for 0 / 0: here it counts as 0. You gave 1.",
        "tuple(100 * ratio for ratio in _ratios(tp, fp, fn, tn))": "Right, but in per cent. Return shares between 0 and 1.",
        "(tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn))": BY_ZERO,
        _f1_of_zeros: BY_ZERO,
        "_with_f1(tp, fp, fn, tn, part=lambda tp, fp, fn: (tp, 2 * tp + fp + fn))": "A 2 is missing above the line: F1 is 2TP / (2TP + FP + FN), or 2PR / (P + R).",
        "_with_f1(tp, fp, fn, tn, part=lambda tp, fp, fn: (tp, tp + fp + fn))": "F1 counts the hits twice, above and below the line: 2TP / (2TP + FP + FN).",
        "_with_f1(tp, fp, fn, tn, part=lambda tp, fp, fn: (2 * tp, tp + fp + fn))": "F1 counts the hits twice below the line, too: 2TP / (2TP + FP + FN).",
        "(*_ratios(tp, fp, fn, tn)[:2], _geometric(tp, fp, fn, tn))": "That is the geometric mean of precision and recall. F1 is the harmonic mean, 2PR / (P + R).",
        "_with_f1(tp, fp, fn, tn, part=lambda tp, fp, fn: (tp + tn, sum((tp, fp, fn, tn))))": "That is the accuracy, in place of F1. F1 leaves the true negatives out.",
        "(_share(tp + tn, tp + fp + fn + tn), *_ratios(tp, fp, fn, tn)[1:])": "That is the accuracy, in place of the precision, TP / (TP + FP).",
        "tuple(_or((tp, fp, fn, tn), float('nan')))": "Right, but for 0 / 0: here it counts as 0. You gave 'not a number'.",
        "tuple(_or((tp, fp, fn, tn), None))": "Right, but for 0 / 0: here it counts as 0. You gave None.",
    },
)


def _wins(y_true: Array, y_score: Array, tie: float) -> float:
    positive, negative = y_score[y_true == 1], y_score[y_true == 0]
    gap = positive[:, None] - negative  # (positives, negatives)
    return float(np.sum(gap > 0) + tie * np.sum(gap == 0))


def _pairs(y_true: Array) -> int:
    return int(np.sum(y_true == 1) * np.sum(y_true == 0))


def _auc_cases(rng: np.random.Generator) -> list[Case]:
    fixed = [
        (np.array([0, 1]), np.array([0.2, 0.7])),
        (np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])),
        (np.array([1, 0, 1, 0, 0]), np.array([0.5, 0.5, 0.9, 0.1, 0.9])),
        (np.array([1, 1, 0]), np.array([3.0, -2.0, -2.0])),
    ]
    drawn = [(np.r_[0, 1, rng.integers(0, 2, n)], rng.integers(0, 9, n + 2) / 8) for n in (8, 30)]
    return fixed + drawn


def _without_ties(y_true: Array, y_score: Array) -> float:
    ties = _wins(y_true, y_score, 1.0) - _wins(y_true, y_score, 0.0)
    return _share(_wins(y_true, y_score, 0.0), _pairs(y_true) - ties)


auc_by_pairs = Exercise(
    "AUC by counting pairs",
    reference=lambda y_true, y_score: _wins(y_true, y_score, 0.5) / _pairs(y_true),
    cases=_auc_cases,
    mistakes={
        "_wins(y_true, y_score, 0.0) / _pairs(y_true)": "A tie counts half. You gave it nothing.",
        "_wins(y_true, y_score, 1.0) / _pairs(y_true)": "A tie counts half. You gave it a whole win.",
        "1 - _wins(y_true, y_score, 0.5) / _pairs(y_true)": "That is the share of pairs in which the negative wins.",
        "_wins(y_true, y_score, 0.5)": "You counted the wins. Divide by the number of pairs.",
        "_wins(y_true, y_score, 0.5) / len(y_true) ** 2": "Divide by positives times negatives, not by the square of all samples.",
        "float(np.mean((y_score >= 0.5) == y_true))": "That is the accuracy at the threshold 0.5. AUC needs no threshold, only pairs.",
        "_wins(y_true, y_score, 0.5) / (len(y_true) * (len(y_true) - 1) / 2)": "Count pairs of one positive and one negative only: positives times negatives.",
        "_wins(y_true, y_score, 0.5) / np.sum(y_true == 1)": "Each positive meets every negative: divide by positives times negatives.",
        "2 * _wins(y_true, y_score, 0.5) / _pairs(y_true) - 1": "That is the Gini coefficient, 2 AUC - 1. Return the share of pairs that are won.",
        _without_ties: "A tie is a pair, too: it counts one half above the line and one whole below.",
        "_wins(y_true, y_score, 0.5) / np.sum(y_true == 0)": "Each positive meets every negative: divide by positives times negatives.",
        "_wins(y_true, y_score, 0.5) / len(y_true)": "Divide by the number of pairs, positives times negatives, not by the number of samples.",
        "_wins(y_true, y_score, 0.0)": "You counted the wins. A tie counts half, and the sum is divided by the number of pairs.",
    },
)


def _rate_cases(rng: np.random.Generator) -> list[Case]:
    fixed = [(0.5, 0.8, 0.2), (0.1, 0.9, 0.05), (0.001, 0.9, 0.05), (0.3, 1.0, 0.0)]
    return fixed + [tuple(rng.uniform(0.05, 0.95, 3)) for _ in range(4)]


precision_from_rates = Exercise(
    "precision from the rates",
    reference=lambda share, recall, fpr: share * recall / (share * recall + (1 - share) * fpr),
    cases=_rate_cases,
    mistakes={
        "recall / (recall + fpr)": "That holds for a half-and-half mix only. Weigh each rate with the share of its class.",
        "share * recall / (share * recall + fpr)": "The false positive rate is a share of the negatives. Multiply it by 1 - share.",
        "share * recall": "That is the share of all samples that are true positives. Divide by all called positive.",
        "share * recall / (share * recall + (1 - share) * (1 - fpr))": "1 - fpr is the specificity: negatives left alone. Precision needs the false alarms.",
        "share * recall / ((1 - share) * fpr)": "That is hits for each false alarm. Precision is a share of all called positive: divide by the sum of both.",
        "(1 - share) * fpr / (share * recall + (1 - share) * fpr)": "That is the share of false alarms among all called positive. Asked are the hits.",
        "(1 - share) * recall / ((1 - share) * recall + share * fpr)": "The shares are swapped: recall is a rate of the positives, fpr of the negatives.",
        "recall / (recall + (1 - share) * fpr)": "Recall is a share of the positives. Multiply it by `share`.",
        "share / (share + (1 - share) * fpr)": "Not all positives are found: multiply their share by the recall.",
        "share * recall / (share + (1 - share) * fpr)": "Below the line, too, only the positives that are found count: share times recall.",
        "share * recall + (1 - share) * fpr": "That is the share of cases called positive. Divide the hits by it.",
    },
)
