"""Was this example in the training set? Attack a network by its losses, and measure how well.

A *score* is higher where the attacker is surer that the example was trained on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.metrics import roc_auc_score


def clopper_pearson(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share that was seen `count` times in `n`.

    Clopper and Pearson, "The use of confidence or fiducial limits", 1934.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.0362)
    """
    n = checks.integer("n", n)
    count = checks.integer("count", count, at_least=0)
    if count > n:
        checks.fail("count", f"at most n = {n}", count)
    tail = (1 - checks.number("level", level, above=0, below=1)) / 2
    low = float(beta.ppf(tail, count, n - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, n - count)) if count < n else 1.0
    return low, high


@dataclass(frozen=True)
class Attack:
    """How well scores tell members from others.

    Attributes
    ----------
    auc : float
        Chance that a random member's score is above a random other's; ties count half.
    threshold : float
        Lowest score that is called "member", with at most the asked share of false alarms.
    hits, members, alarms, others : int
        Members found, of how many; false alarms, of how many.
    """

    auc: float
    threshold: float
    hits: int
    members: int
    alarms: int
    others: int

    @property
    def found(self) -> tuple[float, float, float]:
        """Share of the members found, with its 95 % interval."""
        return (self.hits / self.members, *clopper_pearson(self.hits, self.members))

    @property
    def false(self) -> tuple[float, float, float]:
        """Share of the others that raised a false alarm, with its 95 % interval."""
        return (self.alarms / self.others, *clopper_pearson(self.alarms, self.others))


def attack(members: npt.ArrayLike, others: npt.ArrayLike, false_alarms: float = 0.001) -> Attack:
    """Measure an attack by the scores of members and of others.

    Raises
    ------
    ValueError
        If there are too few others to see one false alarm at the asked share.
    """
    inside, outside = (np.asarray(scores, dtype=float) for scores in (members, others))
    allowed = int(checks.number("false_alarms", false_alarms, above=0, below=1) * len(outside))
    if allowed < 1:
        checks.fail("others", f"at least {1 / false_alarms:,.0f} scores", len(outside))
    limit = np.sort(outside)[-allowed - 1]  # the first score that must stay below
    truth = np.repeat([1, 0], [len(inside), len(outside)])
    return Attack(
        auc=float(roc_auc_score(truth, np.concatenate([inside, outside]))),
        threshold=float(np.nextafter(limit, np.inf)),
        hits=int((inside > limit).sum()),
        members=len(inside),
        alarms=int((outside > limit).sum()),
        others=len(outside),
    )


def auc_interval(
    members: Array, others: Array, rng: np.random.Generator, draws: int = 300
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the AUC over members and over others.

    The number in each group is the attacker's design, so each is drawn by itself.
    """
    inside, outside = np.sort(members), np.sort(others)
    below = np.searchsorted(outside, inside, "left"), np.searchsorted(outside, inside, "right")
    areas = np.empty(draws)
    for i in range(draws):
        times = np.bincount(rng.integers(0, len(outside), len(outside)), minlength=len(outside))
        sums = np.concatenate([[0], np.cumsum(times)])
        wins = (sums[below[0]] + sums[below[1]]) / (2 * len(outside))  # of each member
        areas[i] = wins[rng.integers(0, len(inside), len(inside))].mean()
    low, high = np.quantile(areas, [0.025, 0.975])
    return float(low), float(high)


def logit_of_truth(losses: Array) -> Array:
    """Return log(p / (1 - p)) for p = exp(-loss): as scores, nearly a normal distribution."""
    return np.asarray(-losses - np.log(-np.expm1(-np.maximum(losses, 1e-12))))


def against_references(target: Array, references: Array) -> Array:
    """Return how far the target's scores lie above the mean of networks that never saw them.

    `target` has shape (n,), `references` (networks, n). An example that every network finds easy
    is no news; Watson and others, 2022, call this difficulty calibration.
    """
    return np.asarray(target - np.mean(references, axis=0))
