"""The four counts at every threshold, from two histograms: the numbers of `ThresholdExplorer`.

A score in [0, 1] falls into one of STEPS + 1 bins; a threshold lies on an edge. So the counts
at each threshold of the grid are exact, and a page carries two short lists, not every score.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
STEPS = 200


class Reading(NamedTuple):
    """What one threshold gives: four counts, and the ratios; NaN where a ratio is 0 / 0."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int
    accuracy: float
    precision: float
    recall: float
    specificity: float
    f1: float


def binned(y_true: npt.ArrayLike, y_score: npt.ArrayLike) -> tuple[list[int], list[int]]:
    """Count positives and negatives in each bin, lists of STEPS + 1 whole numbers.

    Bin k holds the scores from k / STEPS up to, not including, (k + 1) / STEPS; the last
    bin the scores of exactly 1.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
        True for the positive class.
    y_score : array_like of shape (n_samples,)
        Scores in [0, 1].

    Raises
    ------
    ValueError
        If lengths differ, or a score is outside [0, 1].

    Examples
    --------
    >>> positives, negatives = binned([True, False, False], [1.0, 0.5, 0.5])
    >>> positives[STEPS], negatives[STEPS // 2]
    (1, 2)
    """
    score = checks.array("y_score", y_score, ndim=1)
    positive = checks.array("y_true", y_true, ndim=1).astype(bool)
    checks.same_length(y_true=positive, y_score=score)
    outside = score[(score < 0) | (score > 1)]
    if outside.size:
        checks.fail("y_score", "scores in [0, 1]", outside[0])
    edges = np.arange(STEPS + 1) / STEPS
    place = np.searchsorted(edges, score, side="right") - 1
    counts = [np.bincount(place[kind], minlength=STEPS + 1) for kind in (positive, ~positive)]
    return counts[0].tolist(), counts[1].tolist()


def reading(positives: npt.ArrayLike, negatives: npt.ArrayLike, step: int) -> Reading:
    """Return the counts and ratios if every score of at least step / STEPS is called positive.

    Parameters
    ----------
    positives, negatives : array_like of shape (STEPS + 1,)
        From `binned`.
    step : int
        From 0 (everything is called positive) to STEPS.

    Raises
    ------
    ValueError
        If a shape does not fit, or the step leaves the grid.

    Examples
    --------
    >>> reading(*binned([1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1]), step=100).precision
    0.5
    """
    hits, alarms = (
        checks.array(name, counts, shape=(STEPS + 1,))
        for name, counts in (("positives", positives), ("negatives", negatives))
    )
    at = checks.integer("step", step, at_least=0)
    if at > STEPS:
        checks.fail("step", f"at most {STEPS}", at)
    tp, fp = int(hits[at:].sum()), int(alarms[at:].sum())
    fn, tn = int(hits[:at].sum()), int(alarms[:at].sum())
    return Reading(
        *(tp, fp, fn, tn),
        accuracy=_share(tp + tn, tp + fp + fn + tn),
        precision=_share(tp, tp + fp),
        recall=_share(tp, tp + fn),
        specificity=_share(tn, tn + fp),
        f1=_share(2 * tp, 2 * tp + fp + fn),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
