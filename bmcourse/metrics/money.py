"""What decisions earn: a price for each of the four outcomes, and the threshold they ask for.

A decision flags an example or lets it pass. A flagged positive earns `gain_tp`, a
flagged negative costs `cost_fp`, a positive let pass costs `cost_fn`, a negative let
pass earns `gain_tn`. A price is one number, or one for each example.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics import inputs


def cost_sensitive_threshold(
    *,
    cost_fp: npt.ArrayLike,
    cost_fn: npt.ArrayLike = 0.0,
    gain_tp: npt.ArrayLike = 0.0,
    gain_tn: npt.ArrayLike = 0.0,
) -> Any:
    """Return the probability from which flagging earns more than letting pass.

    p* = (cost_fp + gain_tn) / (cost_fp + gain_tn + cost_fn + gain_tp). It is the
    best threshold for calibrated probabilities. Elkan, "The foundations of
    cost-sensitive learning", 2001.

    Parameters
    ----------
    cost_fp, cost_fn, gain_tp, gain_tn : float or array_like of shape (n_samples,)
        In any unit of money, the same for all.

    Returns
    -------
    float, or ndarray of shape (n_samples,) if a price is an array
        In [0, 1).

    Raises
    ------
    ValueError
        If flagging a negative would earn more than letting it pass, or flagging a
        positive would not: then no threshold is needed.

    Examples
    --------
    >>> cost_sensitive_threshold(cost_fp=200, gain_tp=3800)
    0.05
    """
    fp, fn, tp, tn = (
        _price(name, value)
        for name, value in [
            ("cost_fp", cost_fp),
            ("cost_fn", cost_fn),
            ("gain_tp", gain_tp),
            ("gain_tn", gain_tn),
        ]
    )
    lost, won = fp + tn, fn + tp
    if np.min(lost) < 0:
        checks.fail("cost_fp + gain_tn", "at least 0", np.min(lost))
    if np.min(won) <= 0:
        checks.fail("cost_fn + gain_tp", "above 0", np.min(won))
    threshold = lost / (lost + won)
    return float(threshold) if threshold.ndim == 0 else threshold


def expected_profit(
    y_true: npt.ArrayLike,
    y_pred: npt.ArrayLike,
    *,
    gain_tp: npt.ArrayLike = 0.0,
    cost_fp: npt.ArrayLike = 0.0,
    cost_fn: npt.ArrayLike = 0.0,
    gain_tn: npt.ArrayLike = 0.0,
) -> float:
    """Return what decisions earn for each example, on average.

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
        Classes 0 and 1, or -1 and 1; 1 is positive.
    y_pred : array_like of shape (n_samples,)
        Likewise; 1 is flagged.
    gain_tp, cost_fp, cost_fn, gain_tn : float or array_like of shape (n_samples,)
        The price of each outcome.

    Returns
    -------
    float
        In the unit of the prices.

    Raises
    ------
    ValueError
        If lengths differ, a price is not finite, or the classes are others.

    Examples
    --------
    >>> expected_profit([1, 1, 0, 0], [1, 0, 1, 0], gain_tp=10, cost_fp=1, cost_fn=5)
    1.0
    """
    positive, flagged = inputs.positives(y_true), inputs.positives(y_pred, argument="y_pred")
    checks.same_length(y_true=positive, y_pred=flagged)
    if_flagged, if_passed = _earnings(positive, gain_tp, cost_fp, cost_fn, gain_tn)
    return float(np.mean(np.where(flagged, if_flagged, if_passed)))


def expected_profit_curve(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    gain_tp: npt.ArrayLike = 0.0,
    cost_fp: npt.ArrayLike = 0.0,
    cost_fn: npt.ArrayLike = 0.0,
    gain_tn: npt.ArrayLike = 0.0,
    prevalence: float | None = None,
) -> tuple[Array, Array]:
    """Return what each threshold earns for each example, on average.

    At a threshold, the examples with at least that score are flagged. One sort,
    then cumulative sums: O(n log n).

    Parameters
    ----------
    y_true : array_like of shape (n_samples,)
        Classes 0 and 1, or -1 and 1; 1 is positive.
    y_score : array_like of shape (n_samples,)
        The higher, the more likely positive; probabilities or any numbers.
    gain_tp, cost_fp, cost_fn, gain_tn : float or array_like of shape (n_samples,)
        The price of each outcome.
    prevalence : float in (0, 1), optional
        Share of positives among the examples to come, where it differs from the
        share in `y_true`; both classes are weighted to meet it.

    Returns
    -------
    profit, thresholds : ndarrays of shape (n_thresholds + 1,)
        From the highest threshold down; the first, infinite, flags nothing.

    Raises
    ------
    ValueError
        If lengths differ, a price or score is not finite, or `prevalence` is given
        for a single class.

    Examples
    --------
    >>> profit, thresholds = expected_profit_curve([0, 1, 1], [0.2, 0.5, 0.9], gain_tp=6, cost_fp=3)
    >>> profit, thresholds
    (array([0., 2., 4., 3.]), array([inf, 0.9, 0.5, 0.2]))
    """
    positive = inputs.positives(y_true)
    score = inputs.scores("y_score", y_score, len(positive))
    if_flagged, if_passed = _earnings(positive, gain_tp, cost_fp, cost_fn, gain_tn)
    share = _shares(positive, prevalence)
    order = len(score) - 1 - np.argsort(score[::-1], kind="stable")[::-1]  # from the highest down
    score = score[order]
    gained = np.cumsum((share * (if_flagged - if_passed))[order])
    last = np.append(np.flatnonzero(score[1:] != score[:-1]), len(score) - 1)  # of each tie
    nothing = float(share @ if_passed)
    return nothing + np.append(0.0, gained[last]), np.append(np.inf, score[last])


def best_threshold(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    gain_tp: npt.ArrayLike = 0.0,
    cost_fp: npt.ArrayLike = 0.0,
    cost_fn: npt.ArrayLike = 0.0,
    gain_tn: npt.ArrayLike = 0.0,
    prevalence: float | None = None,
) -> float:
    """Return the score from which flagging would have earned most on these examples.

    Of equals the highest, which flags least; infinite if flagging nothing is best. Find
    it on validation data: what it earned there flatters it.

    Parameters
    ----------
    y_true, y_score, gain_tp, cost_fp, cost_fn, gain_tn, prevalence
        See `expected_profit_curve`.

    Raises
    ------
    ValueError
        As `expected_profit_curve`.

    Examples
    --------
    >>> best_threshold([0, 1, 1], [0.2, 0.5, 0.9], gain_tp=6, cost_fp=3)
    0.5
    """
    profit, thresholds = expected_profit_curve(
        y_true,
        y_score,
        gain_tp=gain_tp,
        cost_fp=cost_fp,
        cost_fn=cost_fn,
        gain_tn=gain_tn,
        prevalence=prevalence,
    )
    # Sums of the same prices in another order differ by rounding, which decides nothing.
    nearly = 1e-12 * max(1.0, float(np.abs(profit).max()))
    return float(thresholds[np.argmax(profit >= profit.max() - nearly)])


def _price(name: str, value: npt.ArrayLike, n_samples: int | None = None) -> Array:
    """Return a price as floats, shape () or (n_samples,)."""
    price = checks.array(name, value).astype(np.float64)
    if price.ndim > 1:
        checks.fail(name, "one number, or one for each example", f"shape {price.shape}")
    if n_samples is not None and price.ndim == 1 and len(price) != n_samples:
        checks.fail(name, f"one number, or {n_samples}", f"{len(price)} numbers")
    return price


def _earnings(
    positive: Array,
    gain_tp: npt.ArrayLike,
    cost_fp: npt.ArrayLike,
    cost_fn: npt.ArrayLike,
    gain_tn: npt.ArrayLike,
) -> tuple[Array, Array]:
    """Return what each example earns if flagged and if let pass, each of shape (n_samples,)."""
    n = len(positive)
    if_flagged = np.where(positive, _price("gain_tp", gain_tp, n), -_price("cost_fp", cost_fp, n))
    if_passed = np.where(positive, -_price("cost_fn", cost_fn, n), _price("gain_tn", gain_tn, n))
    return if_flagged, if_passed


def _shares(positive: Array, prevalence: float | None) -> Array:
    """Return how much each example counts, shape (n_samples,); the sum is 1."""
    n, hits = len(positive), int(positive.sum())
    if prevalence is None:
        return np.full(n, 1 / n)
    rate = checks.number("prevalence", prevalence, above=0, below=1)
    if hits in (0, n):
        checks.fail("prevalence", "left out where only one class is present", prevalence)
    return np.where(positive, rate / hits, (1 - rate) / (n - hits))
