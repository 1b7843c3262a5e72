"""How sure is a metric? Bootstrap intervals: draw the test set again, many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.metrics import inputs
from bmcourse.metrics.inputs import Array


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
    rng: np.random.Generator,
    n_resamples: int = 1000,
    confidence_level: float = 0.95,
    stratified: bool = True,
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
    y_true : array_like of shape (n_samples,)
    *predictions : array_like of shape (n_samples, ...)
        Labels, scores or probabilities of one model or more.
    rng : numpy.random.Generator
        A seeded generator gives the same interval again.
    n_resamples : int
    confidence_level : float in (0, 1)
    stratified : bool
        Draw within each class of `y_true`, so that every set has all classes
        in the same numbers; False lets the numbers vary too.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If lengths differ, or the metric is not finite on a drawn set.

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
    true = inputs.class_labels("y_true", y_true)
    arrays = [true, *map(np.asarray, predictions)]
    checks.same_length(**{f"array {i}": array for i, array in enumerate(arrays)})
    groups = _groups(true) if stratified else [np.arange(len(true))]
    values = np.array([_on(metric, arrays, _draw(groups, rng)) for _ in range(n_resamples)])
    if not np.isfinite(values).all():
        checks.fail("metric", "finite on every drawn set", values[~np.isfinite(values)][0])
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(metric(*arrays)), float(low), float(high), values)


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
