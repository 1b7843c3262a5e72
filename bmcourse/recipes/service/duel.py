"""Champion and challenger on the same requests, and a rule that says when to roll back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


@dataclass(frozen=True)
class Decision:
    """What the rule said.

    Attributes
    ----------
    action : str
        ``"roll back"``, or ``"keep"`` if no look gave a reason.
    labels : int
        Number of labels that it had seen.
    mean, width : float
        The challenger's error minus the champion's, and half the interval, at that look.
    """

    action: str
    labels: int
    mean: float
    width: float


def interval(differences: npt.ArrayLike, alpha: float) -> tuple[float, float]:
    """Return the mean and half the interval by Student's t that misses it with chance `alpha`."""
    from scipy.stats import t

    values = np.asarray(differences, float)
    if len(values) < 2:
        checks.fail("differences", "at least two numbers", len(values))
    half = t.isf(alpha / 2, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5
    return float(values.mean()), float(half)


def roll_back(
    differences: npt.ArrayLike,
    looks: Sequence[int],
    alpha: float = 0.05,
    *,
    corrected: bool = True,
) -> Decision:
    """Look several times; roll back as soon as the challenger is worse beyond luck.

    Parameters
    ----------
    differences : array_like of shape (n,)
        Error of the challenger minus error of the champion, for the same request, in the order
        in which the labels came.
    looks : sequence of int
        Numbers of labels after which to look, rising.
    alpha : float
        Chance of an interval that misses the truth: at all looks together with `corrected`
        (Bonferroni), else at each look.
    """
    values = np.asarray(differences, float)
    share = alpha / len(looks) if corrected else alpha
    mean, half, seen = np.nan, np.nan, 0
    for seen in looks:
        if seen > len(values):
            checks.fail("looks", f"at most {len(values)} labels", seen)
        mean, half = interval(values[:seen], share)
        if mean - half > 0:
            return Decision("roll back", seen, mean, half)
    return Decision("keep", seen, mean, half)


def share_rolled_back(
    differences: npt.ArrayLike,
    looks: Sequence[int],
    rng: np.random.Generator,
    *,
    corrected: bool,
    repeats: int = 300,
    alpha: float = 0.05,
) -> float:
    """Return how often an equally good challenger is rolled back.

    The signs of the differences are drawn anew each time: then neither side is better.
    """
    values: Array = np.asarray(differences, float)
    count = 0
    for _ in range(repeats):
        drawn = rng.choice(values, looks[-1]) * rng.choice([-1.0, 1.0], looks[-1])
        count += roll_back(drawn, looks, alpha, corrected=corrected).action == "roll back"
    return count / repeats
