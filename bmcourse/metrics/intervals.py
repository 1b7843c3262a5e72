"""Bootstrap intervals of a metric: draw the test set again, many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics import inputs


@dataclass(frozen=True)
class Interval:
    """A metric on the whole test set, its interval, and its value on each drawn set."""

    estimate: float
    low: float
    high: float
    resamples: Array = field(repr=False)


def bootstrap_interval(
    metric: Callable[..., float],
    y_true: npt.ArrayLike,
    *predictions: npt.ArrayLike,
    rng: np.random.Generator | int,
    n_resamples: int = 1000,
    confidence_level: float = 0.95,
    stratified: bool = False,
) -> Interval:
    """Return the percentile bootstrap interval of `metric` over the test samples.

    Samples are drawn with replacement, as many as there are; the interval runs
    from the (1 - level) / 2 to the (1 + level) / 2 quantile of the metric's
    values. Efron, "Bootstrap methods: another look at the jackknife", 1979.
    It speaks of the test set's luck, not of the training's. With two
    predictions and the difference of a metric, both models meet the same
    samples: the paired comparison.

    Parameters
    ----------
    metric : callable
        Takes the drawn rows of `y_true` and of each prediction.
    y_true : array_like of shape (n_samples, ...)
        Class labels, or numbers such as prices.
    *predictions : array_like of shape (n_samples, ...)
        Labels, scores or probabilities of one model or more.
    rng : numpy.random.Generator or int
        A seeded generator, or the same seed, gives the same interval again.
    n_resamples : int
    confidence_level : float in (0, 1)
    stratified : bool
        Draw within each class of `y_true`, so that every set has all classes in the same
        numbers. Right only where these numbers were fixed by design. Where the test set is a
        random sample its shares have luck, too, and an interval without it is too narrow.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If lengths differ, a value of `y_true` is NaN, or the metric is not finite on a
        drawn set: one without a class, for example.

    Examples
    --------
    >>> from bmcourse.metrics import accuracy_score
    >>> y, guess = [0, 1] * 50, [0, 1] * 45 + [1, 0] * 5
    >>> found = bootstrap_interval(accuracy_score, y, guess, rng=np.random.default_rng(0))
    >>> found.estimate, found.low < 0.9 < found.high
    (0.9, True)
    """
    n_resamples = checks.integer("n_resamples", n_resamples)
    level = checks.number("confidence_level", confidence_level, above=0, below=1)
    draws = checks.generator("rng", rng)
    true = checks.class_labels("y_true", y_true) if stratified else _labels_or_numbers(y_true)
    arrays = [true, *(checks.plain("predictions", values) for values in predictions)]
    checks.same_length(**{f"array {i}": np.atleast_1d(array) for i, array in enumerate(arrays)})
    groups = _groups(true) if stratified else [np.arange(len(true))]
    values = np.array([_on(metric, arrays, _draw(groups, draws)) for _ in range(n_resamples)])
    if not np.isfinite(values).all():
        checks.fail("metric", "finite on every drawn set", values[~np.isfinite(values)][0])
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(metric(*arrays)), float(low), float(high), values)


def _labels_or_numbers(y_true: npt.ArrayLike) -> Array:
    """Return class labels or finite numbers, one row a sample."""
    values = checks.plain("y_true", y_true)
    if values.dtype.kind in "biuf" and values.ndim > 0:
        return checks.array("y_true", values)
    return checks.class_labels("y_true", y_true)


def _groups(true: Array) -> list[Array]:
    """Return the row numbers of each class."""
    classes, (codes,) = inputs.encode(y_true=true)
    ends = np.cumsum(np.bincount(codes, minlength=len(classes)))[:-1]
    return np.split(np.argsort(codes, kind="stable"), ends)


def _draw(groups: list[Array], rng: np.random.Generator) -> Array:
    """Draw as many row numbers from each group as it has, with replacement."""
    return np.concatenate([rows[rng.integers(0, len(rows), len(rows))] for rows in groups])


def _on(metric: Callable[..., float], arrays: list[Array], rows: Array) -> float:
    return float(metric(*(array[rows] for array in arrays)))
