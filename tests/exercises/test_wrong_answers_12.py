"""Natural wrong answers of chapter 12: each gets a hint, not two numbers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import house_prices
from bmcourse.exercises.checker import Exercise

Array = Any


def table(change: Callable[..., Any]) -> Any:
    def attempt(learn: Array, new: Array) -> tuple[Array, Array]:
        return change(learn, learn), change(learn, new)

    return attempt


def spread(learn: Array) -> Array:
    return np.where(learn.std(axis=0) > 0, learn.std(axis=0), 1)


def column_by_column(constant: Callable[[Array], Array]) -> Any:
    def change(learn: Array, rows: Array) -> Array:
        columns = []
        for known, column in zip(learn.T, rows.T, strict=True):
            varies = known.std() > 0
            right = (column - known.mean()) / known.std() if varies else constant(column)
            columns.append(right)
        return np.array(columns).T

    return table(change)


def from_0_to_1(learn: Array, rows: Array) -> Array:
    width = learn.max(axis=0) - learn.min(axis=0)
    return (rows - learn.min(axis=0)) / np.where(width > 0, width, 1)


def neighbours(of: Callable[[Array], Any] = np.mean, itself: bool = False) -> Any:
    def attempt(place: Array, log_price: Array) -> Array:
        found = []
        for i in range(len(place)):
            others = np.arange(len(place)) != i
            same = others & (place == place[i])
            kept = (place == place[i]) if itself else same
            found.append(of(log_price[kept]) if same.any() else np.mean(log_price[others]))
        return np.array(found)

    return attempt


def interval(
    error: Callable[[Array, Array], Array] = lambda y, p: np.abs(np.log(y / p)),
    pick: Callable[[Array, float], Any] | None = None,
    ends: Callable[[Array, Any], Any] = lambda p, q: (p / np.exp(q), p * np.exp(q)),
) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> Any:
        errors = error(y_cal, p_cal)
        rank = int(np.ceil((len(errors) + 1) * (1 - miss) - 1e-9))
        return ends(p_new, pick(errors, miss) if pick else np.sort(errors)[rank - 1])

    return attempt


def plus_and_minus(p: Array, q: float) -> tuple[Array, Array]:
    return p - p * q, p + p * q


def two_sided(halves: int) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
        errors = np.log(y_cal / p_cal)
        low, high = (np.quantile(errors, q) for q in (miss / halves, 1 - miss / halves))
        return p_new * np.exp(low), p_new * np.exp(high)

    return attempt


R2, TABLES = house_prices.r_squared, house_prices.standardise
OTHERS, INTERVAL = house_prices.neighbours_mean, house_prices.conformal_interval


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (R2, lambda y, p: np.mean((p - y) ** 2), "mean squared error"),
        (R2, lambda y, p: np.corrcoef(p, y)[0, 1], "the correlation"),
        (R2, lambda y, p: 1 - np.mean((y - p) ** 2) / np.var(y, ddof=1), "ddof=1"),
        (R2, lambda y, p: 1 - np.sum((y - p) ** 2) / np.var(y), "two sums, or two means"),
        (R2, lambda y, p: 1 - np.sqrt(np.mean((y - p) ** 2)) / np.std(y), "No root"),
        (R2, lambda y, p: np.var(p) / np.var(y), "spread of the predictions"),
        (R2, lambda y, p: sum((p - y.mean()) ** 2) / sum((y - y.mean()) ** 2), "of the pred"),
        (R2, lambda y, p: max(1 - np.mean((y - p) ** 2) / np.var(y), 0), "may be negative"),
        (TABLES, table(lambda learn, rows: rows - learn.mean(axis=0)), "Divide by the deviation"),
        (TABLES, table(lambda learn, rows: rows / spread(learn)), "Subtract the mean first"),
        (TABLES, column_by_column(lambda column: column), "loses its mean, too"),
        (TABLES, column_by_column(lambda column: 0 * column), "may differ"),
        (TABLES, table(from_0_to_1), "to 0 to 1"),
        (
            TABLES,
            table(lambda learn, rows: (rows - learn.mean(0)) / np.maximum(learn.std(0), 1)),
            "Only 0 becomes 1",
        ),
        (TABLES, lambda a, b: ((a - a.mean(0)) / spread(a), b), "unchanged"),
        (OTHERS, lambda a, b: np.log(neighbours()(a, np.exp(b))), "mean of their logarithms"),
        (OTHERS, lambda place, logs: np.exp(neighbours()(place, logs)), "Those are dollars"),
        (OTHERS, neighbours(itself=True), "sees its own price"),
        (OTHERS, lambda a, b: [b[a == name].mean() for name in np.unique(a)], "for each house"),
        (OTHERS, neighbours(np.sum), "Take their mean"),
        (INTERVAL, interval(lambda y, p: abs(y - p) / p, ends=plus_and_minus), "per cent"),
        (INTERVAL, interval(lambda y, p: abs(y - p) / y, ends=plus_and_minus), "per cent"),
        (
            INTERVAL,
            interval(lambda y, p: abs(y / p - 1), ends=lambda p, q: (p / (1 + q), p * (1 + q))),
            "per cent",
        ),
        (INTERVAL, interval(ends=plus_and_minus), "instead of 1 - q"),
        (INTERVAL, interval(pick=lambda errors, miss: max(errors)), "the largest error"),
        (INTERVAL, interval(pick=lambda errors, miss: np.mean(errors)), "the mean error"),
        (
            INTERVAL,
            interval(pick=lambda e, miss: np.sort(e)[int(np.ceil((len(e) + 1) * miss - 1e-9)) - 1]),
            "share outside",
        ),
        (
            INTERVAL,
            interval(pick=lambda e, miss: np.sort(e)[round((len(e) + 1) * (1 - miss)) - 1]),
            "not to the nearest",
        ),
        (
            INTERVAL,
            interval(pick=lambda e, miss: e[int(np.ceil((len(e) + 1) * (1 - miss) - 1e-9)) - 1]),
            "Sort the errors",
        ),
        (INTERVAL, interval(ends=lambda p, q: (p, p * np.exp(q))), "same factor"),
        (INTERVAL, two_sided(2), "size of each error"),
        (INTERVAL, two_sided(1), "size of each error"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    verdict = exercise.judge(attempt)
    assert verdict.status == "wrong"
    assert told in verdict.message
