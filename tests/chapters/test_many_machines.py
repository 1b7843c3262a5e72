"""Wrong answers and quick questions on training with many machines."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.many_machines import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def searched(compute: float, size: float, latency: float, bandwidth: float) -> float:
    """Find the shortest step by trying numbers of machines."""
    n = np.geomspace(1, 1000, 2_000_001)
    seconds = compute / n + 2 * (n - 1) * (latency + size / n / bandwidth)
    return float(n[np.argmin(seconds)])


def by_running_totals(vectors: Array) -> Array:
    """Give worker r, in part p, the sum over workers p, p + 1, … up to r."""
    n = len(vectors)
    parts = np.array_split(np.arange(vectors.shape[1]), n)
    held = np.zeros(vectors.shape)
    for r in range(n):
        for p in range(n):
            before = [(p + k) % n for k in range((r - p) % n + 1)]
            held[r, parts[p]] = sum(vectors[b][parts[p]] for b in before)
    return held


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.whole_gradient, lambda g, sizes: np.average(g, axis=0, weights=sizes)),
        (exercises.ring_bytes, lambda size, n: sum(size / n for _ in range(2 * (n - 1)))),
        (
            exercises.best_number,
            lambda c, size, lag, speed: max(1.0, math.sqrt(max(0, c / 2 - size / speed) / lag)),
        ),
        (exercises.bubble, lambda s, m: 1 - m / (m + s - 1)),
        (exercises.first_round, by_running_totals),
        (exercises.between_checkpoints, lambda store, life, n: (2 * store * life / n) ** 0.5),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


def test_the_best_number_is_where_the_step_is_shortest() -> None:
    for case in exercises.best_number.cases(np.random.default_rng(0)):
        assert exercises.best_number.reference(*case) == pytest.approx(searched(*case), rel=1e-4)


def backwards(vectors: Array) -> Array:
    return by_running_totals(vectors[::-1])[::-1]


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.whole_gradient, lambda g, sizes: sum(g) / len(g), "counts alike"),
        (exercises.whole_gradient, lambda g, sizes: np.array(g).sum(0), "sum of means"),
        (exercises.whole_gradient, lambda g, sizes: np.array(sizes) @ np.array(g), "Divide by"),
        (exercises.ring_bytes, lambda size, n: size - size / n, "one round"),
        (exercises.ring_bytes, lambda size, n: 2 * size * (n - 1), "not the whole vector"),
        (exercises.ring_bytes, lambda size, n: size * 2.0, "one step less"),
        (
            exercises.best_number,
            lambda c, size, lag, speed: max(1, (c / lag / 2) ** 0.5),
            "Where are the bytes",
        ),
        (
            exercises.best_number,
            lambda c, size, lag, speed: math.sqrt((c - 2 * size / speed) / lag / 2),
            "return 1",
        ),
        (
            exercises.best_number,
            lambda c, size, lag, speed: math.sqrt(max(0, c - 2 * size / speed) / lag / 2),
            "at least 1",
        ),
        (exercises.bubble, lambda s, m: (s - 1) / m, "waiting over working"),
        (exercises.bubble, lambda s, m: m / (s + m - 1), "that it works"),
        (
            exercises.first_round,
            lambda v: np.repeat(v.sum(0, keepdims=True), len(v), 0),
            "*one* complete part",
        ),
        (
            exercises.between_checkpoints,
            lambda store, life, n: (2 * store * life) ** 0.5,
            "one machine",
        ),
        (exercises.between_checkpoints, lambda store, life, n: (store * life / n) ** 0.5, "*half*"),
    ],
)
def test_usual_mistakes_are_named(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_right_answers_of_the_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(2 * 4 / 5 * 100),
        pytest.approx((1 / 2 / 10) / (1 / 2 / 90)),
        "One: a second one costs more than it saves.",
    ]
