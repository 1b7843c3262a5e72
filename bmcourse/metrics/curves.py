"""Curves over all thresholds: ROC, precision against recall, gain and lift.

One sort gives them all: at each distinct score the samples with at least that
score are called positive. Tied scores are taken together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array
from bmcourse.metrics import inputs


def confusion_matrix_at_thresholds(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    pos_label: object = None,
    sample_weight: npt.ArrayLike | None = None,
) -> tuple[Array, Array, Array, Array, Array]:
    """Return the four counts at every distinct score, from the highest down.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_score : array_like of shape (n_samples,)
        The higher, the more likely positive; probabilities or any numbers.
    pos_label : label, optional
        The positive class; 1 where the classes are 0 and 1, or -1 and 1.
    sample_weight : array_like of shape (n_samples,), optional

    Returns
    -------
    tns, fps, fns, tps, thresholds : ndarrays of shape (n_thresholds,)

    Raises
    ------
    ValueError
        If lengths differ, a score is NaN or infinite, or no class is named positive.

    Examples
    --------
    >>> tns, fps, fns, tps, t = confusion_matrix_at_thresholds([0, 1, 1], [0.2, 0.5, 0.9])
    >>> tps, fps
    (array([1., 2., 2.]), array([0., 0., 1.]))
    """
    positive = inputs.positives(y_true, pos_label)
    score = inputs.scores("y_score", y_score, len(positive))
    weight = inputs.weights(sample_weight, len(positive))
    tps, fps, thresholds = counts_by_score(positive, score, weight)
    return fps[-1] - fps, fps, tps[-1] - tps, tps, thresholds


def counts_by_score(
    positive: Array, score: Array, weight: Array | None
) -> tuple[Array, Array, Array]:
    """Return true positives, false positives and thresholds, each of shape (n_thresholds,).

    Takes input that is checked already: booleans, finite scores, weights or None.

    Examples
    --------
    >>> counts_by_score(np.array([True, False]), np.array([0.5, 0.5]), None)
    (array([1.]), array([1.]), array([0.5]))
    """
    if weight is not None:
        counted = weight != 0
        positive, score, weight = positive[counted], score[counted], weight[counted]
    order = np.argsort(score, kind=None if weight is None else "stable")[::-1]
    score, positive = score[order], positive[order]
    last = np.append(np.flatnonzero(score[1:] != score[:-1]), len(score) - 1)  # of each tie
    if weight is None:
        tps = np.cumsum(positive, dtype=np.int64)[last]
        return tps.astype(np.float64), (last + 1.0) - tps, score[last]
    weight = weight[order].astype(np.float64)
    tps, fps = np.cumsum(weight * positive)[last], np.cumsum(weight * ~positive)[last]
    return tps, fps, score[last]


def roc_curve(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    pos_label: object = None,
    sample_weight: npt.ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> tuple[Array, Array, Array]:
    """Return the false and true positive rate at every threshold.

    FPR = FP / N, TPR = TP / P. The first threshold is infinity: nothing is
    positive. A rate is NaN where its class is absent.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        See `confusion_matrix_at_thresholds`.
    drop_intermediate : bool
        Leave out points that lie half-way between their neighbours: the curve stays the same.
        Points elsewhere on a straight line stay, as in scikit-learn.

    Returns
    -------
    fpr, tpr, thresholds : ndarrays of shape (n_thresholds,)

    Raises
    ------
    ValueError
        As `confusion_matrix_at_thresholds`.

    Examples
    --------
    >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    """
    _, fps, _, tps, thresholds = confusion_matrix_at_thresholds(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    if drop_intermediate and len(fps) > 2:
        corner = (np.diff(fps, 2) != 0) | (np.diff(tps, 2) != 0)
        kept = np.concatenate([[True], corner, [True]])
        fps, tps, thresholds = fps[kept], tps[kept], thresholds[kept]
    fps, tps = np.append(0.0, fps), np.append(0.0, tps)
    return _share(fps, np.nan), _share(tps, np.nan), np.append(np.inf, thresholds)


def precision_recall_curve(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    pos_label: object = None,
    sample_weight: npt.ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> tuple[Array, Array, Array]:
    """Return precision and recall at every threshold, from the lowest up.

    The last point, precision 1 and recall 0, has no threshold. Without
    positives the recall is 1.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        See `confusion_matrix_at_thresholds`.
    drop_intermediate : bool
        Of points with equal recall keep the first and the last.

    Returns
    -------
    precision, recall : ndarrays of shape (n_thresholds + 1,)
    thresholds : ndarray of shape (n_thresholds,)

    Raises
    ------
    ValueError
        As `confusion_matrix_at_thresholds`.

    Examples
    --------
    >>> precision, recall, _ = precision_recall_curve([0, 1, 1], [0.3, 0.2, 0.9])
    >>> precision, recall
    (array([0.66666667, 0.5       , 1.        , 1.        ]), array([1. , 0.5, 0.5, 0. ]))
    """
    _, fps, _, tps, thresholds = confusion_matrix_at_thresholds(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    if drop_intermediate and len(fps) > 2:
        moved = np.diff(tps) != 0
        kept = np.concatenate([[True], moved[:-1] | moved[1:], [True]])
        fps, tps, thresholds = fps[kept], tps[kept], thresholds[kept]
    precision, recall = tps / (tps + fps), _share(tps, 1.0)
    return np.append(precision[::-1], 1.0), np.append(recall[::-1], 0.0), thresholds[::-1]


def cumulative_gain_curve(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    pos_label: object = None,
    sample_weight: npt.ArrayLike | None = None,
) -> tuple[Array, Array]:
    """Return the share of positives found by taking the best-scored share of samples.

    gain(s) = TP / P with s = (TP + FP) / n; both start at 0 and end at 1. The
    gain is NaN without positives. scikit-learn has no such function.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        See `confusion_matrix_at_thresholds`.

    Returns
    -------
    share, gain : ndarrays of shape (n_thresholds + 1,)

    Raises
    ------
    ValueError
        As `confusion_matrix_at_thresholds`.

    Examples
    --------
    >>> share, gain = cumulative_gain_curve([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])
    >>> share, gain
    (array([0.  , 0.25, 0.5 , 0.75, 1.  ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    """
    _, fps, _, tps, _ = confusion_matrix_at_thresholds(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    return _share(np.append(0.0, tps + fps), np.nan), _share(np.append(0.0, tps), np.nan)


def lift_curve(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    pos_label: object = None,
    sample_weight: npt.ArrayLike | None = None,
) -> tuple[Array, Array]:
    """Return how many times more positives the best-scored share holds than a random one.

    lift(s) = gain(s) / s; 1 at s = 1. For clicks: the click-through rate among
    those shown over the rate among all. scikit-learn has no such function.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        See `confusion_matrix_at_thresholds`.

    Returns
    -------
    share, lift : ndarrays of shape (n_thresholds,)

    Raises
    ------
    ValueError
        As `confusion_matrix_at_thresholds`.

    Examples
    --------
    >>> lift_curve([1, 0, 0, 0], [0.9, 0.8, 0.7, 0.1])[1]
    array([4.        , 2.        , 1.33333333, 1.        ])
    """
    share, gain = cumulative_gain_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    return share[1:], gain[1:] / share[1:]


def _share(cumulated: Array, undefined: float) -> Array:
    """Divide by the last value; `undefined` everywhere if it is 0."""
    total = cumulated[-1]
    return cumulated / total if total > 0 else np.full(cumulated.shape, undefined)
