"""Exercises on what a model tells about its training data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bmcourse.checks import Array
from bmcourse.exercises import Case, Exercise
from bmcourse.recipes.privacy.membership import clopper_pearson


def _found_at(members: Array, others: Array, rate: float) -> float:
    allowed = int(rate * len(others))
    limit = np.sort(others)[-allowed - 1]
    return float((members > limit).mean())


def _found_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([5.0, 3.5, 3.0, 1.0]), np.array([4.0, 3.0, 2.0, 1.0, 0.0]), 0.2)
    ties = (np.array([2.0, 2.0, 3.0, 1.0]), np.array([1.0, 2.0, 2.0, 3.0, 0.0]), 0.2)
    return [small, ties, (rng.normal(1, 1, 30), rng.normal(0, 1, 200), 0.05)]


found_at = Exercise(
    "members found at a rate of false alarms",
    reference=_found_at,
    cases=_found_cases,
    mistakes={
        "float((members >= np.sort(others)[-int(rate * len(others)) - 1]).mean())": "An other with exactly this score would raise one false alarm too many: ask for a score above it.",
        "float((members > np.sort(others)[-int(rate * len(others))]).mean())": "One rank too far: with k allowed alarms, the k highest of the others may lie above the limit.",
        "float((members >= np.sort(others)[-int(rate * len(others))]).mean())": "With ties, the score of rank k may stand for more than k alarms. Take the next one, and ask for a score above it.",
        "float((members > np.quantile(members, 1 - rate)).mean())": "You set the limit by the members. The attacker may raise few false alarms among the *others*.",
        "float((others > np.sort(others)[-int(rate * len(others)) - 1]).mean())": "That is the share of false alarms. How many of the members lie above the same limit?",
        "float((members > np.quantile(others, rate)).mean())": "High scores mean member: at most the share `rate` of the others may lie *above* the limit.",
        "int((members > np.sort(others)[-int(rate * len(others)) - 1]).sum())": "That is a number of members. Divide by how many there are.",
    },
)


def _rebuild(dW: Array, db: Array) -> Array:
    j = int(np.argmax(np.abs(db)))
    return np.asarray(dW[:, j] / db[j])


def _rebuild_cases(rng: np.random.Generator) -> list[Case]:
    x, slopes = np.array([0.0, 0.5, 1.0]), np.array([0.0, 2.0, -2.0])
    far, pushes = rng.uniform(size=6), rng.normal(size=5) * np.array([1, 1, 0, 1, 1])
    one_way = np.array([0.0, 1.5, 1.0])
    return [(np.outer(x, d), d) for d in (slopes, one_way)] + [(np.outer(far, pushes), pushes)]


rebuild = Exercise(
    "an input from its gradient",
    reference=_rebuild,
    cases=_rebuild_cases,
    mistakes={
        "dW[:, 0] / db[0]": "Unit 0 is off in the tests: its slope is 0. Choose a unit whose slope is not 0, for example the largest in size.",
        "(dW / db).mean(axis=1)": "Some units are off: their slope is 0, and 0 / 0 is not a number. Choose a unit that is on.",
        "dW.sum(axis=1) / db.sum()": "Slopes of different signs can cancel: here their sum is 0. Choose one unit.",
        "dW[:, np.argmax(np.abs(db))]": "That is x times the slope of this unit. Divide by the slope.",
        "dW[:, np.argmax(db)] * db[np.argmax(db)]": "Divide by the slope; you multiplied.",
        "dW[np.argmax(np.abs(db))] / db": "The kernel is (inputs, units): one unit is a column of dW.",
        "dW / db": "Each column of that is the input once more. One of them is enough: of a unit that is on.",
    },
)


def _clipped_sum(gradients: Array, clip: float) -> Array:
    length = np.linalg.norm(gradients, axis=1, keepdims=True)
    return np.asarray((gradients * np.minimum(1, clip / np.maximum(length, 1e-300))).sum(axis=0))


def _clip_cases(rng: np.random.Generator) -> list[Case]:
    small = np.array([[3.0, 4.0], [0.3, 0.4]])
    zero = np.vstack([np.zeros(3), rng.normal(size=(4, 3))])
    return [(small, 1.0), (rng.normal(size=(5, 4)), 1.5), (zero, 0.8)]


def _clip_the_sum(gradients: Array, clip: float) -> Array:
    total = gradients.sum(axis=0)
    return np.asarray(total * min(1, clip / np.linalg.norm(total)))


def _always(gradients: Array, clip: float) -> Array:
    length = np.linalg.norm(gradients, axis=1, keepdims=True)
    return np.asarray((gradients * clip / np.maximum(length, 1e-300)).sum(axis=0))


def _zero_over_zero(gradients: Array, clip: float) -> Array:
    length = np.linalg.norm(gradients, axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return np.asarray((gradients * np.minimum(1, clip / length) + 0 / length).sum(axis=0))


clipped_sum = Exercise(
    "the sum of clipped gradients",
    reference=_clipped_sum,
    cases=_clip_cases,
    mistakes={
        _clip_the_sum: "You clipped the sum. One example can then still be as large as all of it: clip each row first.",
        "_clip_the_sum(gradients / len(gradients), clip)": "You clipped the mean. Clip each example's gradient, then add up.",
        "_clipped_sum(gradients, clip) / len(gradients)": "That is the mean. The noise is made for the sum.",
        _always: "You made short gradients longer, up to `clip`. Only the long ones change: the factor is at most 1.",
        _zero_over_zero: "A gradient of zeros has the length 0: avoid 0 / 0.",
        "np.clip(gradients, -clip, clip).sum(axis=0)": "You clipped each number by itself. A row can then still be longer than `clip`, and its direction changes.",
        "(gradients * np.minimum(1, clip / np.maximum((gradients**2).sum(1, keepdims=True), 1e-300))).sum(0)": "You forgot the root: the length is the root of the sum of the squares.",
        "(gradients * np.minimum(1, clip / np.linalg.norm(gradients))).sum(axis=0)": "That is one factor for the whole table. Each row has a length of its own: axis=1.",
    },
)


def _from_counts(hits: int, runs: int, alarms: int, delta: float) -> float:
    low, high = clopper_pearson(hits, runs)[0], clopper_pearson(alarms, runs)[1]
    return max(0.0, math.log((low - delta) / high)) if low > delta else 0.0


def _counts(rng: np.random.Generator) -> list[Case]:
    return [(900, 1000, 0, 1e-3), (60, 500, 7, 1e-2), (20, 1000, 18, 1e-3), (0, 1000, 3, 1e-3)]


epsilon_from_counts = Exercise(
    "epsilon from the counts of an attack",
    reference=_from_counts,
    cases=_counts,
    mistakes={
        "max(0.0, math.log((hits / runs - delta) / (alarms / runs))) if hits else 0.0": "With the shares as counted, luck can prove anything, and no alarm would prove an infinite epsilon. Take the bad ends of their intervals.",
        "math.log((clopper_pearson(hits, runs)[0] - delta) / clopper_pearson(alarms, runs)[1])": "Below 1 the quotient shows nothing: then the answer is 0. (And a share of hits that is not above delta shows nothing, either.)",
        "max(0.0, math.log(max(1e-12, clopper_pearson(hits, runs)[1] - delta) / max(1e-12, clopper_pearson(alarms, runs)[0])))": "Those are the ends that please the attacker. For a safe statement take the low end of the hits, and the high end of the alarms.",
        "max(0.0, math.log(max(1e-12, clopper_pearson(hits, runs)[0]) / clopper_pearson(alarms, runs)[1]))": "Where is delta? Take it from the share of hits.",
        "max(0.0, (clopper_pearson(hits, runs)[0] - delta) / clopper_pearson(alarms, runs)[1])": "That is e to the power epsilon. Take the logarithm.",
        "max(0.0, math.log10(max(1e-12, clopper_pearson(hits, runs)[0] - delta) / clopper_pearson(alarms, runs)[1]))": "Epsilon is a power of e: take the natural logarithm.",
    },
)


def _server(weights: list[Any], sizes: list[int]) -> Array:
    alive = [i for i, w in enumerate(weights) if w is not None]
    total = sum(sizes[i] for i in alive)
    return np.asarray(sum(sizes[i] / total * np.asarray(weights[i]) for i in alive))


def _dead_as_zero(weights: list[Any], sizes: list[int]) -> Array:
    pairs = zip(weights, sizes, strict=True)
    return np.asarray(sum(n / sum(sizes) * w for w, n in pairs if w is not None))


def _server_cases(rng: np.random.Generator) -> list[Case]:
    three = [rng.normal(size=4) for _ in range(3)]
    small = [np.array([1.0, 2.0]), np.array([4.0, 8.0])]
    return [(small, [1, 2]), (three, [10, 30, 60]), ([three[0], None, three[2]], [10, 30, 60])]


server_mean = Exercise(
    "the server's mean",
    reference=_server,
    cases=_server_cases,
    mistakes={
        "np.mean([w for w in weights if w is not None], axis=0)": "Each client counts alike here. A client with twice the examples counts twice.",
        _dead_as_zero: "A client that died is not a client with weights of 0: divide by the examples of those who answered.",
        "np.average(np.stack(weights), axis=0, weights=sizes)": "None stands for a client that died. Leave it out, with its size.",
        "sum(n * np.asarray(w) for w, n in zip(weights, sizes) if w is not None)": "Divide by the sum of the sizes of those who answered.",
        "np.median(np.stack([w for w in weights if w is not None]), axis=0)": "That is the median. Here the mean is asked for, weighted by the sizes.",
    },
)
