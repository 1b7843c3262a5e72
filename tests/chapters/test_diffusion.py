"""Wrong answers and quick questions on diffusion."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse import results
from bmcourse.chapters.diffusion import exercises, measured, questions
from bmcourse.exercises import Exercise
from bmcourse.recipes.generative.diffusion import Noise
from bmcourse.recipes.generative.ideal import best_guess

from .answers import message, right_answers

Array = Any


def by_precisions(x0: Array, xt: Array, k_s: float, k_t: float) -> Array:
    a = k_t / k_s
    variance = 1 / (1 / (1 - k_s) + a / (1 - a))
    return variance * (k_s**0.5 * x0 / (1 - k_s) + a**0.5 * xt / (1 - a))


def by_the_library(guess: Array, xt: Array, k_s: float, k_t: float) -> Array:
    return Noise(np.array([1.0, k_s, k_t])).back(guess, xt, 2, 1, np.zeros_like(xt), 0.0)


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.posterior_mean, by_precisions),
        (exercises.step_back, by_the_library),
        (exercises.kept, lambda b, t: np.exp(np.log1p(-np.asarray(b[:t])).sum())),
        (exercises.guided, lambda told, untold, w: told + w * (told - untold)),
        (exercises.best_guess, lambda xt, training, k: best_guess(xt[None], training, k)[0]),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.posterior_mean,
            lambda x, y, s, t: by_precisions(x, y, s, t) * (1 - t),
            "divided by 1 - k_t",
        ),
        (exercises.posterior_mean, lambda x, y, s, t: s**0.5 * x, "only x_0 is known"),
        (exercises.step_back, lambda g, x, s, t: g, "jumps to the end"),
        (exercises.step_back, by_precisions, "new noise on top"),
        (exercises.kept, lambda b, t: 1 - sum(b[:t]), "Shares multiply"),
        (exercises.kept, lambda b, t: np.sqrt(np.prod(1 - b[:t])), "factor of the picture"),
        (exercises.guided, lambda a, b, w: b + w * (a - b), "w = 0"),
        (exercises.guided, lambda a, b, w: (1 - w) * a + w * b, "past the label"),
        (
            exercises.best_guess,
            lambda x, y, k: y[((x - k**0.5 * y) ** 2).sum(1).argmin()],
            "nearest picture alone",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    factor = np.sqrt(Noise.of_steps([0.36, 0.36, 0.36]).kept[3])
    assert right_answers(questions) == [
        pytest.approx(float(factor)),
        "The loss does not tell: let both draw, judge the digits, and look for copies.",
        "They are as told more often, and more of one kind.",
    ]


def test_the_models_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    row = dict.fromkeys(measured.FIELDS, 1.0)
    stored: dict[str, dict[str, Any]] = {
        "first": {"runs": {"a": {**row, "model": "A", "frechet": 9}, "b": {"model": "no judge"}}},
        "second": {"runs": [{**row, "model": "B", "frechet": f, "more": 1} for f in (2, 4)]},
        "third": {"rows": [{**row, "model": "C"}]},
    }
    monkeypatch.setattr(results, "names", lambda: tuple(stored))
    monkeypatch.setattr(results, "load", stored.__getitem__)
    table = measured.side_by_side()
    assert list(table.index) == ["B", "A"]
    assert list(table["frechet"]) == [3, 9]
    assert list(table["seeds"]) == [2, 1]


def test_stored_rows_are_found_by_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"steps": 10, "eta": 0}, {"steps": 10, "eta": 1}, {"steps": 20, "eta": 0}]
    monkeypatch.setattr(results, "load", lambda _: {"rows": rows})
    assert list(measured.drawn(steps=10)["eta"]) == [0, 1]
    assert len(measured.drawn(steps=20, eta=1)) == 0
