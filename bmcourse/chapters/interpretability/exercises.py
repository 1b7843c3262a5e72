"""Exercises on explaining a network."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise
from bmcourse.recipes.explain import shapley

Array = npt.NDArray[Any]


def _from_gradients(x: Array, baseline: Array, gradients: Array) -> Array:
    found: Array = (x - baseline) * gradients.mean(axis=0)
    return found


def _line_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([3.0, 1.0]), np.array([1.0, 1.0]), np.array([[2.0, 5.0], [6.0, 7.0]]))
    drawn = [
        (rng.normal(size=n), rng.normal(size=n), rng.normal(size=(steps, n)))
        for n, steps in ((3, 3), (4, 6))
    ]
    return [small, *drawn]


from_gradients = Exercise(
    "integrated gradients from the gradients on the line",
    reference=_from_gradients,
    cases=_line_cases,
    mistakes={
        "gradients.mean(axis=0)": "That is the mean gradient. Multiply it by the way from the baseline to x.",
        "(x - baseline) * gradients.sum(axis=0)": "You took the sum over the points. The integral is their mean: each point stands for 1 / steps of the line.",
        "x * gradients.mean(axis=0)": "The line begins at the baseline, not at 0: multiply by x - baseline.",
        "(baseline - x) * gradients.mean(axis=0)": "The sign is wrong: the line goes from the baseline to x.",
        "(x - baseline) * gradients[-1]": "You used the gradient at the last point alone. Take the mean over the line.",
        "((x - baseline) * gradients.mean(axis=0)).sum()": "That is the sum that completeness speaks of. Each input keeps its own share.",
    },
)


def _worth_cases(rng: np.random.Generator) -> list[Case]:
    return [(np.array([0.0, 10.0, 20.0, 50.0]),), *((rng.normal(size=4),) for _ in range(3))]


two_features = Exercise(
    "Shapley values of two features",
    reference=lambda w: shapley.shapley_values(w),
    cases=_worth_cases,
    mistakes={
        "np.array([w[1] - w[0], w[2] - w[0]])": "You let each feature join first, only. It may also join second: take the mean of both orders.",
        "np.array([w[3] - w[2], w[3] - w[1]])": "You let each feature join last, only. It may also join first: take the mean of both orders.",
        "np.array([w[1] + w[3] - w[2], w[2] + w[3] - w[1]]) / 2": "The coalition of nobody is worth w[0], which need not be 0: subtract it.",
        "np.array([w[1] - w[0] + w[3] - w[2], w[2] - w[0] + w[3] - w[1]])": "You added up the two orders. Take their mean.",
        "np.array([w[2] - w[0] + w[3] - w[1], w[1] - w[0] + w[3] - w[2]]) / 2": "The two features have changed places: w[1] is the worth of the first one alone.",
    },
)


def _seen_before(weights: Array) -> float:
    steps = len(weights) // 2
    query = np.arange(steps, 2 * steps)
    return float(weights[query, query - steps + 1].mean())


def _head_cases(rng: np.random.Generator) -> list[Case]:
    found = []
    for steps in (2, 3, 5):
        raw = np.tril(rng.uniform(0.1, 1, size=(2 * steps, 2 * steps)))
        found.append((raw / raw.sum(axis=1, keepdims=True),))
    return found


def _offset(weights: Array, more: int) -> float:
    steps = len(weights) // 2
    query = np.arange(steps, 2 * steps)
    return float(weights[query, query - steps + more].mean())


induction_score = Exercise(
    "how much one head copies",
    reference=_seen_before,
    cases=_head_cases,
    mistakes={
        "_offset(weights, 0)": "That place holds the same piece. A head that copies looks one place further, at what came after it.",
        "_offset(weights, -1)": "That is the piece before the earlier showing. Look at the one after it.",
        "_seen_before(weights.T)": "Rows are queries, columns are keys: you exchanged the two.",
        "float(np.diagonal(weights, 1 - len(weights) // 2).mean())": "Your diagonal begins one query too early, in the first showing. Only the second showing counts.",
        "_seen_before(weights) * (len(weights) // 2)": "That is the sum over the queries. Take the mean.",
    },
)


def _painted(image: Array, importance: Array, many: int) -> Array:
    found = image.copy()
    order = np.argsort(-importance, axis=None, kind="stable")
    found.ravel()[order[:many]] = 0
    return found


def _deletion_cases(rng: np.random.Generator) -> list[Case]:
    found = []
    for side, many in ((2, 1), (3, 4), (4, 5)):
        image = rng.uniform(0.1, 1, size=(side, side))
        found.append((image, rng.normal(size=(side, side)), many))
    return found


deleted = Exercise(
    "one step of a deletion curve",
    reference=_painted,
    cases=_deletion_cases,
    mistakes={
        "_painted(image, -importance, many)": "You painted over the least important pixels. Sort from large to small.",
        "_painted(image, abs(importance), many)": "You sorted by the size. A pixel with a negative number speaks against the class: to delete it raises the score.",
        "_painted(image, image, many)": "You sorted by the brightness of the image, not by the map.",
        "_painted(image, importance, many + 1)": "That is one pixel too many.",
        "image - _painted(image, importance, many)": "You kept what was to be deleted, and deleted the rest.",
        "image * (importance < importance.max())": "Only the single most important pixel is gone. Paint over all of the first ones.",
    },
)
