"""Wrong answers and quick questions on fast training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.faster_and_better import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def moving_averages(values: Array, momentum: float) -> Array:
    average, found = 0.0, []
    for value in values:
        average = momentum * average + (1 - momentum) * value
        found.append(average)
    return np.array(found)


def work(
    shrink: Callable[[Any], Any] = lambda side: side // 2,
    one: Callable[..., Any] = lambda c, f, side: 18 * c * f * side**2,
    first: int = 3,
    together: Callable[[list[Any]], Any] = sum,
) -> Any:
    def attempt(side: Any, widths: tuple[int, ...]) -> Any:
        each, channels = [], first
        for f in widths:
            each.append(one(channels, f, side))
            side, channels = shrink(side), f
        return together(each)

    return attempt


def smoothed(
    target: Callable[..., Any] = lambda hot, s, k: (1 - s) * hot + s / k,
    logs: Callable[[Array], Any] | None = None,
    mean: Callable[[Array], Any] = lambda terms: terms.sum(axis=1).mean(),
) -> Any:
    def attempt(logits: Array, labels: Array, smoothing: float) -> Any:
        classes = logits.shape[1]
        z = logits - logits.max(axis=1, keepdims=True)
        right = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        found = logs(logits) if logs else right
        return -mean(target(np.eye(classes)[labels], smoothing, classes) * found)

    return attempt


def softmax(logits: Array) -> Array:
    z = np.exp(logits - logits.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def averages(correct: Callable[..., Any]) -> Any:
    def attempt(values: Array, momentum: float) -> Array:
        average, found = 0.0, []
        for k, value in enumerate(values, start=1):
            average = momentum * average + (1 - momentum) * value
            found.append(correct(average, momentum, k, len(values)))
        return np.array(found)

    return attempt


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (
            exercises.network_flops,
            lambda side, widths: 54 * widths[0] * side**2,
            "the first convolution",
        ),
        (exercises.averaged, lambda v, m: moving_averages(v, 1 - m), "weight of the old average"),
        (exercises.averaged, lambda v, m: moving_averages(v, m)[-1], "not only the last one"),
        (exercises.network_flops, work(together=lambda each: each[-1]), "the last convolution"),
        (
            exercises.network_flops,
            work(one=lambda c, f, n: (18 * c + 1) * f * n**2),
            "leaves them out",
        ),
        (exercises.network_flops, work(first=1), "3 channels"),
        (exercises.network_flops, work(one=lambda c, f, n: 2 * c * f * n**2), "9 weights"),
        (exercises.network_flops, work(shrink=lambda n: n / 2), "so use //"),
        (exercises.network_flops, work(shrink=lambda n: (n + 1) // 2), "not up"),
        (exercises.network_flops, work(shrink=lambda n: round(n / 2)), "not to the nearest"),
        (
            exercises.network_flops,
            work(one=lambda c, f, n: 18 * c * f * (n - 2) ** 2),
            "keeps the side",
        ),
        (exercises.network_flops, work(shrink=lambda n: (n - 2) // 2), "keeps the side"),
        (exercises.smoothed_loss, smoothed(mean=np.mean), "Add up each row"),
        (
            exercises.smoothed_loss,
            smoothed(lambda hot, s, k: s * hot + (1 - s) / k),
            "keeps 1 - smoothing",
        ),
        (
            exercises.smoothed_loss,
            smoothed(lambda hot, s, k: hot + s / k),
            "away from the true class first",
        ),
        (
            exercises.smoothed_loss,
            smoothed(lambda hot, s, k: (1 - s) * hot + s / k * (1 - hot)),
            "its part of the smoothing",
        ),
        (exercises.smoothed_loss, smoothed(logs=lambda z: z), "not logarithms"),
        (
            exercises.smoothed_loss,
            smoothed(logs=lambda z: np.log(np.exp(z) / np.exp(z).sum())),
            "axis=1",
        ),
        (
            exercises.smoothed_loss,
            smoothed(logs=lambda z: np.log(softmax(z) + 1e-8)),
            "caps the loss",
        ),
        (
            exercises.smoothed_loss,
            smoothed(logs=lambda z: np.log(np.clip(softmax(z), 1e-15, 1))),
            "caps the loss",
        ),
        (exercises.averaged, averages(lambda a, m, k, n: a / (1 - m**n)), "a k of its own"),
        (
            exercises.averaged,
            averages(lambda a, m, k, n: a * (1 - m**k)),
            "You multiplied by the corr",
        ),
        (exercises.averaged, averages(lambda a, m, k, n: a / m**k), "If every value is 1"),
        (exercises.averaged, averages(lambda a, m, k, n: a / (1 - m * k)), "two stars"),
        (
            exercises.averaged,
            lambda values, m: np.r_[0, averages(lambda a, m, k, n: a / (1 - m**k))(values, m)],
            "leave out the 0",
        ),
        (exercises.averaged, averages(lambda a, m, k, n: a / (1 - m ** (k - 1))), "from 1"),
        (exercises.training_price, lambda f, n, e, s, p: 3 * f * n * e / s / 60 * p, "by 60 only"),
        (
            exercises.training_price,
            lambda f, n, e, s, p: 3 * f * n * e / s,
            "Those are the seconds",
        ),
        (exercises.training_price, lambda f, n, e, s, p: 3 * f * n * e, "Those are the FLOPs"),
        (
            exercises.training_price,
            lambda f, n, e, s, p: 3 * f * n * e / 3600 * p,
            "speed is missing",
        ),
        (exercises.training_price, lambda f, n, e, s, p: 4 * f * n * e / s / 3600 * p, "not four"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(0.8 * np.eye(10)[3, 3] + 0.2 * np.full(10, 0.1)[3], rel=1e-9),
        "Because a small step added to a weight in bfloat16 can be rounded away, again and again.",
        "It grows fourfold: twice the filters, each over twice the channels.",
    ]
