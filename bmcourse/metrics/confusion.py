"""Confusion matrix, counts of each class, and accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics import inputs


@dataclass(frozen=True)
class Counts:
    """The four counts of each class against all others, arrays of shape (n_classes,).

    Whole numbers; sums of weights where the samples are weighted.
    """

    labels: Array
    true_positive: Array
    false_positive: Array
    false_negative: Array
    true_negative: Array


def confusion_matrix(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    sample_weight: npt.ArrayLike | None = None,
    normalize: str | None = None,
) -> Array:
    """Count every pair: the row is the true class, the column the predicted class.

    C[i, j] = Σ w over the samples of class i that were taken for class j.

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
        Class labels: whole numbers or strings.
    labels : array_like of shape (n_classes,), optional
        The classes and their order; samples with other labels are left out.
        By default all that occur, sorted.
    sample_weight : array_like of shape (n_samples,), optional
    normalize : {"true", "pred", "all"}, optional
        Divide by the row's sum, the column's or the whole; 0 / 0 is 0.

    Returns
    -------
    ndarray of shape (n_classes, n_classes)

    Raises
    ------
    ValueError
        If lengths differ, labels are of mixed kinds, or none of `labels` occurs.

    Examples
    --------
    >>> confusion_matrix(["cat", "dog", "dog"], ["cat", "cat", "dog"])
    array([[1, 0],
           [1, 1]])
    """
    checks.one_of("normalize", normalize, (None, "true", "pred", "all"))
    classes, true, predicted, weight = _encoded(y_true, y_pred, sample_weight)
    k = len(classes)
    pairs = true.astype(np.int64) * k + predicted
    table = inputs.count(pairs, k * k, weight).reshape(k, k)  # (n_classes, n_classes)
    if labels is not None:
        table = _arranged(table, classes, labels)
    if normalize is None:
        return table
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    total = table.sum(axis=axis, keepdims=True)
    return np.divide(table, total, out=np.zeros(table.shape), where=total != 0)


def _arranged(table: Array, classes: Array, labels: npt.ArrayLike) -> Array:
    """Return the rows and columns that `labels` names; a class that is absent has zeros."""
    wanted, place = _places(classes, labels)
    found = place >= 0
    if not found.any():
        checks.fail("labels", f"classes that occur, such as {classes[0]!s}", wanted.tolist())
    result = np.zeros((len(wanted), len(wanted)), table.dtype)
    result[np.ix_(found, found)] = table[np.ix_(place[found], place[found])]
    return result


def class_counts(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    sample_weight: npt.ArrayLike | None = None,
) -> Counts:
    """Count true and false positives and negatives of each class against all others.

    Takes memory for the classes, not for their pairs.

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
    labels : array_like of shape (n_classes,), optional
        The classes to report; the others still count as "all others".
    sample_weight : array_like of shape (n_samples,), optional

    Raises
    ------
    ValueError
        If lengths differ or labels are of mixed kinds.

    Examples
    --------
    >>> counts = class_counts([0, 0, 1, 1], [0, 1, 1, 1], labels=[1])
    >>> int(counts.true_positive[0]), int(counts.false_positive[0])
    (2, 1)
    """
    classes, true, predicted, weight = _encoded(y_true, y_pred, sample_weight)
    k = len(classes)
    right = true == predicted
    hits = inputs.count(true[right], k, None if weight is None else weight[right])
    actual, claimed = inputs.count(true, k, weight), inputs.count(predicted, k, weight)
    total = actual.sum()
    if labels is not None:
        classes, place = _places(classes, labels)
        hits, actual, claimed = (
            np.where(place >= 0, counts[place], 0) for counts in (hits, actual, claimed)
        )
    wrong_claims, missed = claimed - hits, actual - hits
    rest = total - hits - wrong_claims - missed
    # Sums of fractions leave a residue of rounding where nothing is left.
    rest = np.where(rest > 1e-12 * total, rest, 0)
    return Counts(classes, hits, wrong_claims, missed, rest)


def accuracy_score(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    normalize: bool = True,
    sample_weight: npt.ArrayLike | None = None,
) -> float:
    """Return the share of right answers, or their number with ``normalize=False``.

    Σ w [y_true = y_pred] / Σ w

    Parameters
    ----------
    y_true, y_pred : array_like of shape (n_samples,)
    normalize : bool
    sample_weight : array_like of shape (n_samples,), optional

    Raises
    ------
    ValueError
        If lengths differ or labels are of mixed kinds.

    Examples
    --------
    >>> accuracy_score([0, 1, 1, 1], [0, 1, 0, 1])
    0.75
    """
    true, predicted, weight = _checked(y_true, y_pred, sample_weight)
    right = true == predicted
    return inputs.mean(right, weight) if normalize else inputs.total(right, weight)


def _checked(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, sample_weight: npt.ArrayLike | None
) -> tuple[Array, Array, Array | None]:
    true, predicted = checks.class_labels("y_true", y_true), checks.class_labels("y_pred", y_pred)
    n_samples = checks.same_length(y_true=true, y_pred=predicted)
    if (true.dtype.kind == "U") != (predicted.dtype.kind == "U"):
        inputs.encode(y_true=true, y_pred=predicted)  # refuses: strings beside numbers
    return true, predicted, inputs.weights(sample_weight, n_samples)


def _encoded(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, sample_weight: npt.ArrayLike | None
) -> tuple[Array, Array, Array, Array | None]:
    """Return the classes, both arrays as indices into them, and the weights."""
    true, predicted, weight = _checked(y_true, y_pred, sample_weight)
    classes, (true, predicted) = inputs.encode(y_true=true, y_pred=predicted)
    return classes, true, predicted, weight


def _places(classes: Array, labels: npt.ArrayLike) -> tuple[Array, Array]:
    """Return the wanted labels and where each stands among the classes; -1 where absent."""
    wanted = checks.class_labels("labels", labels)
    if len(np.unique(wanted)) < len(wanted):
        checks.fail("labels", "without repeats", wanted.tolist())
    index = {label: i for i, label in enumerate(classes.tolist())}
    return wanted, np.array([index.get(label, -1) for label in wanted.tolist()])
