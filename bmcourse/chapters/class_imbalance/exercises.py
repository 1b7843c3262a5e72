"""Exercises on class imbalance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.class_imbalance.derived import after_undersampling, focal_slope
from bmcourse.exercises import Case, Exercise

__all__ = ["after_undersampling", "balanced_weights", "focal_slope", "precision_at_recall"]

Array = npt.NDArray[Any]


def _balanced(counts: npt.ArrayLike) -> Array:
    numbers = np.asarray(counts)
    return numbers.sum() / (len(numbers) * numbers)


balanced_weights = Exercise(
    "balanced class weights",
    reference=_balanced,
    cases=lambda rng: [(np.array([3, 1]),), (np.array([90, 9, 1]),), (rng.integers(1, 50, 5),)],
    mistakes={
        "np.sum(counts) / np.asarray(counts)": "Divide by the number of classes, too: then all weights of the rows sum to n.",
        "np.asarray(counts) / np.sum(counts)": "That is the share of each class: the frequent class would weigh more. Turn it over.",
        "np.max(counts) / np.asarray(counts)": "Relative to the largest class the ratios are right, but the loss changes its scale. Use n / (k · count).",
        "_balanced(counts) * np.asarray(counts)": "That is the weight of a whole class. Asked is the weight of one of its rows.",
        "dict(enumerate(_balanced(counts).tolist()))": "The numbers are right. Return them as an array, not as a dictionary.",
        "1 / np.asarray(counts)": "The ratios are right. Multiply by n / k, so that the mean weight of the rows is 1.",
        "np.sum(counts) / (2 * np.asarray(counts))": "Right for two classes. Divide by the number of classes, whatever it is.",
        "(1 / np.asarray(counts)) / np.sum(1 / np.asarray(counts))": "Your weights sum to 1. It is the weights of all rows that should sum to n.",
        "_balanced(counts) / _balanced(counts).mean()": "The weights of the rows should have the mean 1, not those of the classes.",
        "1 - np.asarray(counts) / np.sum(counts)": "1 minus the share hardly differs for rare classes. Divide: n / (k · count).",
        "np.sum(counts) // (len(counts) * np.asarray(counts))": "Whole-number division rounds down. Use / and not //.",
        "(np.sum(counts) - np.asarray(counts)) / np.asarray(counts)": "Those are the rows of the others for each of its own. Use n / (k · count).",
        "np.sum(counts) / len(counts) * np.asarray(counts)": "The count stands above the line in Python: put brackets around k · count.",
        "np.min(counts) / np.asarray(counts)": "Relative to the rarest class the ratios are right, but the loss changes its scale. Use n / (k · count).",
        "np.repeat(_balanced(counts), counts)": "The numbers are right. Return one weight for each class, not for each row.",
    },
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
    last = np.array([1, 0, 1, 0, 1]), np.array([0.9, 0.8, 0.7, 0.4, 0.1])  # a positive comes last
    shares = (0.5, 0.8)
    return [
        (*first, 0.8),
        (*last, 0.5),
        *((*case, share) for case, share in zip(drawn, shares, strict=True)),
    ]


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
    mistakes={
        "_precision_at(y, -score, recall)": "You ranked from the lowest score. The best come first: sort by minus the score.",
        _precision_from_zero: "Places count from 0: the place with index i has i + 1 rows down to it.",
        _share_of_rows: "You walked down a share of all rows. Recall is a share of the positives.",
        "float(_ranked(y, score)[_place(_ranked(y, score), recall)] / _ranked(y, score)[-1])": "You divided by the number of positives: that is the recall. Precision divides by the rows you went through.",
        "_ranked(y, score) / np.arange(1, len(y) + 1)": "That is the whole curve of precision. Return its value at one place: the first with enough recall.",
        "_precision_at_first(y, score)": "You compared a count with a share. Enough are found at recall times the number of positives.",
        "_place(_ranked(y, score), recall)": "That is the place. Return the precision there.",
        "float(y.mean())": "That is the share of positives among all rows. Stop where enough are found.",
        "float(y[score >= recall].mean())": "You used the recall as a threshold on the scores. It is the share of positives found.",
        "_precision_there(y, score, lambda found: found > recall * found[-1])": "At least the share is asked for: >= and not >.",
        "_precision_there(y, score, lambda found: found >= int(recall * found[-1]))": "You rounded the number of positives down: then too few are found.",
        _best_from_there: "You took the best precision from there on. Return that of the first place.",
        "int(_ranked(y, score)[_place(_ranked(y, score), recall)])": "Those are the positives found. Divide by the rows you went through.",
        "float(_ranked(y, score)[_place(_ranked(y, score), recall)] / len(y))": "Divide by the rows you went through, not by all rows.",
        "float(np.sort(score)[::-1][_place(_ranked(y, score), recall)])": "That is the score there. Return the precision.",
        "_precision_at(y, -np.arange(len(y)), recall)": "The rows must be put into the order of their scores first.",
        "1 - _precision_at(y, score, recall)": "That is the share of false alarms. Precision is the share of hits.",
        "_precision_there(y, score, lambda found: found >= recall * len(y))": "Recall is a share of the positives. You asked for that share of all rows.",
    },
)
