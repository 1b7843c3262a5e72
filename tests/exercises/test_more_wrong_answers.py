"""More wrong answers of chapters 5 to 16, of a second look: each gets a hint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import (
    cifar10_with_keras,
    class_imbalance,
    convolution_and_pooling,
    faster_and_better,
    generalisation,
    house_prices,
    metrics,
    thresholds_and_money,
)
from bmcourse.exercises.checker import Exercise

Array = Any


def size(valid: Callable[..., Any], same: Callable[..., Any]) -> Any:
    return lambda n, k, s, padding: (same if padding == "same" else valid)(n, k, s)


def valid_size(n: int, k: int, s: int) -> int:
    return (n - k) // s + 1


def same_size(n: int, k: int, s: int) -> int:
    return -(-n // s)


def parameters(
    conv_bias: int = 1,
    dense_bias: int = 1,
    shrink: Callable[[Any], Any] = lambda side: (side - 2) // 2,
) -> Any:
    def attempt(side: Any, channels: int, filters: list[int], hidden: int, classes: int) -> int:
        total = 0
        for count in filters:
            total += (9 * channels + conv_bias) * count
            side, channels = shrink(side), count
        total += (int(side * side * channels) + dense_bias) * hidden
        return total + (hidden + dense_bias) * classes

    return attempt


def averages(values: Array, momentum: float) -> Array:
    average, found = 0.0, []
    for value in values:
        average = momentum * average + (1 - momentum) * value
        found.append(average)
    return np.array(found)


def median_of_others(place: Array, log_price: Array) -> Array:
    found = []
    for i in range(len(place)):
        others = np.arange(len(place)) != i
        same = others & (place == place[i])
        found.append(np.median(log_price[same]) if same.any() else log_price[others].mean())
    return np.array(found)


def both(change: Callable[..., Any]) -> Any:
    return lambda learn, new: (change(learn, learn), change(learn, new))


def spread(learn: Array) -> Array:
    return np.where(learn.std(axis=0) > 0, learn.std(axis=0), 1)


def by_row(learn: Array, rows: Array) -> Array:
    return (rows - rows.mean(axis=1)[:, None]) / rows.std(axis=1)[:, None]


def quoted(ends: Callable[..., Any]) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> Any:
        errors = np.sort(np.abs(np.log(y_cal / p_cal)))
        rank = int(np.ceil((len(errors) + 1) * (1 - miss) - 1e-9))
        return ends(p_new, np.exp(errors[rank - 1]))

    return attempt


def by_relative(base: Callable[..., Any]) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> Any:
        errors = np.sort(np.abs(y_cal - p_cal) / base(y_cal, p_cal))
        factor = np.exp(errors[int(np.ceil((len(errors) + 1) * (1 - miss) - 1e-9)) - 1])
        return p_new / factor, p_new * factor

    return attempt


def by_quantile(error: Callable[..., Any], share_of_quote: bool = True) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> Any:
        width = np.quantile(error(y_cal, p_cal), 1 - miss) * (p_new if share_of_quote else 1)
        return p_new - width, p_new + width

    return attempt


def wins_only(y: Array, score: Array) -> int:
    return sum(a > b for a in score[y == 1] for b in score[y == 0])


def down_to(enough: Callable[..., Any]) -> Any:
    def attempt(y: Array, score: Array, target: float) -> Any:
        for threshold in sorted(score)[::-1]:
            if enough(score[y == 1], threshold, target):
                return threshold
        return None

    return attempt


def share_of_rows(y: Array, score: Array, recall: float) -> Any:
    found = np.cumsum(y[np.argsort(-score)])
    place = np.argmax(found / len(y) >= recall)
    return found[place] / (place + 1)


def through_odds(q: Any, kept: float) -> Any:
    odds = np.divide(q, 1 - np.array(q)) / kept
    return odds / (1 + odds)


def by_ranks(y: Array, score: Array, gain: float, cost: float) -> Array:
    ranks = np.argsort(np.argsort(-score))
    return np.append(0, np.cumsum(np.where(y[ranks] == 1, gain, -cost)))


def focal(z: Array, gamma: float) -> Any:
    p = 1 / (1 + np.exp(-z))
    return (1 - p) ** gamma * (gamma * p * np.log(p) + (1 - p))


SIZE, NETWORK = convolution_and_pooling.output_size, cifar10_with_keras.network_parameters
DROPOUT, WORK = generalisation.inverted_dropout, faster_and_better.network_flops
AVERAGED, R2 = faster_and_better.averaged, house_prices.r_squared
OTHERS, TABLES = house_prices.neighbours_mean, house_prices.standardise
INTERVAL, AUC = house_prices.conformal_interval, metrics.auc_by_pairs
THRESHOLD, AT = metrics.threshold_for_recall, class_imbalance.precision_at_recall
THINNED, FOCAL = class_imbalance.after_undersampling, class_imbalance.focal_slope
RANKED, LOANS = thresholds_and_money.profits_by_rank, thresholds_and_money.profit_with_amounts


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (SIZE, size(same_size, same_size), "'same' for both"),
        (SIZE, size(lambda n, k, s: (n - k) / s + 1, same_size), "down for 'valid'"),
        (SIZE, size(valid_size, lambda n, k, s: round(n / s)), "not to the nearest"),
        (SIZE, size(lambda n, k, s: n // s, same_size), "loses the rim"),
        (SIZE, size(valid_size, lambda n, k, s: (n + 2 - k) // s + 1), "a window of 3 only"),
        (NETWORK, parameters(conv_bias=0), "biases of the convolutions"),
        (NETWORK, parameters(dense_bias=0), "biases of the dense layers"),
        (NETWORK, parameters(shrink=lambda side: side - 2 // 2), "brackets around side - 2"),
        (NETWORK, parameters(shrink=lambda side: (side - 2) / 2), "not the product at the end"),
        (DROPOUT, lambda x, u, rate: x * (1 - rate), "Nothing was dropped"),
        (WORK, lambda side, widths: 54 * widths[0] * side**2, "the first convolution"),
        (AVERAGED, lambda v, m: averages(v, 1 - m), "weight of the old average"),
        (AVERAGED, lambda v, m: averages(v, m)[-1], "not only the last one"),
        (R2, lambda y, p: np.mean((y - p) ** 2) ** 0.5, "That is the root"),
        (R2, lambda y, p: 1 - np.mean((y - p) ** 2) / sum((y - y.mean()) ** 2), "a mean, below"),
        (R2, lambda y, p: 1 - sum((y - p) ** 2) / sum((y - p.mean()) ** 2), "of the true prices"),
        (OTHERS, median_of_others, "That is the median"),
        *(
            (TABLES, both(lambda a, x, e=e: (x - a.mean(0)) / (a.std(0) + e)), "column huge")
            for e in (1e-6, 1e-7, 1e-8, 1e-12)
        ),
        (TABLES, both(by_row), "not axis=1"),
        (
            TABLES,
            lambda a, b: ((a - a.mean(0)) / spread(a), (b - b.mean(0)) / spread(a)),
            "mean of their own",
        ),
        (
            TABLES,
            lambda a, b: (np.concatenate([a, b]) - a.mean(0)) / spread(a),
            "instead of one",
        ),
        (INTERVAL, by_quantile(lambda y, p: np.abs(y - p) / y), "per cent"),
        (INTERVAL, by_quantile(lambda y, p: np.abs(y - p) / p), "per cent"),
        (INTERVAL, by_quantile(lambda y, p: np.abs(y - p), share_of_quote=False), "dollars"),
        (INTERVAL, by_relative(lambda y, p: p), "per cent"),
        (INTERVAL, by_relative(lambda y, p: y), "per cent"),
        (INTERVAL, quoted(lambda p, factor: factor), "That is the factor"),
        (INTERVAL, quoted(lambda p, f: np.array([[x / f, x * f] for x in p])), "all low ends"),
        (AUC, wins_only, "You counted the wins"),
        (THRESHOLD, down_to(lambda s, t, target: np.mean(s >= t) > target), "is enough"),
        (THRESHOLD, down_to(lambda s, t, target: np.mean(s > t) >= target), "counts as positive"),
        (THRESHOLD, lambda y, s, target: np.quantile(s[y == 1], target), "1 - target from below"),
        (AT, share_of_rows, "share of all rows"),
        (THINNED, through_odds, "avoid 1 / 0"),
        (THINNED, lambda q, kept: q / (1 - np.array(q)) / kept, "in the other direction"),
        (FOCAL, focal, "L has a minus"),
        (RANKED, by_ranks, "Twice gives their ranks"),
        (RANKED, lambda y, s, g, c: np.cumsum(g * y - c * (1 - y)), "of their scores first. And"),
        (
            LOANS,
            lambda y, p, amount, share, check: np.mean(
                (p * amount >= check) * (amount * y - check)
            ),
            "into the decision",
        ),
        (
            LOANS,
            lambda y, p, amount, share, check: np.mean((p >= share) * (share * amount * y - check)),
            "money with money",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    verdict = exercise.judge(attempt)
    assert verdict.status == "wrong"
    assert told in verdict.message
