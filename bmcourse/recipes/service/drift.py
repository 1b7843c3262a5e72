"""Has a column changed? Two measures, their limits, and how often they are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


def edges(reference: npt.ArrayLike, bins: int = 10) -> Array:
    """Return inner edges that cut the reference into parts of about equal size.

    A value that is frequent makes several edges equal; they count once.
    """
    checks.integer("bins", bins, at_least=2)
    cuts = np.quantile(np.asarray(reference, float), np.arange(1, bins) / bins)
    return np.unique(cuts)


def counts(values: npt.ArrayLike, inner: Array) -> Array:
    """Return how many values lie in each part, shape (len(inner) + 1,)."""
    part = np.searchsorted(inner, np.asarray(values, float), side="left")
    return np.bincount(part, minlength=len(inner) + 1)


def psi(before: npt.ArrayLike, now: npt.ArrayLike) -> float:
    """Return the population stability index of two rows of counts.

    Half a case is added to each count, so that an empty part does not make it infinite.

    Examples
    --------
    >>> psi([50, 50], [50, 50]), round(psi([500, 500], [250, 750]), 2)
    (0.0, 0.27)
    """
    a, b = (np.asarray(x, float) + 0.5 for x in (before, now))
    p, q = a / a.sum(), b / b.sum()
    return float(np.sum((q - p) * np.log(q / p)))


def psi_expected(parts: int, n: int, m: int) -> float:
    """Return the mean of the index when nothing drifts: (parts - 1)(1/n + 1/m), about."""
    return (parts - 1) * (1 / n + 1 / m)


def psi_limit(parts: int, n: int, m: int, alpha: float) -> float:
    """Return the limit that is passed with chance `alpha` when nothing drifts, about.

    For counts that are not small the index, divided by 1/n + 1/m, is distributed as chi-squared
    with ``parts - 1`` degrees of freedom.
    """
    from scipy.stats import chi2

    return float(chi2.isf(alpha, parts - 1)) * (1 / n + 1 / m)


def largest_gap(before: npt.ArrayLike, now: npt.ArrayLike) -> float:
    """Return the statistic of Kolmogorov and Smirnov: the largest gap of the two step curves.

    Examples
    --------
    >>> largest_gap([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    a, b = np.sort(np.asarray(before, float)), np.sort(np.asarray(now, float))
    every = np.concatenate([a, b])
    below = [np.searchsorted(x, every, side="right") / len(x) for x in (a, b)]
    return float(np.abs(below[0] - below[1]).max())


def ks_p(before: npt.ArrayLike, now: npt.ArrayLike) -> float:
    """Return the p-value of the test of Kolmogorov and Smirnov, by SciPy."""
    from scipy.stats import ks_2samp

    return float(ks_2samp(before, now, method="asymp").pvalue)


def undrifted(
    pool: npt.ArrayLike, sizes: tuple[int, int], rng: np.random.Generator, repeats: int
) -> Iterator[tuple[Array, Array]]:
    """Draw references and windows between which nothing drifts: any alarm is a false one.

    Parameters
    ----------
    pool : array_like of shape (n, ...)
        Rows, from which reference and window are drawn at random, without a row twice.
    sizes : tuple of int
        Rows of the reference and of the window.
    rng : numpy.random.Generator
    repeats : int
    """
    rows, n = np.asarray(pool), sum(sizes)
    if n > len(rows):
        checks.fail("sizes", f"at most {len(rows)} rows together", n)
    for _ in range(repeats):
        drawn = rows[rng.choice(len(rows), n, replace=False)]
        yield drawn[: sizes[0]], drawn[sizes[0] :]


def drifted(p_values: Mapping[str, float], alpha: float, *, corrected: bool) -> list[str]:
    """Return the columns that a test calls changed, smallest p-value first.

    With `corrected`, `alpha` is the chance of any false alarm over all columns (Bonferroni).
    """
    limit = alpha / len(p_values) if corrected else alpha
    return sorted((name for name, p in p_values.items() if p < limit), key=p_values.__getitem__)
