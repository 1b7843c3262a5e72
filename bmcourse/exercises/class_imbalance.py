"""Exercises of chapter 15."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake
from bmcourse.exercises.imbalance_derived import after_undersampling, focal_slope

__all__ = ["after_undersampling", "balanced_weights", "focal_slope", "precision_at_recall"]

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
        Mistake(
            lambda c: _balanced(c) / _balanced(c).mean(),
            "The weights of the rows should have the mean 1, not those of the classes.",
        ),
        Mistake(
            lambda c: 1 - np.asarray(c) / np.sum(c),
            "1 minus the share hardly differs for rare classes. Divide: n / (k · count).",
        ),
        Mistake(
            lambda c: np.sum(c) // (len(c) * np.asarray(c)),
            "Whole-number division rounds down. Use / and not //.",
        ),
        Mistake(
            lambda c: (np.sum(c) - np.asarray(c)) / np.asarray(c),
            "Those are the rows of the others for each of its own. Use n / (k · count).",
        ),
        Mistake(
            lambda c: np.sum(c) / len(c) * np.asarray(c),
            "The count stands above the line in Python: put brackets around k · count.",
        ),
        Mistake(
            lambda c: np.min(c) / np.asarray(c),
            "Relative to the rarest class the ratios are right, but the loss changes its scale. "
            "Use n / (k · count).",
        ),
        Mistake(
            lambda c: np.repeat(_balanced(c), c),
            "The numbers are right. Return one weight for each class, not for each row.",
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


def _precision_there(y: Array, score: Array, enough: Callable[[Array], Array]) -> float:
    found = _ranked(y, score)
    place = int(np.argmax(enough(found)))
    return float(found[place] / (place + 1))


def _best_from_there(y: Array, score: Array, recall: float) -> float:
    found = _ranked(y, score)
    return float((found / np.arange(1, len(y) + 1))[_place(found, recall) :].max())


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
        Mistake(
            lambda y, s, r: _precision_there(y, s, lambda found: found > r * found[-1]),
            "At least the share is asked for: >= and not >.",
        ),
        Mistake(
            lambda y, s, r: _precision_there(y, s, lambda found: found >= int(r * found[-1])),
            "You rounded the number of positives down: then too few are found.",
        ),
        Mistake(
            _best_from_there,
            "You took the best precision from there on. Return that of the first place.",
        ),
        Mistake(
            lambda y, s, r: int(_ranked(y, s)[_place(_ranked(y, s), r)]),
            "Those are the positives found. Divide by the rows you went through.",
        ),
        Mistake(
            lambda y, s, r: float(_ranked(y, s)[_place(_ranked(y, s), r)] / len(y)),
            "Divide by the rows you went through, not by all rows.",
        ),
        Mistake(
            lambda y, s, r: float(np.sort(s)[::-1][_place(_ranked(y, s), r)]),
            "That is the score there. Return the precision.",
        ),
        Mistake(
            lambda y, s, r: _precision_at(y, -np.arange(len(y)), r),
            "The rows must be put into the order of their scores first.",
        ),
        Mistake(
            lambda y, s, r: 1 - _precision_at(y, s, r),
            "That is the share of false alarms. Precision is the share of hits.",
        ),
        Mistake(
            lambda y, s, r: _precision_there(y, s, lambda found: found >= r * len(y)),
            "Recall is a share of the positives. You asked for that share of all rows.",
        ),
    ],
)
