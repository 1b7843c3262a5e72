"""The areas under the curves: ROC AUC and average precision, for two classes or more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics import inputs
from bmcourse.metrics.curves import counts_by_score
from bmcourse.metrics.ratios import mean_of_numbers

Area = Callable[[Array, Array, Array | None], float]


def roc_auc_score(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    average: str | None = "macro",
    sample_weight: npt.ArrayLike | None = None,
    multi_class: str = "raise",
    labels: npt.ArrayLike | None = None,
) -> Any:
    """Return the chance that a positive scores above a negative; a tie counts half.

    The area under the ROC curve, by trapezoids: Σ (FP_i - FP_{i-1})
    (TP_i + TP_{i-1}) / (2 P N). Of two classes the greater one is positive.
    NaN if only one class is present.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_score : array_like of shape (n_samples,), or (n_samples, n_classes)
        Of three classes and more: probabilities, columns in the classes' order. Of two: the
        score of the greater one alone.
    average : {"macro", "micro", "weighted"} or None
        Over the classes, each against the rest; two classes need none.
    sample_weight : array_like of shape (n_samples,), optional
    multi_class : {"raise", "ovr"}
        Say "ovr", one against the rest, to allow more than two classes.
    labels : array_like of shape (n_classes,), optional
        The classes of the columns, sorted; by default those in `y_true`.

    Returns
    -------
    float, or ndarray of shape (n_classes,) if `average` is None

    Raises
    ------
    ValueError
        If lengths or columns do not fit, a score is NaN, or probabilities do not sum to 1.

    Examples
    --------
    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    checks.one_of("multi_class", multi_class, ("raise", "ovr"))
    checks.one_of("average", average, ("macro", "micro", "weighted", None))
    classes, codes = _classes(y_true, labels)
    score = inputs.scores_or_columns("y_score", y_score, len(codes))
    if score.ndim == 1:
        return _of_two(_roc_area, classes, codes, len(classes) - 1, score, sample_weight)
    _refuse_two_columns(classes, score)
    if multi_class == "raise":
        checks.fail("multi_class", '"ovr" for a score for each class', repr(multi_class))
    table = inputs.probabilities("y_score", y_score, len(codes))
    return _one_against_rest(_roc_area, codes, len(classes), table, average, sample_weight)


def average_precision_score(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    average: str | None = "macro",
    pos_label: object = 1,
    sample_weight: npt.ArrayLike | None = None,
) -> Any:
    """Return the mean of the precisions, weighted by the recall each step adds.

    AP = Σ (R_i - R_{i-1}) P_i, the area under the precision-recall steps; 0
    without positives.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_score : array_like of shape (n_samples,), or (n_samples, n_classes)
        Of the positive one of two classes; or of each of three classes and more.
    average : {"macro", "micro", "weighted"} or None
        Over the classes, each against the rest, where `y_score` has columns.
    pos_label : label
        The positive class of two.
    sample_weight : array_like of shape (n_samples,), optional

    Returns
    -------
    float, or ndarray of shape (n_classes,) if `average` is None

    Raises
    ------
    ValueError
        If lengths or columns do not fit, or a score is NaN.

    Examples
    --------
    >>> average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])  # (1 + 2/3) / 2
    0.8333333333333333
    """
    checks.one_of("average", average, ("macro", "micro", "weighted", None))
    classes, codes = _classes(y_true, None)
    score = inputs.scores_or_columns("y_score", y_score, len(codes))
    if score.ndim == 2:
        _refuse_two_columns(classes, score)
        return _one_against_rest(
            _precision_area, codes, len(classes), score, average, sample_weight
        )
    known = classes.tolist()
    if pos_label not in known and len(known) > 1:
        checks.fail("pos_label", f"one of the classes {known[:5]}", repr(pos_label))
    place = known.index(pos_label) if pos_label in known else -1
    return _of_two(_precision_area, classes, codes, place, score, sample_weight)


def _classes(y_true: npt.ArrayLike, labels: npt.ArrayLike | None) -> tuple[Array, Array]:
    """Return the sorted classes and `y_true` as indices into them."""
    true = checks.class_labels("y_true", y_true)
    if labels is None:
        classes, (codes,) = inputs.encode(y_true=true)
        return classes, codes
    named = checks.class_labels("labels", labels)
    if not np.array_equal(named, np.unique(named)):
        checks.fail("labels", "sorted, without repeats", named.tolist())
    classes, (codes, _) = inputs.encode(y_true=true, labels=named)
    if len(classes) != len(named):
        checks.fail("labels", f"all the classes in y_true, {classes.tolist()[:5]}", named.tolist())
    return classes, codes


def _refuse_two_columns(classes: Array, table: Array) -> None:
    """Of two classes, one column says it all; the mean over both would answer another question."""
    if len(classes) <= 2 and table.shape[1] == 2:
        expected = "an array of shape (n_samples,), the score of the positive one of two classes"
        checks.fail("y_score", expected, f"shape {table.shape}; take y_score[:, 1]")


def _of_two(
    area: Area,
    classes: Array,
    codes: Array,
    place: int,
    score: Array,
    sample_weight: npt.ArrayLike | None,
) -> float:
    """Return the area of one class against the other."""
    if len(classes) > 2:
        expected = f"an array of shape (n_samples, n_classes) for {len(classes)} classes"
        checks.fail("y_score", expected, f"shape {score.shape}")
    return area(codes == place, score, inputs.weights(sample_weight, len(codes)))


def _one_against_rest(
    area: Area,
    codes: Array,
    n_classes: int,
    table: Array,
    average: str | None,
    sample_weight: npt.ArrayLike | None,
) -> Any:
    """Return the area of each class against the rest, or their average."""
    if table.shape[1] != n_classes:
        checks.fail("y_score", f"an array with {n_classes} columns", f"shape {table.shape}")
    weight = inputs.weights(sample_weight, len(codes))
    if average == "micro":
        hits = codes[:, None] == np.arange(n_classes)  # (n_samples, n_classes)
        repeated = None if weight is None else np.repeat(weight, n_classes)
        return area(hits.ravel(), table.ravel(), repeated)
    areas = np.array([area(codes == k, table[:, k], weight) for k in range(n_classes)])
    if average is None:
        return areas
    if average == "macro":
        return float(areas.mean())
    share = inputs.count(codes, n_classes, weight)
    return mean_of_numbers(areas[share > 0], share[share > 0])


def _roc_area(positive: Array, score: Array, weight: Array | None) -> float:
    tps, fps, _ = counts_by_score(positive, score, weight)
    if tps[-1] == 0 or fps[-1] == 0:
        return float("nan")
    tps, fps = np.append(0.0, tps), np.append(0.0, fps)
    return float(np.diff(fps) @ (tps[1:] + tps[:-1]) / (2 * tps[-1] * fps[-1]))


def _precision_area(positive: Array, score: Array, weight: Array | None) -> float:
    tps, fps, _ = counts_by_score(positive, score, weight)
    if tps[-1] == 0:
        return 0.0
    return float(np.diff(tps, prepend=0.0) @ (tps / (tps + fps)) / tps[-1])
