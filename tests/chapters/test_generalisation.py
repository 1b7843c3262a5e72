"""Wrong answers and quick questions on generalisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from bmcourse.chapters.generalisation import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def stops_at_the_first_rise(losses: Array, patience: int) -> int:
    for epoch in range(1, len(losses)):
        if losses[epoch] > losses[epoch - 1]:
            return epoch - 1
    return len(losses) - 1


def rises_in_all(losses: Array, patience: int) -> int:
    rises = 0
    for epoch in range(1, len(losses)):
        rises += losses[epoch] > losses[epoch - 1]
        if rises == patience:
            return int(np.argmin(losses[:epoch]))
    return int(np.argmin(losses))


def never_anew(losses: Array, patience: int) -> int:
    best = bad = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch > 0:
            bad += 1
        if bad == patience:
            break
    return best


def early(otherwise: Callable[[Array, int], Any] = lambda losses, best: best) -> Any:
    def attempt(losses: Array, patience: int) -> Any:
        best = 0
        for epoch, loss in enumerate(losses):
            if loss < losses[best]:
                best = epoch
            if epoch - best >= patience:
                return best
        return otherwise(losses, best)

    return attempt


def where_it_stops(losses: Array, patience: int) -> int:
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch - patience


def with_the_stop(losses: Array, patience: int) -> tuple[int, int]:
    best = early()(losses, patience)
    return best, min(best + patience, len(losses) - 1)


def until(
    lower: Callable[[float, float], bool] = lambda loss, best: loss < best, stopped: bool = False
) -> Any:
    def attempt(losses: Array, patience: int) -> int:
        best = 0
        for epoch, loss in enumerate(losses):
            if epoch and lower(loss, losses[best]):
                best = epoch
            if epoch - best >= patience:
                return epoch if stopped else best
        return best

    return attempt


def simulated(n: int, k: int, right: float) -> float:
    flips = np.random.default_rng(1).binomial(n, right, size=(2000, k))
    return float(flips.max(axis=1).mean() / n)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.early_stopping, stops_at_the_first_rise, "first rise"),
        (exercises.training_error, lambda b2, n, p, s: b2 + s**2 * (1 + p / n), "new heights"),
        (exercises.training_error, lambda b2, n, p, s: b2 + s**2 * (n - p), "divide by n"),
        (exercises.training_error, lambda b2, n, p, s: s**2 * (n - p) / n, "bias part"),
        (exercises.inverted_dropout, lambda x, u, rate: x * (1 - rate), "Nothing was dropped"),
        (exercises.l2_step, lambda w, g, r, s: w - r * (g + s * w / np.abs(w)), "slope of |w|"),
        (exercises.l2_step, lambda w, g, r, s: -r * (g + 2 * s * w), "That is the step"),
        (exercises.l2_step, lambda w, g, r, s: g + 2 * s * w, "That is the gradient"),
        (exercises.l2_step, lambda w, g, r, s: w - (g + 2 * s * w), "learning rate is missing"),
        (exercises.l2_step, lambda w, g, r, s: w - r * (g + 2 * w), "strength is missing"),
        (exercises.l2_step, lambda w, g, r, s: w - r * (g + 2 * s), "weight is missing"),
        (exercises.l2_step, lambda w, g, r, s: w * (1 - s) - r * g, "learning rate multiplies it"),
        (
            exercises.l2_step,
            lambda w, g, r, s: (w - r * g) - r * 2 * s * (w - r * g),
            "before the step",
        ),
        (exercises.l2_step, lambda w, g, r, s: w - r * (g + 2 * s * w**2), "not 2w²"),
        (
            exercises.inverted_dropout,
            lambda x, u, r: x * (u >= r) / (u >= r).mean(),
            "happened to be kept",
        ),
        (
            exercises.inverted_dropout,
            lambda x, u, r: x * (u >= r) * r,
            "You multiplied by the rate",
        ),
        (exercises.inverted_dropout, lambda x, u, r: x[u >= r], "keeps the shape"),
        (exercises.inverted_dropout, lambda x, u, r: u >= r, "That is the mask"),
        (exercises.inverted_dropout, lambda x, u, r: (u >= r) / (1 - r), "That is the mask"),
        (exercises.inverted_dropout, lambda x, u, r: x * (u < 1 - r) / (1 - r), "but others"),
        (exercises.inverted_dropout, lambda x, u, r: x * (x >= r) / (1 - r), "not x"),
        (exercises.early_stopping, rises_in_all, "all rises"),
        (exercises.early_stopping, never_anew, "Begin the count again"),
        (exercises.early_stopping, early(lambda losses, best: None), "after the loop"),
        (exercises.early_stopping, early(lambda losses, best: -1), "all the same"),
        (
            exercises.early_stopping,
            early(lambda losses, best: len(losses) - 1),
            "need not be the last",
        ),
        (exercises.early_stopping, where_it_stops, "may run to its last epoch"),
        (
            exercises.early_stopping,
            lambda losses, patience: min(losses),
            "lowest loss of the whole curve",
        ),
        (exercises.early_stopping, with_the_stop, "Return it alone"),
        (
            exercises.best_by_luck,
            lambda n, k, right: k * stats.binom.sf(np.arange(n), n, right).mean(),
            "above 1",
        ),
        (
            exercises.best_by_luck,
            lambda n, k, right: (
                sum(m * (1 - stats.binom.cdf(m - 1, n, right) ** k) for m in range(n + 1)) / n
            ),
            "You multiplied by m",
        ),
        (
            exercises.best_by_luck,
            lambda n, k, right: np.sum(1 - stats.binom.cdf(range(n), n, right) ** k) / k,
            "Divide by n",
        ),
        (exercises.best_by_luck, lambda n, k, right: 1 - (1 - right) ** k, "right on one image"),
        (
            exercises.best_by_luck,
            lambda n, k, r: np.mean(1 - stats.binom.cdf(range(n), n, 0.5) ** k),
            "coins' answer",
        ),
        (exercises.early_stopping, until(lambda loss, best: loss <= best), "< and not <="),
        (exercises.early_stopping, until(stopped=True), "in both places"),
        (exercises.inverted_dropout, lambda x, u, r: x * (u > r) / (1 - r), ">= and not >"),
        (
            exercises.best_by_luck,
            lambda n, k, r: 1 / 2 + (np.log(k) / n / 2) ** 0.5,
            "thumb for coins",
        ),
        (exercises.best_by_luck, lambda n, k, r: r + (np.log(k) / n / 2) ** 0.5, "rule of thumb"),
        (exercises.best_by_luck, simulated, "a simulation?"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        "Little: the gap says over-fitting, but only a measurement on validation data says what a larger network does.",
        pytest.approx(2 * 0.25 * 10 / 50, rel=1e-9),
        pytest.approx(
            exercises.inverted_dropout.reference(np.ones(1), np.array([0.5]), 0.2)[0], rel=1e-9
        ),
    ]
