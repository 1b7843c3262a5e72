"""Natural wrong answers of chapters 10 and 11: each gets a hint, not two numbers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from bmcourse.exercises import faster_and_better, generalisation
from bmcourse.exercises.checker import Exercise

Array = Any


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


def rises_in_all(losses: Array, patience: int) -> int:
    rises = 0
    for epoch in range(1, len(losses)):
        rises += losses[epoch] > losses[epoch - 1]
        if rises == patience:
            return int(np.argmin(losses[:epoch]))
    return int(np.argmin(losses))


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


L2, DROPOUT = generalisation.l2_step, generalisation.inverted_dropout
EARLY, LUCK = generalisation.early_stopping, generalisation.best_by_luck
WORK, SMOOTHED = faster_and_better.network_flops, faster_and_better.smoothed_loss
AVERAGED, PRICE = faster_and_better.averaged, faster_and_better.training_price


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (L2, lambda w, g, r, s: w - r * (g + s * w / np.abs(w)), "slope of |w|"),
        (L2, lambda w, g, r, s: -r * (g + 2 * s * w), "That is the step"),
        (L2, lambda w, g, r, s: g + 2 * s * w, "That is the gradient"),
        (L2, lambda w, g, r, s: w - (g + 2 * s * w), "learning rate is missing"),
        (L2, lambda w, g, r, s: w - r * (g + 2 * w), "strength is missing"),
        (L2, lambda w, g, r, s: w - r * (g + 2 * s), "weight is missing"),
        (L2, lambda w, g, r, s: w * (1 - s) - r * g, "learning rate multiplies it"),
        (L2, lambda w, g, r, s: (w - r * g) - r * 2 * s * (w - r * g), "before the step"),
        (L2, lambda w, g, r, s: w - r * (g + 2 * s * w**2), "not 2w²"),
        (DROPOUT, lambda x, u, r: x * (u >= r) / (u >= r).mean(), "happened to be kept"),
        (DROPOUT, lambda x, u, r: x * (u >= r) * r, "You multiplied by the rate"),
        (DROPOUT, lambda x, u, r: x[u >= r], "keeps the shape"),
        (DROPOUT, lambda x, u, r: u >= r, "That is the mask"),
        (DROPOUT, lambda x, u, r: (u >= r) / (1 - r), "That is the mask"),
        (DROPOUT, lambda x, u, r: x * (u < 1 - r) / (1 - r), "but others"),
        (DROPOUT, lambda x, u, r: x * (x >= r) / (1 - r), "not x"),
        (EARLY, rises_in_all, "all rises"),
        (EARLY, never_anew, "Begin the count again"),
        (EARLY, early(lambda losses, best: None), "after the loop"),
        (EARLY, early(lambda losses, best: -1), "all the same"),
        (EARLY, early(lambda losses, best: len(losses) - 1), "need not be the last"),
        (EARLY, where_it_stops, "may run to its last epoch"),
        (EARLY, lambda losses, patience: min(losses), "lowest loss of the whole curve"),
        (EARLY, with_the_stop, "Return it alone"),
        (LUCK, lambda n, k: k * stats.binom.sf(np.arange(n), n, 0.5).mean(), "above 1"),
        (
            LUCK,
            lambda n, k: (
                sum(m * (1 - stats.binom.cdf(m - 1, n, 0.5) ** k) for m in range(n + 1)) / n
            ),
            "You multiplied by m",
        ),
        (LUCK, lambda n, k: np.sum(1 - stats.binom.cdf(range(n), n, 0.5) ** k) / k, "Divide by n"),
        (LUCK, lambda n, k: 1 - 0.5**k, "shows heads"),
        (WORK, work(together=lambda each: each[-1]), "the last convolution"),
        (WORK, work(one=lambda c, f, n: (18 * c + 1) * f * n**2), "leaves them out"),
        (WORK, work(first=1), "3 channels"),
        (WORK, work(one=lambda c, f, n: 2 * c * f * n**2), "9 weights"),
        (WORK, work(shrink=lambda n: n / 2), "so use //"),
        (WORK, work(shrink=lambda n: (n + 1) // 2), "not up"),
        (WORK, work(shrink=lambda n: round(n / 2)), "not to the nearest"),
        (WORK, work(one=lambda c, f, n: 18 * c * f * (n - 2) ** 2), "keeps the side"),
        (WORK, work(shrink=lambda n: (n - 2) // 2), "keeps the side"),
        (SMOOTHED, smoothed(mean=np.mean), "Add up each row"),
        (SMOOTHED, smoothed(lambda hot, s, k: s * hot + (1 - s) / k), "keeps 1 - smoothing"),
        (SMOOTHED, smoothed(lambda hot, s, k: hot + s / k), "away from the true class first"),
        (
            SMOOTHED,
            smoothed(lambda hot, s, k: (1 - s) * hot + s / k * (1 - hot)),
            "its part of the smoothing",
        ),
        (SMOOTHED, smoothed(logs=lambda z: z), "not logarithms"),
        (SMOOTHED, smoothed(logs=lambda z: np.log(np.exp(z) / np.exp(z).sum())), "axis=1"),
        (SMOOTHED, smoothed(logs=lambda z: np.log(softmax(z) + 1e-8)), "caps the loss"),
        (SMOOTHED, smoothed(logs=lambda z: np.log(np.clip(softmax(z), 1e-15, 1))), "caps the loss"),
        (AVERAGED, averages(lambda a, m, k, n: a / (1 - m**n)), "a k of its own"),
        (AVERAGED, averages(lambda a, m, k, n: a * (1 - m**k)), "You multiplied by the corr"),
        (AVERAGED, averages(lambda a, m, k, n: a / m**k), "If every value is 1"),
        (AVERAGED, averages(lambda a, m, k, n: a / (1 - m * k)), "two stars"),
        (
            AVERAGED,
            lambda values, m: np.r_[0, averages(lambda a, m, k, n: a / (1 - m**k))(values, m)],
            "leave out the 0",
        ),
        (AVERAGED, averages(lambda a, m, k, n: a / (1 - m ** (k - 1))), "from 1"),
        (PRICE, lambda f, n, e, s, p: 3 * f * n * e / s / 60 * p, "by 60 only"),
        (PRICE, lambda f, n, e, s, p: 3 * f * n * e / s, "Those are the seconds"),
        (PRICE, lambda f, n, e, s, p: 3 * f * n * e, "Those are the FLOPs"),
        (PRICE, lambda f, n, e, s, p: 3 * f * n * e / 3600 * p, "speed is missing"),
        (PRICE, lambda f, n, e, s, p: 4 * f * n * e / s / 3600 * p, "not four"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    verdict = exercise.judge(attempt)
    assert verdict.status == "wrong"
    assert told in verdict.message
