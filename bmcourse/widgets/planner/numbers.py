"""What a classifier earns in a business: the numbers of `Planner`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]
Z95 = 1.959964  # a normal variable lies within so many standard deviations in 95 % of cases
MONTHS = 12


class Situation(NamedTuple):
    """The business: what comes in each month, and what each outcome is worth.

    `prevalence` is the share of positives, in [0, 1]; the three prices share a unit.
    """

    volume: float
    hit: float
    false_alarm: float
    miss: float
    prevalence: float


class Plan(NamedTuple):
    """What a year with one threshold brings; `low` to `high` is a 95 % interval of `profit`."""

    threshold: float
    profit: float
    low: float
    high: float
    precision: float
    recall: float
    flagged: float


def rates_at(y_true: npt.ArrayLike, y_score: npt.ArrayLike, thresholds: npt.ArrayLike) -> Array:
    """Return the shares of positives and of negatives with at least each threshold.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
        0 and 1, both present.
    y_score : array_like of shape (n_samples,)
    thresholds : array_like of shape (n_thresholds,)

    Returns
    -------
    ndarray of shape (n_thresholds, 2)
        True positive rate (recall) and false positive rate.

    Raises
    ------
    ValueError
        If lengths differ, a class is missing, or a score is not finite.

    Examples
    --------
    >>> rates_at([0, 0, 1, 1], [0.1, 0.6, 0.5, 0.9], [0.5, 0.6])
    array([[1. , 0.5],
           [0.5, 0.5]])
    """
    truth = checks.labels("y_true", y_true, classes=2)
    score = checks.array("y_score", y_score, ndim=1)
    checks.same_length(y_true=truth, y_score=score)
    if len(np.unique(truth)) < 2:
        checks.fail("y_true", "of two classes, 0 and 1", f"only {truth[0]}")
    levels = checks.array("thresholds", thresholds, ndim=1)
    below = [np.searchsorted(np.sort(score[truth == k]), levels) for k in (1, 0)]
    counts = [np.sum(truth == k) for k in (1, 0)]
    return np.stack([1 - b / n for b, n in zip(below, counts, strict=True)], axis=1)


def profits(rates: npt.ArrayLike, situation: Situation) -> Array:
    """Return the expected profit of a month at each threshold, shape (n_thresholds,).

    Of the positives the share TPR earns a hit and the rest costs a miss; of the
    negatives the share FPR costs a false alarm.

    Examples
    --------
    >>> profits([[1, 0.5], [0.5, 0]], Situation(100, 10, 1, 2, 0.1))
    array([55., 40.])
    """
    tpr, fpr = _columns(rates)
    s = checked(situation)
    per_positive = tpr * s.hit - (1 - tpr) * s.miss
    return s.volume * (s.prevalence * per_positive - (1 - s.prevalence) * fpr * s.false_alarm)


def margins(rates: npt.ArrayLike, positives: int, negatives: int, situation: Situation) -> Array:
    """Return how far the profits may be off, half a 95 % interval, shape (n_thresholds,).

    The rates were counted on so many positives and negatives. A share r of n cases has
    the variance r (1 - r) / n. That holds for both rates, and for the prevalence, which is
    taken as counted on all these cases: a business meets its positives by luck, too. One
    positive more in place of a negative changes the profit by the difference of what the
    two bring on average. At the prevalence of the test set this is the interval of an
    unstratified bootstrap. Prices are taken as given.

    Examples
    --------
    >>> margins([[0.5, 0]], 100, 100, Situation(100, 10, 1, 0, 0.1)).round(3)
    array([22.983])
    """
    tpr, fpr = _columns(rates)
    s = checked(situation)
    n_positive = checks.integer("positives", positives)
    n_negative = checks.integer("negatives", negatives)
    hits = (s.prevalence * (s.hit + s.miss)) ** 2 * tpr * (1 - tpr) / n_positive
    alarms = ((1 - s.prevalence) * s.false_alarm) ** 2 * fpr * (1 - fpr) / n_negative
    apart = tpr * s.hit - (1 - tpr) * s.miss + fpr * s.false_alarm
    share = apart**2 * s.prevalence * (1 - s.prevalence) / (n_positive + n_negative)
    return Z95 * s.volume * np.sqrt(hits + alarms + share)


def best(rates: npt.ArrayLike, situation: Situation) -> int:
    """Return the place of the threshold that earns most; of equals the last.

    Examples
    --------
    >>> best([[1, 0.5], [0.5, 0]], Situation(100, 10, 1, 2, 0.1))
    0
    """
    earned = profits(rates, situation)
    return int(np.flatnonzero(earned == earned.max())[-1])


def plan(
    place: int,
    thresholds: npt.ArrayLike,
    rates: npt.ArrayLike,
    positives: int,
    negatives: int,
    situation: Situation,
) -> Plan:
    """Return what a year with the threshold at `place` brings.

    Examples
    --------
    >>> year = plan(0, [0.5], [[0.5, 0.1]], 100, 100, Situation(100, 10, 1, 0, 0.1))
    >>> round(year.profit), round(year.precision, 3), year.recall, round(year.flagged)
    (492, 0.357, 0.5, 168)
    """
    levels = checks.array("thresholds", thresholds, ndim=1)
    tpr, fpr = _columns(rates)
    checks.same_length(thresholds=levels, rates=tpr)
    profit = MONTHS * profits(rates, situation)[place]
    margin = MONTHS * margins(rates, positives, negatives, situation)[place]
    hits = situation.prevalence * tpr[place]
    flagged = hits + (1 - situation.prevalence) * fpr[place]
    return Plan(
        threshold=float(levels[place]),
        profit=float(profit),
        low=float(profit - margin),
        high=float(profit + margin),
        precision=float(hits / flagged) if flagged > 0 else float("nan"),
        recall=float(tpr[place]),
        flagged=float(MONTHS * situation.volume * flagged),
    )


def checked(situation: Situation) -> Situation:
    """Return the situation if its numbers make sense.

    Raises
    ------
    ValueError
        If a number is negative or not finite, or the prevalence is above 1.
    """
    for name, value in situation._asdict().items():
        checks.number(name, value, at_least=0, at_most=1 if name == "prevalence" else None)
    return situation


def _columns(rates: npt.ArrayLike) -> tuple[Array, Array]:
    table = checks.array("rates", rates, shape=(None, 2)).astype(float)
    if table.min() < 0 or table.max() > 1:
        checks.fail("rates", "shares in [0, 1]", [float(table.min()), float(table.max())])
    return table[:, 0], table[:, 1]
