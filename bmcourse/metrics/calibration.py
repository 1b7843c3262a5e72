"""Calibration and proper scores: log loss, Brier score, reliability, ECE."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics import inputs


def log_loss(
    y_true: npt.ArrayLike,
    y_proba: npt.ArrayLike,
    *,
    normalize: bool = True,
    sample_weight: npt.ArrayLike | None = None,
    labels: npt.ArrayLike | None = None,
) -> float:
    """Return the mean of -log p, p the probability given to the true class (in nats).

    p is kept within [ε, 1 - ε], ε the precision of the probabilities' type, so
    that a certain and wrong answer costs much, not infinity.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_proba : array_like of shape (n_samples,), or (n_samples, n_classes)
        Of the greater of two classes; or of each class, in sorted order.
    normalize : bool
        False for the sum instead of the mean.
    sample_weight : array_like of shape (n_samples,), optional
    labels : array_like of shape (n_classes,), optional
        All classes, where `y_true` may lack some.

    Raises
    ------
    ValueError
        If a probability is NaN or outside [0, 1], rows do not sum to 1, or
        lengths or the number of classes do not fit.

    Examples
    --------
    >>> round(log_loss([1, 0], [0.5, 0.5]), 4)
    0.6931
    """
    codes, table = _classes_and_probabilities("y_proba", y_true, y_proba, labels)
    epsilon = inputs.rounding(y_proba)
    p = np.clip(_of_true_class(codes, table), epsilon, 1 - epsilon)
    weight = inputs.weights(sample_weight, len(codes))
    return inputs.mean(-np.log(p), weight) if normalize else inputs.total(-np.log(p), weight)


def brier_score_loss(
    y_true: npt.ArrayLike,
    y_proba: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    pos_label: object = None,
    labels: npt.ArrayLike | None = None,
    scale_by_half: bool | str = "auto",
) -> float:
    """Return the mean squared distance of the probabilities from the truth.

    Two classes: mean (p - y)². More: mean Σ_k (p_k - [y = k])². Brier,
    "Verification of forecasts expressed in terms of probability", 1950.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_proba : array_like of shape (n_samples,), or (n_samples, n_classes)
        Of the positive class; or of each class, in sorted order.
    sample_weight : array_like of shape (n_samples,), optional
    pos_label : label, optional
        The class a one-dimensional `y_proba` is of; 1 where the classes are
        0 and 1, or -1 and 1.
    labels : array_like of shape (n_classes,), optional
        All classes, where `y_true` may lack some and `y_proba` has columns.
    scale_by_half : bool or "auto"
        Halve the sum over the classes, so that it lies in [0, 1]; "auto" for two.

    Raises
    ------
    ValueError
        As `log_loss`, or if no class is named positive.

    Examples
    --------
    >>> brier_score_loss([0, 1], [0.5, 1.0])
    0.125
    """
    checks.one_of("scale_by_half", scale_by_half, (True, False, "auto"))
    if checks.array("y_proba", y_proba).ndim == 1:
        positive = inputs.positives(y_true, pos_label)
        p = inputs.probabilities("y_proba", y_proba, len(positive))
        squares, n_classes = 2 * (p - positive) ** 2, 2
    else:
        codes, table = _classes_and_probabilities("y_proba", y_true, y_proba, labels)
        truth = codes[:, None] == np.arange(table.shape[1])  # (n_samples, n_classes)
        squares, n_classes = np.sum((table - truth) ** 2, axis=1), table.shape[1]
    score = inputs.mean(squares, inputs.weights(sample_weight, len(squares)))
    half = n_classes < 3 if scale_by_half == "auto" else scale_by_half
    return score / 2 if half else score


def calibration_curve(
    y_true: npt.ArrayLike,
    y_prob: npt.ArrayLike,
    *,
    pos_label: object = None,
    n_bins: int = 5,
    strategy: str = "uniform",
) -> tuple[Array, Array]:
    """Return, bin by bin, how often it happened and how often it was promised.

    The reliability curve: a calibrated model lies on the diagonal. A bin
    (a, b] includes its upper edge; empty bins are left out.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_prob : array_like of shape (n_samples,)
        Probability of the positive class.
    pos_label : label, optional
        The positive class; 1 where the classes are 0 and 1, or -1 and 1.
    n_bins : int
    strategy : {"uniform", "quantile"}
        Bins of equal width, or of equally many samples.

    Returns
    -------
    prob_true, prob_pred : ndarrays of shape (n_bins or fewer,)

    Raises
    ------
    ValueError
        If lengths differ, a probability is NaN or outside [0, 1], or there are
        more than two classes.

    Examples
    --------
    >>> calibration_curve([0, 1, 1, 1], [0.2, 0.2, 0.9, 0.9], n_bins=2)
    (array([0.5, 1. ]), array([0.2, 0.9]))
    """
    n_bins = checks.integer("n_bins", n_bins)
    checks.one_of("strategy", strategy, ("uniform", "quantile"))
    positive, p = _two_classes(y_true, y_prob, pos_label)
    edges = np.linspace(0, 1, n_bins + 1)
    if strategy == "quantile":
        edges = np.percentile(p, edges * 100)
    totals, happened, promised = _binned(positive, p, edges)
    used = totals > 0
    return happened[used] / totals[used], promised[used] / totals[used]


def expected_calibration_error(
    y_true: npt.ArrayLike,
    y_prob: npt.ArrayLike,
    *,
    pos_label: object = None,
    labels: npt.ArrayLike | None = None,
    n_bins: int = 15,
) -> float:
    """Return the mean gap between promise and outcome over bins of equal width.

    ECE = Σ_b (n_b / n) |mean outcome in b - mean probability in b|. Columns:
    the probability is that of the likeliest class, the outcome whether it was
    right (Guo et al., "On Calibration of Modern Neural Networks", 2017). One
    dimension: the probability and the outcome of the positive class.
    scikit-learn has no such function.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
    y_prob : array_like of shape (n_samples,), or (n_samples, n_classes)
    pos_label : label, optional
        The class a one-dimensional `y_prob` is of.
    labels : array_like of shape (n_classes,), optional
        All classes, where `y_true` may lack some and `y_prob` has columns.
    n_bins : int

    Raises
    ------
    ValueError
        As `log_loss`, or if no class is named positive.

    Examples
    --------
    >>> round(expected_calibration_error([1, 1, 0, 0], [0.9, 0.9, 0.9, 0.9]), 4)
    0.4
    """
    n_bins = checks.integer("n_bins", n_bins)
    if checks.array("y_prob", y_prob).ndim == 1:
        outcome, p = _two_classes(y_true, y_prob, pos_label)
    else:
        codes, table = _classes_and_probabilities("y_prob", y_true, y_prob, labels)
        outcome, p = table.argmax(axis=1) == codes, table.max(axis=1)
    _, happened, promised = _binned(outcome, p, np.linspace(0, 1, n_bins + 1))
    return float(np.abs(happened - promised).sum() / len(p))


def _two_classes(
    y_true: npt.ArrayLike, y_prob: npt.ArrayLike, pos_label: object
) -> tuple[Array, Array]:
    """Return which samples are positive, and their probabilities."""
    positive = inputs.positives(y_true, pos_label)
    n_classes = len(np.unique(checks.plain("y_true", y_true))) if pos_label is not None else 2
    if n_classes > 2:
        checks.fail("y_true", "of at most two classes", f"{n_classes} classes")
    p = inputs.probabilities("y_prob", y_prob, len(positive))
    if p.ndim != 1:
        checks.fail("y_prob", "an array of shape (n_samples,)", f"shape {p.shape}")
    return positive, p


def _binned(outcome: Array, p: Array, edges: Array) -> tuple[Array, Array, Array]:
    """Return each bin's number of samples, of outcomes, and its sum of probabilities."""
    place = np.searchsorted(edges[1:-1], p)  # (n_samples,)
    n_bins = len(edges) - 1
    return (
        np.bincount(place, minlength=n_bins),
        np.bincount(place, weights=outcome, minlength=n_bins),
        np.bincount(place, weights=p, minlength=n_bins),
    )


def _classes_and_probabilities(
    name: str, y_true: npt.ArrayLike, y_proba: npt.ArrayLike, labels: npt.ArrayLike | None
) -> tuple[Array, Array]:
    """Return `y_true` as column numbers, and the probabilities."""
    true = checks.class_labels("y_true", y_true)
    named = true if labels is None else checks.class_labels("labels", labels)
    classes, (codes, columns) = inputs.encode(y_true=true, labels=named)
    if len(np.unique(columns)) != len(classes):
        checks.fail("labels", f"all the classes in y_true, {classes.tolist()[:5]}", named.tolist())
    table = inputs.probabilities(name, y_proba, len(true))
    n_columns = 2 if table.ndim == 1 else table.shape[1]
    if len(classes) != n_columns:
        expected = f"given where y_true lacks some of the {n_columns} classes of {name}"
        checks.fail("labels", expected, f"{len(classes)} classes")
    return codes, table


def _of_true_class(codes: Array, table: Array) -> Array:
    """Return the probability given to each sample's true class, shape (n_samples,)."""
    if table.ndim == 1:
        return np.where(codes == 1, table, 1 - table)
    return table[np.arange(len(codes)), codes]
