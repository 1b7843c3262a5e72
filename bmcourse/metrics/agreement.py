"""Balanced accuracy, MCC and Cohen's kappa: one number for the whole confusion matrix."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics.confusion import confusion_matrix


def balanced_accuracy_score(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    adjusted: bool = False,
) -> float:
    """Return the mean recall over the classes that occur in `y_true`.

    (1 / K) Σ_k C[k, k] / Σ_j C[k, j]

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
    sample_weight : array_like of shape (n_samples,), optional
    adjusted : bool
        Rescale so that guessing scores 0 and perfection 1; NaN for one class.

    Raises
    ------
    ValueError
        If lengths differ or labels are of mixed kinds.

    Examples
    --------
    >>> balanced_accuracy_score([0, 0, 0, 1], [0, 0, 0, 0])
    0.5
    """
    table = confusion_matrix(y_true, y_pred, sample_weight=sample_weight)
    actual = table.sum(axis=1)  # (n_classes,)
    present = actual != 0
    score = float(np.mean(table.diagonal()[present] / actual[present]))
    if not adjusted:
        return score
    chance = 1 / int(present.sum())
    return (score - chance) / (1 - chance) if chance < 1 else math.nan


def matthews_corrcoef(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, *, sample_weight: npt.ArrayLike | None = None
) -> float:
    """Return the correlation between truth and prediction, from -1 to 1.

    For two classes (TP·TN - FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN)); here in
    the form for any number of classes. 0 where the denominator is 0. Gorodkin,
    "Comparing two K-category assignments by a K-category correlation
    coefficient", 2004.

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
    sample_weight : array_like of shape (n_samples,), optional

    Raises
    ------
    ValueError
        If lengths differ or labels are of mixed kinds.

    Examples
    --------
    >>> matthews_corrcoef([0, 0, 1, 1], [1, 1, 0, 0])
    -1.0
    """
    table = confusion_matrix(y_true, y_pred, sample_weight=sample_weight).astype(np.float64)
    actual, claimed = table.sum(axis=1), table.sum(axis=0)
    together = np.trace(table) * actual.sum() - actual @ claimed
    spread = (claimed.sum() ** 2 - claimed @ claimed) * (actual.sum() ** 2 - actual @ actual)
    return float(together / np.sqrt(spread)) if spread > 0 else 0.0


def cohen_kappa_score(
    y1: npt.ArrayLike,
    y2: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    weights: str | None = None,
    sample_weight: npt.ArrayLike | None = None,
    replace_undefined_by: float = math.nan,
) -> float:
    """Return the agreement of two raters beyond chance, at most 1; 0 is chance.

    1 - Σ W·C / Σ W·E, with E[i, j] the count expected if the raters were
    independent and W[i, j] what a disagreement weighs. Cohen, "A coefficient
    of agreement for nominal scales", 1960.

    Parameters
    ----------
    y1, y2 : array_like of shape (n_samples,)
    labels : array_like of shape (n_classes,), optional
        Their order matters where `weights` is given.
    weights : {"linear", "quadratic"}, optional
        Weigh by the distance between the classes, or its square; else by 1.
    sample_weight : array_like of shape (n_samples,), optional
    replace_undefined_by : float
        The value where both raters use one and the same class only.

    Raises
    ------
    ValueError
        If lengths differ or labels are of mixed kinds.

    Examples
    --------
    >>> cohen_kappa_score([0, 0, 1, 1], [0, 1, 1, 1])
    0.5
    """
    checks.one_of("weights", weights, (None, "linear", "quadratic"))
    y1, y2 = checks.class_labels("y1", y1), checks.class_labels("y2", y2)
    table = confusion_matrix(y1, y2, labels=labels, sample_weight=sample_weight)
    table = table.astype(np.float64)
    total = table.sum()
    weight = _disagreement(len(table), weights)
    expected = np.sum(weight * np.outer(table.sum(axis=1), table.sum(axis=0)))
    if total == 0 or expected == 0:
        return replace_undefined_by
    return float(1 - np.sum(weight * table) * total / expected)


def _disagreement(n_classes: int, weights: str | None) -> Array:
    """Return what taking class i for class j weighs, shape (n_classes, n_classes)."""
    place = np.arange(n_classes)
    distance = np.abs(place[:, None] - place)
    if weights is None:
        return (distance > 0).astype(np.float64)
    return distance.astype(np.float64) ** (1 if weights == "linear" else 2)
