"""Exercises of chapter 15."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake

Array = npt.NDArray[Any]


def _balanced(counts: npt.ArrayLike) -> Array:
    numbers = np.asarray(counts)
    return numbers.sum() / (len(numbers) * numbers)


balanced_weights = Exercise(
    "balanced class weights",
    reference=_balanced,
    cases=lambda rng: [(np.array([3, 1]),), (np.array([90, 9, 1]),), (rng.integers(1, 50, 5),)],
    mistakes=[
        Mistake(
            lambda c: np.sum(c) / np.asarray(c),
            "Divide by the number of classes, too: then all weights of the rows sum to n.",
        ),
        Mistake(
            lambda c: np.asarray(c) / np.sum(c),
            "That is the share of each class: the frequent class would weigh more. Turn it over.",
        ),
        Mistake(
            lambda c: np.max(c) / np.asarray(c),
            "Relative to the largest class the ratios are right, but the loss changes its scale. "
            "Use n / (k · count).",
        ),
        Mistake(
            lambda c: _balanced(c) * np.asarray(c),
            "That is the weight of a whole class. Asked is the weight of one of its rows.",
        ),
        Mistake(
            lambda c: dict(enumerate(_balanced(c).tolist())),
            "The numbers are right. Return them as an array, not as a dictionary.",
        ),
        Mistake(
            lambda c: 1 / np.asarray(c),
            "The ratios are right. Multiply by n / k, so that the mean weight of the rows is 1.",
        ),
        Mistake(
            lambda c: np.sum(c) / (2 * np.asarray(c)),
            "Right for two classes. Divide by the number of classes, whatever it is.",
        ),
        Mistake(
            lambda c: (1 / np.asarray(c)) / np.sum(1 / np.asarray(c)),
            "Your weights sum to 1. It is the weights of all rows that should sum to n.",
        ),
    ],
)


def _ranked(y: Array, score: Array) -> Array:
    return np.cumsum(y[np.argsort(-score)])


def _place(found: Array, recall: float) -> int:
    return int(np.argmax(found >= recall * found[-1]))


def _precision_at(y: Array, score: Array, recall: float) -> float:
    found = _ranked(y, score)
    place = _place(found, recall)
    return float(found[place] / (place + 1))


def _precision_from_zero(y: Array, score: Array, recall: float) -> float:
    found = _ranked(y, score)
    place = _place(found, recall)
    return float(found[place] / max(place, 1))


def _share_of_rows(y: Array, score: Array, recall: float) -> float:
    found = _ranked(y, score)
    place = int(np.ceil(recall * len(y))) - 1
    return float(found[place] / (place + 1))


def _recall_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [(rng.permutation([1] * 10 + [0] * 30), rng.permutation(40) / 40) for _ in range(2)]
    first = np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1])
    shares = (0.5, 0.8)
    return [(*first, 0.8), *((*case, share) for case, share in zip(drawn, shares, strict=True))]


def _precision_at_first(y: Array, score: Array) -> float:
    return float(1 / (1 + np.argmax(_ranked(y, score) > 0)))


precision_at_recall = Exercise(
    "precision at a given recall",
    reference=_precision_at,
    cases=_recall_cases,
    mistakes=[
        Mistake(
            lambda y, s, r: _precision_at(y, -s, r),
            "You ranked from the lowest score. The best come first: sort by minus the score.",
        ),
        Mistake(
            _precision_from_zero,
            "Places count from 0: the place with index i has i + 1 rows down to it.",
        ),
        Mistake(
            _share_of_rows,
            "You walked down a share of all rows. Recall is a share of the positives.",
        ),
        Mistake(
            lambda y, s, r: float(_ranked(y, s)[_place(_ranked(y, s), r)] / _ranked(y, s)[-1]),
            "You divided by the number of positives: that is the recall. Precision divides by the "
            "rows you went through.",
        ),
        Mistake(
            lambda y, s, r: _ranked(y, s) / np.arange(1, len(y) + 1),
            "That is the whole curve of precision. Return its value at one place: the first with "
            "enough recall.",
        ),
        Mistake(
            lambda y, s, r: _precision_at_first(y, s),
            "You compared a count with a share. Enough are found at recall times the number of "
            "positives.",
        ),
        Mistake(
            lambda y, s, r: _place(_ranked(y, s), r),
            "That is the place. Return the precision there.",
        ),
        Mistake(
            lambda y, s, r: float(y.mean()),
            "That is the share of positives among all rows. Stop where enough are found.",
        ),
        Mistake(
            lambda y, s, r: float(y[s >= r].mean()),
            "You used the recall as a threshold on the scores. It is the share of positives found.",
        ),
    ],
)


def _chances(rng: np.random.Generator) -> list[Case]:
    return [(0.5, 0.1), (0.9, 0.25), (np.array([0.0, 0.3, 1.0]), 0.02), (rng.random(6), 0.4)]


def _through_odds(q: npt.ArrayLike, kept: float) -> Array:
    with np.errstate(all="ignore"):
        odds = kept * np.asarray(q, dtype=float) / (1 - np.asarray(q))
        return np.asarray(odds / (1 + odds))


after_undersampling = Exercise(
    "probabilities after undersampling",
    reference=lambda q, kept: kept * q / (kept * q + 1 - q),
    cases=_chances,
    mistakes=[
        Mistake(
            lambda q, kept: q / (q + kept * (1 - q)),
            "Other direction: thinning the negatives raised the odds, so q is too high. Multiply "
            "the odds by `kept`.",
        ),
        Mistake(
            lambda q, kept: kept * q,
            "You multiplied the probability. It is the odds, q / (1 - q), that are multiplied.",
        ),
        Mistake(
            lambda q, kept: kept * np.asarray(q) / np.maximum(1 - np.asarray(q), 1e-12),
            "Those are the odds. One more step: p = odds / (1 + odds).",
        ),
        Mistake(lambda q, kept: q, "You returned q unchanged. It holds for the thinned rows only."),
        Mistake(
            _through_odds,
            "Right, but for q = 1: its odds are infinite. Write p without them: multiply above "
            "and below by 1 - q.",
        ),
    ],
)


def _p(z: npt.ArrayLike) -> Array:
    return 1 / (1 + np.exp(-np.asarray(z)))


def _focal_slope(z: Array, gamma: float) -> Array:
    p = _p(z)
    return (1 - p) ** gamma * (gamma * p * np.log(p) + p - 1)


def _by_p(z: Array, gamma: float) -> Array:
    p = _p(z)
    return _focal_slope(z, gamma) / (p * (1 - p))


def _first_factor_kept(z: Array, gamma: float) -> Array:
    p = _p(z)
    return (1 - p) ** gamma * (p - 1)


def _sign_lost(z: Array, gamma: float) -> Array:
    p = _p(z)
    return (1 - p) ** gamma * (-gamma * p * np.log(p) + p - 1)


focal_slope = Exercise(
    "slope of the focal loss",
    reference=_focal_slope,
    cases=lambda rng: [(0.0, 0.0), (0.0, 2.0), (1.5, 2.0), (rng.normal(0, 2, 5), 1.5)],
    mistakes=[
        Mistake(
            _first_factor_kept,
            "Both factors depend on z: by the product rule, (1 - p)^γ has a slope, too.",
        ),
        Mistake(
            _by_p,
            "That is dL/dp. Multiply by dp/dz = p (1 - p).",
        ),
        Mistake(
            _sign_lost,
            "Check the signs: (1 - p)^γ falls as p grows, and log p is negative.",
        ),
        Mistake(
            lambda z, gamma: -_focal_slope(z, gamma),
            "The sign: for a positive, L falls as z grows.",
        ),
        Mistake(
            lambda z, gamma: -((1 - _p(z)) ** gamma) * np.log(_p(z)),
            "That is the loss itself. Asked is its derivative.",
        ),
        Mistake(
            lambda z, gamma: _focal_slope(z, gamma) - _first_factor_kept(z, gamma),
            "Both factors depend on z: log p has a slope, too. Its part is missing.",
        ),
        Mistake(
            lambda z, gamma: _p(z) - 1,
            "That is cross-entropy's slope, right for γ = 0 only.",
        ),
    ],
    rtol=1e-5,
)
