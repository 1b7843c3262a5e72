"""Exercise on the threshold that reaches a recall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _recall_at(y_true: Array, y_score: Array, threshold: float) -> float:
    return float(np.mean(y_score[y_true == 1] >= threshold))


def _highest(y_true: Array, y_score: Array, target: float) -> float:
    reached = [t for t in np.unique(y_score) if _recall_at(y_true, y_score, t) >= target - 1e-12]
    return float(max(reached))


def _one_too_high(y_true: Array, y_score: Array, target: float) -> float:
    above = y_score[y_score > _highest(y_true, y_score, target)]
    return float(above.min()) if above.size else float(y_score.max())


def _quantile_of_all(y_true: Array, y_score: Array, target: float) -> float:
    kept = max(int(np.ceil(target * len(y_score) - 1e-9)), 1)
    return float(np.sort(y_score)[::-1][kept - 1])


def _by_specificity(y_true: Array, y_score: Array, target: float) -> float:
    candidates = np.unique(y_score)
    kept = [t for t in candidates if np.mean(y_score[y_true == 0] < t) >= target - 1e-12]
    return float(min(kept)) if kept else float(candidates[-1])


def _threshold_cases(rng: np.random.Generator) -> list[Case]:
    small = np.array([0, 1, 0, 1, 1]), np.array([0.1, 0.3, 0.5, 0.6, 0.9])
    ties = np.array([1, 1, 0, 1, 0, 1, 0]), np.array([0.7, 0.7, 0.7, 0.2, 0.2, 0.9, 0.1])
    fixed = [(*small, 0.6), (*small, 0.99), (*ties, 0.5), (*ties, 0.75), (*ties, 0.8)]
    drawn = [
        (np.r_[0, 1, rng.integers(0, 2, 40)], rng.permutation(42) / 42, target)
        for target in (0.3, 0.75, 0.9)
    ]
    return fixed + drawn


def _by(
    y_true: Array, y_score: Array, target: float, *, rate: Callable[[Array, Array], float]
) -> float | None:
    candidates = np.unique(y_score)
    reached = [t for t in candidates if rate(y_true, y_score >= t) >= target - 1e-12]
    return float(max(reached)) if reached else None


def _quantile(y_true: Array, y_score: Array, target: float, *, method: Any) -> float:
    return float(np.quantile(y_score[y_true == 1], 1 - target, method=method))


def _nearest(y_true: Array, y_score: Array, target: float) -> float:
    candidates = np.unique(y_score)[::-1]
    gaps = [abs(_recall_at(y_true, y_score, t) - target) for t in candidates]
    return float(candidates[np.argmin(gaps)])


def _more(
    y_true: Array, y_score: Array, target: float, *, reached: Callable[[Array, float], Any]
) -> float | None:
    kept = [t for t in np.unique(y_score) if reached(y_score[y_true == 1], t)]
    return float(max(kept)) if kept else None


threshold_for_recall = Exercise(
    "threshold for a recall",
    reference=_highest,
    cases=_threshold_cases,
    mistakes={
        "float(y_score.min())": "That threshold calls everything positive. You want the highest that still reaches the recall.",
        _one_too_high: "One step too high: a score equal to the threshold counts as positive (>=).",
        _quantile_of_all: "You took the best-scored share of all samples. The recall speaks of positives only.",
        _by_specificity: "You counted the negatives left alone: that is the specificity. Recall counts the positives found.",
        "float(np.quantile(y_score[y_true == 1], 1 - target))": "np.quantile takes a place between two scores. The threshold must be one of them.",
        "_recall_at(y_true, y_score, _highest(y_true, y_score, target))": "That is the recall you reach. Return the threshold that reaches it.",
        "[t for t in np.unique(y_score) if _recall_at(y_true, y_score, t) >= target - 1e-12]": "Those are all thresholds that reach the recall. Return the highest.",
        "float(np.sort(y_score[y_true == 1])[::-1][int(target * y_true.sum() + 1e-9) - 1])": "You found too few: target times the number of positives must be rounded up.",
        "_by(y_true, y_score, target, rate=lambda y, called: y[called].mean())": "You asked for a precision. Recall is the share of the positives that are called positive.",
        "_by(y_true, y_score, target, rate=lambda y, called: np.mean(y[called].sum() / len(y)))": "You divided the hits by all cases. Recall divides by the positives.",
        "float(np.quantile(y_score, 1 - target))": "Recall looks at the positives only, and the threshold must be one of the scores.",
        '_quantile(y_true, y_score, target, method="lower")': "A quantile counts places between the scores: this threshold may be too low. Count the positives found.",
        '_quantile(y_true, y_score, target, method="higher")': "A quantile counts places between the scores: this threshold may be too high. Count the positives found.",
        '_quantile(y_true, y_score, target, method="nearest")': "A quantile counts places between the scores. Count the positives found.",
        "float(y_score[y_true == 1].min())": "That finds all positives. You want the highest threshold that still reaches the target.",
        _nearest: "The recall must be at least the target, not near it.",
        "int(np.flatnonzero(y_score == _highest(y_true, y_score, target))[0])": "That is the place of the threshold. Return the score there.",
        "_more(y_true, y_score, target, reached=lambda found, t: np.mean(found >= t) > target)": "A recall equal to the target is enough: at least the target, >= and not >.",
        "_more(y_true, y_score, target, reached=lambda found, t: np.mean(found > t) >= target)": "A score equal to the threshold counts as positive: >= and not >.",
        "float(np.quantile(y_score[y_true == 1], target))": "The positives above the threshold are found, so it lies at 1 - target from below. And it must be one of the scores.",
    },
)
