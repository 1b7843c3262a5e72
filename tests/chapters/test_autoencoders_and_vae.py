"""Wrong answers and quick questions of the chapter on autoencoders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from bmcourse.chapters.autoencoders_and_vae import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def kl_by_sigma(mean: Array, log_variance: Array) -> Array:
    sigma = np.sqrt(np.exp(log_variance))
    return np.array(
        [sum((m * m + s * s - 1) / 2 - np.log(s) for m, s in zip(*row)) for row in zip(mean, sigma)]  # noqa: B905
    )


def through_by_differences(dz: Array, noise: Array, log_variance: Array) -> dict[str, Array]:
    step = 1e-6
    ends = [np.exp((log_variance + d) / 2) * noise for d in (step, -step)]
    return {"dmean": 1.0 * dz, "dlog_variance": dz * (ends[0] - ends[1]) / (2 * step)}


def used_by_loop(kl: Array, least: float) -> int:
    return sum(float(np.mean(column)) > least for column in kl.T)


@pytest.mark.parametrize(
    ("exercise", "attempt"),
    [
        (exercises.kl_from_standard, kl_by_sigma),
        (exercises.through_the_draw, through_by_differences),
        (exercises.bytes_a_picture, lambda bound: np.log2(np.e) * abs(bound) / 8),
        (exercises.tighter_bound, lambda w: logsumexp(w, axis=1) - np.log(w.shape[1])),
        (exercises.units_used, used_by_loop),
    ],
)
def test_other_right_ways_are_right(exercise: Exercise, attempt: Any) -> None:
    assert exercise.judge(attempt).status == "right"


@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.kl_from_standard, lambda m, v: 2 * kl_by_sigma(m, v), "factor ½ is missing"),
        (exercises.kl_from_standard, lambda m, v: kl_by_sigma(m, 2 * v), "took log σ² for log σ"),
        (exercises.kl_from_standard, lambda m, v: kl_by_sigma(m, v).mean(), "for each image"),
        (
            exercises.through_the_draw,
            lambda dz, e, v: {"dmean": dz, "dlog_variance": np.sqrt(np.exp(v)) * e * dz},
            "the ½ is missing",
        ),
        (
            exercises.through_the_draw,
            lambda dz, e, v: {"dmean": dz, "dlog_variance": e * dz},
            "gradient for σ",
        ),
        (exercises.bytes_a_picture, lambda bound: -bound / 8, "not a bit"),
        (exercises.bytes_a_picture, lambda bound: -bound / np.log(2), "Those are bits"),
        (exercises.tighter_bound, lambda w: w.mean(1), "ordinary bound"),
        (exercises.tighter_bound, lambda w: np.log(np.mean(np.exp(w), axis=1)), "exp(-1500)"),
        (exercises.tighter_bound, lambda w: logsumexp(w, axis=1), "logarithm of the sum"),
        (exercises.units_used, lambda kl, least: int((kl > least).any(axis=0).sum()), "any image"),
        (exercises.units_used, lambda kl, least: np.mean(kl.mean(0) > least), "share of the units"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    with np.errstate(divide="ignore"):
        assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    z = stats.norm(2, 1).rvs(2_000_000, random_state=1)
    drawn = (stats.norm.logpdf(z, 2, 1) - stats.norm.logpdf(z)).mean()
    assert right_answers(questions) == [
        pytest.approx(drawn, abs=0.01),
        "Both lie above their bounds; which of them is larger remains open.",
        "The distance of each to the nearest training image.",
    ]
