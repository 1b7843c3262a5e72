"""Ratios of the four counts: precision, recall, specificity and F, for one class or averaged.

Zero division: a ratio whose denominator is 0 takes the value `zero_division`,
0 by default, and no warning is printed. With NaN, the class is left out of an
average. scikit-learn's default gives 0 too, with a warning.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics.confusion import Counts, class_counts

AVERAGES = ("binary", "macro", "micro", "weighted", None)


def precision_score(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    pos_label: object = 1,
    average: str | None = "binary",
    sample_weight: npt.ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Any:
    """Of those called positive, how many are: TP / (TP + FP).

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
    labels : array_like of shape (n_classes,), optional
        Classes to report or average; not used with ``average="binary"``.
    pos_label : label
        The positive class with ``average="binary"``.
    average : {"binary", "macro", "micro", "weighted"} or None
        One class; the plain mean over classes; the ratio of the summed counts;
        the mean weighted by each class's true samples; or one value a class.
    sample_weight : array_like of shape (n_samples,), optional
    zero_division : {0, 1, nan}
        The value of 0 / 0.

    Returns
    -------
    float, or ndarray of shape (n_classes,) if `average` is None

    Raises
    ------
    ValueError
        If lengths differ, or ``average="binary"`` meets more than two classes.

    Examples
    --------
    >>> precision_score([0, 0, 1, 1], [0, 1, 1, 1])  # 2 of 3
    0.6666666666666666
    """
    counts = _selected(y_true, y_pred, labels, pos_label, average, sample_weight)
    claimed = counts.true_positive + counts.false_positive
    return _averaged(counts, counts.true_positive, claimed, average, zero_division)


def recall_score(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    pos_label: object = 1,
    average: str | None = "binary",
    sample_weight: npt.ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Any:
    """Of those that are positive, how many were found: TP / (TP + FN).

    Parameters, returns and errors: see `precision_score`.

    Examples
    --------
    >>> recall_score([0, 1, 1, 1, 1], [1, 1, 1, 1, 0])
    0.75
    """
    counts = _selected(y_true, y_pred, labels, pos_label, average, sample_weight)
    actual = counts.true_positive + counts.false_negative
    return _averaged(counts, counts.true_positive, actual, average, zero_division)


def specificity_score(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    pos_label: object = 1,
    average: str | None = "binary",
    sample_weight: npt.ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Any:
    """Of those that are negative, how many were left alone: TN / (TN + FP).

    Parameters, returns and errors: see `precision_score`. scikit-learn has no
    function of this name; for two classes it is the recall of the other class.

    Examples
    --------
    >>> specificity_score([0, 0, 0, 0, 1], [0, 0, 0, 1, 1])
    0.75
    """
    counts = _selected(y_true, y_pred, labels, pos_label, average, sample_weight)
    negative = counts.true_negative + counts.false_positive
    return _averaged(counts, counts.true_negative, negative, average, zero_division)


def fbeta_score(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    beta: float,
    labels: npt.ArrayLike | None = None,
    pos_label: object = 1,
    average: str | None = "binary",
    sample_weight: npt.ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Any:
    """Weigh recall `beta` times as much as precision: their weighted harmonic mean.

    (1 + β²) TP / ((1 + β²) TP + β² FN + FP). Other parameters, returns and
    errors: see `precision_score`.

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
    beta : float, at least 0

    Examples
    --------
    >>> fbeta_score([0, 1, 1, 1], [0, 1, 1, 0], beta=2)  # 10 of 14
    0.7142857142857143
    """
    squared = checks.number("beta", beta, at_least=0) ** 2
    counts = _selected(y_true, y_pred, labels, pos_label, average, sample_weight)
    actual = counts.true_positive + counts.false_negative
    claimed = counts.true_positive + counts.false_positive
    hits = (1 + squared) * counts.true_positive
    return _averaged(counts, hits, squared * actual + claimed, average, zero_division)


def f1_score(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    pos_label: object = 1,
    average: str | None = "binary",
    sample_weight: npt.ArrayLike | None = None,
    zero_division: float = 0.0,
) -> Any:
    """Return the harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).

    Parameters, returns and errors: see `precision_score`.

    Examples
    --------
    >>> f1_score([0, 1, 1, 1], [0, 1, 1, 0])
    0.8
    """
    return fbeta_score(
        y_true,
        y_pred,
        beta=1,
        labels=labels,
        pos_label=pos_label,
        average=average,
        sample_weight=sample_weight,
        zero_division=zero_division,
    )


def _selected(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    labels: npt.ArrayLike | None,
    pos_label: object,
    average: str | None,
    sample_weight: npt.ArrayLike | None,
) -> Counts:
    """Return the counts of the wanted classes: the positive one with ``average="binary"``."""
    checks.one_of("average", average, AVERAGES)
    if average != "binary":
        return class_counts(y_true, y_pred, labels=labels, sample_weight=sample_weight)
    counts = class_counts(y_true, y_pred, sample_weight=sample_weight)
    known = counts.labels.tolist()
    if len(known) > 2:
        expected = 'one of "macro", "micro", "weighted", None for more than two classes'
        checks.fail("average", expected, repr(average))
    if pos_label not in known and len(known) == 2:
        checks.fail("pos_label", f"one of the classes {known}", repr(pos_label))
    return _only(counts, known.index(pos_label) if pos_label in known else None)


def _only(counts: Counts, index: int | None) -> Counts:
    """Return the counts of one class; of an absent class, if `index` is None."""
    if index is None:  # then the one class present makes up the negatives
        total = (counts.true_positive + counts.false_negative)[:1]
        return Counts(counts.labels, 0 * total, 0 * total, 0 * total, total)
    one = slice(index, index + 1)
    return Counts(
        counts.labels[one],
        counts.true_positive[one],
        counts.false_positive[one],
        counts.false_negative[one],
        counts.true_negative[one],
    )


def _averaged(
    counts: Counts, part: Array, whole: Array, average: str | None, zero_division: float
) -> Any:
    """Divide, replace 0 / 0 by `zero_division`, and average over the classes."""
    known = isinstance(zero_division, (int, float, np.number))
    if not known or not (zero_division in (0, 1) or np.isnan(zero_division)):
        checks.fail("zero_division", "0, 1 or nan", repr(zero_division))
    if average == "micro":
        part, whole = part.sum(keepdims=True), whole.sum(keepdims=True)
    ratio = np.full(whole.shape, float(zero_division))
    np.divide(part, whole, out=ratio, where=whole != 0)
    if average is None:
        return ratio
    if average != "weighted":
        return mean_of_numbers(ratio, np.ones(ratio.shape))
    return mean_of_numbers(ratio, counts.true_positive + counts.false_negative)


def mean_of_numbers(values: Array, weight: Array) -> float:
    """Return the weighted mean of the values that are not NaN; unweighted if all weights are 0.

    Examples
    --------
    >>> mean_of_numbers(np.array([1.0, np.nan, 2.0]), np.array([3, 5, 1]))
    1.25
    """
    known = ~np.isnan(values)
    if not known.any():
        return float("nan")
    values, weight = values[known], weight[known]
    return float(values @ weight / weight.sum() if weight.any() else values.mean())
