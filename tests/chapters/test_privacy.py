"""Wrong answers and quick questions on what a model tells about its training data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_curve

from bmcourse.chapters.privacy import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def by_the_curve(members: Array, others: Array, rate: float) -> float:
    truth = np.repeat([1, 0], [len(members), len(others)])
    false, true, _ = roc_curve(truth, np.r_[members, others], drop_intermediate=False)
    return float(true[false <= rate + 1e-12].max())


def by_scipy(hits: int, runs: int, alarms: int, delta: float) -> float:
    low = stats.binomtest(hits, runs).proportion_ci(0.95, "exact").low
    high = stats.binomtest(alarms, runs).proportion_ci(0.95, "exact").high
    return max(0.0, math.log(max(low - delta, 1e-300) / high))


def by_loop(gradients: Array, clip: float) -> Array:
    total = np.zeros(gradients.shape[1])
    for g in gradients:
        length = math.sqrt((g * g).sum())
        total += g if length <= clip else g * (clip / length)
    return total


def averaged(weights: list[Any], sizes: list[int]) -> Array:
    alive = [(w, n) for w, n in zip(weights, sizes, strict=True) if w is not None]
    return np.average([w for w, _ in alive], axis=0, weights=[n for _, n in alive])


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.found_at, by_the_curve),
        (exercises.rebuild, lambda dW, db: dW @ db / (db @ db)),
        (exercises.clipped_sum, by_loop),
        (exercises.epsilon_from_counts, by_scipy),
        (exercises.server_mean, averaged),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.found_at,
            lambda m, o, rate: np.mean(m >= sorted(o, reverse=True)[int(rate * len(o))]),
            "one false alarm too many",
        ),
        (
            exercises.found_at,
            lambda m, o, rate: np.mean(m > sorted(o, reverse=True)[int(rate * len(o)) - 1]),
            "One rank too far",
        ),
        (
            exercises.found_at,
            lambda m, o, rate: np.mean(m > np.quantile(m, 1 - rate)),
            "by the members",
        ),
        (exercises.rebuild, lambda dW, db: dW.T[0] / db[0], "Unit 0 is off"),
        (exercises.rebuild, lambda dW, db: (dW / db).mean(1), "0 / 0"),
        (exercises.rebuild, lambda dW, db: dW.mean(1) / db.mean(), "can cancel"),
        (exercises.rebuild, lambda dW, db: dW[:, abs(db).argmax()], "Divide by the slope"),
        (
            exercises.clipped_sum,
            lambda g, clip: g.sum(0) * min(1, clip / np.linalg.norm(g.sum(0))),
            "You clipped the sum",
        ),
        (exercises.clipped_sum, lambda g, clip: g.clip(-clip, clip).sum(0), "by itself"),
        (exercises.clipped_sum, lambda g, clip: by_loop(g, clip) / len(g), "That is the mean"),
        (
            exercises.clipped_sum,
            lambda g, clip: (
                (g * np.minimum(1, clip / np.sqrt((g**2).sum(1)))[:, np.newaxis]).sum(0)
                if g.any(axis=1).all()
                else np.full(g.shape[1], np.nan)
            ),
            "avoid 0 / 0",
        ),
        (
            exercises.epsilon_from_counts,
            lambda hits, runs, alarms, delta: (
                max(0.0, math.log((hits / runs - delta) / (alarms / runs))) if hits else 0.0
            ),
            "luck can prove anything",
        ),
        (
            exercises.epsilon_from_counts,
            lambda hits, runs, alarms, delta: by_scipy(hits, runs, alarms, 0.0),
            "Where is delta?",
        ),
        (
            exercises.server_mean,
            lambda weights, sizes: (
                sum(w for w in weights if w is not None) / sum(w is not None for w in weights)
            ),
            "counts alike",
        ),
        (
            exercises.server_mean,
            lambda weights, sizes: (
                sum(n * w for w, n in zip(weights, sizes, strict=True) if w is not None)
                / sum(sizes)
            ),
            "not a client with weights of 0",
        ),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(3 * 0.001),
        "It is not proved: the proof needs a coin for each image and each step.",
        "No: the server can choose weights that keep the images apart.",
    ]
