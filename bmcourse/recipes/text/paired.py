"""Compare two classifiers in pairs: on the same draws, and on the same test texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks


@dataclass(frozen=True)
class PairedGap:
    """By how many points the first is better, a 95 % interval, and in how many draws it leads."""

    points: float
    low: float
    high: float
    ahead: int
    draws: int


def paired_gap(
    a: npt.ArrayLike, b: npt.ArrayLike, *, rng: np.random.Generator | int, repeats: int = 2000
) -> PairedGap:
    """Return the mean gap between two tables of right answers, with a bootstrap over both sides.

    Each repeat draws the rows (draws of the training texts) again with replacement, and the
    columns (test texts) too. With few rows the interval is too narrow; count `ahead` as well.

    Parameters
    ----------
    a, b : array_like of shape (draws, test texts)
        1 where the answer was right, else 0. Where one has more draws, the first ones count.
    rng : numpy.random.Generator or int

    Examples
    --------
    >>> paired_gap([[1, 1, 1, 0]] * 3, [[1, 0, 1, 0]] * 3, rng=0, repeats=100).points
    25.0
    """
    left, right = (np.atleast_2d(np.asarray(side, dtype=float)) for side in (a, b))
    if left.shape[1] != right.shape[1]:
        checks.fail("b", f"{left.shape[1]} test texts, as a has", f"{right.shape[1]}")
    draws = min(len(left), len(right))
    gap = 100 * (left[:draws] - right[:draws])  # (draws, test texts), in points
    dice, tests = checks.generator("rng", rng), gap.shape[1]
    means = []
    for _ in range(checks.integer("repeats", repeats)):
        mean = gap[dice.integers(draws, size=draws)].mean(axis=0)  # (test texts,)
        means.append(mean[dice.integers(tests, size=tests)].mean())
    low, high = np.quantile(means, [0.025, 0.975])
    ahead = int((gap.mean(axis=1) > 0).sum())
    return PairedGap(float(gap.mean()), float(low), float(high), ahead, draws)
