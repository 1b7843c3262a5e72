"""Wrong answers, quick questions and stored tables on compression."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from bmcourse import results
from bmcourse.chapters.compression import exercises, measured, questions
from bmcourse.exercises import Exercise
from bmcourse.recipes.compression import pruning
from bmcourse.recipes.compression.affine import Affine
from bmcourse.recipes.compression.distillation import DistillationLoss, targets

from .answers import message, right_answers


def by_the_code(minimum: float, maximum: float) -> tuple[float, int]:
    code = Affine.between(minimum, maximum)
    return float(code.scale), int(code.zero)


def by_the_loss(z: Any, v: Any, temperature: float) -> Any:
    loss = DistillationLoss(temperature, 0.0)
    rows = np.atleast_2d(z)
    loss.forward(rows, targets(np.atleast_2d(v), np.zeros(len(rows), int)))
    return (loss.backward() * len(rows)).reshape(np.shape(z))


def by_doubling(factor: float) -> tuple[int, int]:
    shift = 15
    while factor < 0.5:
        factor, shift = 2 * factor, shift + 1
    return round(factor * 2**15), shift


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.scale_and_zero, by_the_code),
        (
            exercises.requantised,
            lambda t, m, z: np.minimum(np.maximum(np.rint(m * t) + z, -128), 127),
        ),
        (exercises.soft_gradient, by_the_loss),
        (exercises.block_megabytes, lambda n, b, k: (n * b / 8 + n / k * 4) / 1e6),
        (exercises.keep, lambda w, s: pruning.magnitude_masks({"kernel": w}, s)["kernel"]),
        (exercises.fixed_point, by_doubling),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.scale_and_zero,
            lambda a, b: ((b - a) / 256, round(-128 - 256 * a / (b - a))),
            "255 steps",
        ),
        (exercises.scale_and_zero, lambda a, b: (max(-a, b) / 127, 0), "symmetric"),
        (exercises.requantised, lambda t, m, z: np.round(m * t) + z, "cut it"),
        (
            exercises.requantised,
            lambda t, m, z: np.clip((m * t).astype(int) + z, -128, 127),
            "cut off",
        ),
        (
            exercises.soft_gradient,
            lambda z, v, t: softmax(z / t, axis=-1) - softmax(v / t, axis=-1),
            "One factor is missing",
        ),
        (
            exercises.soft_gradient,
            lambda z, v, t: t * (softmax(z, axis=-1) - softmax(v, axis=-1)),
            "at the temperature T",
        ),
        (exercises.block_megabytes, lambda n, b, k: n * b / 8e6, "scale and a minimum"),
        (exercises.block_megabytes, lambda n, b, k: n * (b + 32 / k) / 1e6, "megabits"),
        (exercises.keep, lambda w, s: np.abs(w) > np.quantile(np.abs(w), s), "quantile"),
        (exercises.keep, lambda w, s: np.abs(w) > s, "not a bound"),
        (exercises.fixed_point, lambda m: (round(m * 2**15), 15), "few digits"),
        (
            exercises.fixed_point,
            lambda m: (round(math.frexp(m)[0] * 2**31), 31 - math.frexp(m)[1]),
            "15 bits here",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    z, v = np.array([0.3, -0.2, 0.1]), np.array([0.1, 0.2, -0.4])
    slopes = [by_the_loss(z, v, t) / t**2 for t in (400.0, 800.0)]  # without the factor
    assert right_answers(questions) == [
        pytest.approx(float(Affine.between(-2, 3.1).scale) / 2),
        "Nothing yet: time the exported file on the machine that will run it.",
        pytest.approx(float((slopes[1] / slopes[0]).mean()), abs=1e-3),
    ]


def test_stored_rows_become_tables_of_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"part": "pruning", "kind": "final", "side": "a", "seed": 1, "test_wrong": [0, 7]},
        {"part": "pruning", "kind": "final", "side": "a", "seed": 0, "test_wrong": [9_999]},
        {"part": "pruning", "kind": "try", "side": "a", "seed": 5},
        {"part": "pruning", "kind": "final", "side": "b", "seed": 0, "test_wrong": []},
    ]
    monkeypatch.setattr(results, "load", lambda _: {"rows": rows})
    table = measured.rows("pruning")
    assert len(table) == 3
    found = measured.right(table, side="a")
    assert found.shape == (2, 10_000)
    assert [np.flatnonzero(row == 0).tolist() for row in found] == [[9_999], [0, 7]]
