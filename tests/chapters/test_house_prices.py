"""Wrong answers and quick questions on house prices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.house_prices import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def first_table(learn: Array, new: Array) -> Array:
    spread = learn.std(axis=0)
    spread[spread == 0] = 1
    return (learn - learn.mean(axis=0)) / spread


def median_of_others(place: Array, log_price: Array) -> Array:
    found = []
    for i in range(len(place)):
        others = np.arange(len(place)) != i
        same = others & (place == place[i])
        found.append(np.median(log_price[same]) if same.any() else log_price[others].mean())
    return np.array(found)


def both(change: Callable[..., Any]) -> Any:
    return lambda learn, new: (change(learn, learn), change(learn, new))


def by_row(learn: Array, rows: Array) -> Array:
    return (rows - rows.mean(axis=1)[:, None]) / rows.std(axis=1)[:, None]


def spread(learn: Array) -> Array:
    return np.where(learn.std(axis=0) > 0, learn.std(axis=0), 1)


def by_quantile(error: Callable[..., Any], share_of_quote: bool = True) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> Any:
        width = np.quantile(error(y_cal, p_cal), 1 - miss) * (p_new if share_of_quote else 1)
        return p_new - width, p_new + width

    return attempt


def by_relative(base: Callable[..., Any]) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> Any:
        errors = np.sort(np.abs(y_cal - p_cal) / base(y_cal, p_cal))
        factor = np.exp(errors[int(np.ceil((len(errors) + 1) * (1 - miss) - 1e-9)) - 1])
        return p_new / factor, p_new * factor

    return attempt


def quoted(ends: Callable[..., Any]) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> Any:
        errors = np.sort(np.abs(np.log(y_cal / p_cal)))
        rank = int(np.ceil((len(errors) + 1) * (1 - miss) - 1e-9))
        return ends(p_new, np.exp(errors[rank - 1]))

    return attempt


def table(change: Callable[..., Any]) -> Any:
    def attempt(learn: Array, new: Array) -> tuple[Array, Array]:
        return change(learn, learn), change(learn, new)

    return attempt


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


def at_level(method: Any) -> Any:
    def attempt(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
        errors, n = np.abs(np.log(p_cal) - np.log(y_cal)), len(y_cal)
        level = np.ceil((n + 1) * (1 - miss) - 1e-9) / n
        factor = np.exp(np.quantile(errors, level, method=method))
        return p_new / factor, p_new * factor

    return attempt


def test_numpy_has_a_method_that_takes_the_rank() -> None:
    assert exercises.conformal_interval.judge(at_level("inverted_cdf")).status == "right"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.standardise, first_table, "Return both"),
        (exercises.r_squared, lambda y, p: np.mean((y - p) ** 2) ** 0.5, "That is the root"),
        (
            exercises.r_squared,
            lambda y, p: 1 - np.mean((y - p) ** 2) / sum((y - y.mean()) ** 2),
            "a mean, below",
        ),
        (
            exercises.r_squared,
            lambda y, p: 1 - sum((y - p) ** 2) / sum((y - p.mean()) ** 2),
            "of the true prices",
        ),
        (exercises.neighbours_mean, median_of_others, "That is the median"),
        *(
            (
                exercises.standardise,
                both(lambda a, x, e=e: (x - a.mean(0)) / (a.std(0) + e)),
                "column huge",
            )
            for e in (1e-6, 1e-7, 1e-8, 1e-12)
        ),
        (exercises.standardise, both(by_row), "not axis=1"),
        (
            exercises.standardise,
            lambda a, b: ((a - a.mean(0)) / spread(a), (b - b.mean(0)) / spread(a)),
            "mean of their own",
        ),
        (
            exercises.standardise,
            lambda a, b: (np.concatenate([a, b]) - a.mean(0)) / spread(a),
            "instead of one",
        ),
        (exercises.conformal_interval, by_quantile(lambda y, p: np.abs(y - p) / y), "per cent"),
        (exercises.conformal_interval, by_quantile(lambda y, p: np.abs(y - p) / p), "per cent"),
        (
            exercises.conformal_interval,
            by_quantile(lambda y, p: np.abs(y - p), share_of_quote=False),
            "dollars",
        ),
        (exercises.conformal_interval, by_relative(lambda y, p: p), "per cent"),
        (exercises.conformal_interval, by_relative(lambda y, p: y), "per cent"),
        (exercises.conformal_interval, quoted(lambda p, factor: factor), "That is the factor"),
        (
            exercises.conformal_interval,
            quoted(lambda p, f: np.array([[x / f, x * f] for x in p])),
            "all low ends",
        ),
        (exercises.r_squared, lambda y, p: np.mean((p - y) ** 2), "mean squared error"),
        (exercises.r_squared, lambda y, p: np.corrcoef(p, y)[0, 1], "the correlation"),
        (exercises.r_squared, lambda y, p: 1 - np.mean((y - p) ** 2) / np.var(y, ddof=1), "ddof=1"),
        (
            exercises.r_squared,
            lambda y, p: 1 - np.sum((y - p) ** 2) / np.var(y),
            "two sums, or two means",
        ),
        (
            exercises.r_squared,
            lambda y, p: 1 - np.sqrt(np.mean((y - p) ** 2)) / np.std(y),
            "No root",
        ),
        (exercises.r_squared, lambda y, p: np.var(p) / np.var(y), "spread of the predictions"),
        (
            exercises.r_squared,
            lambda y, p: sum((p - y.mean()) ** 2) / sum((y - y.mean()) ** 2),
            "of the pred",
        ),
        (
            exercises.r_squared,
            lambda y, p: max(1 - np.mean((y - p) ** 2) / np.var(y), 0),
            "may be negative",
        ),
        (
            exercises.standardise,
            table(lambda learn, rows: rows - learn.mean(axis=0)),
            "Divide by the deviation",
        ),
        (
            exercises.standardise,
            table(lambda learn, rows: rows / spread(learn)),
            "Subtract the mean first",
        ),
        (exercises.standardise, column_by_column(lambda column: column), "loses its mean, too"),
        (exercises.standardise, column_by_column(lambda column: 0 * column), "may differ"),
        (exercises.standardise, table(from_0_to_1), "to 0 to 1"),
        (
            exercises.standardise,
            table(lambda learn, rows: (rows - learn.mean(0)) / np.maximum(learn.std(0), 1)),
            "Only 0 becomes 1",
        ),
        (exercises.standardise, lambda a, b: ((a - a.mean(0)) / spread(a), b), "unchanged"),
        (
            exercises.neighbours_mean,
            lambda a, b: np.log(neighbours()(a, np.exp(b))),
            "mean of their logarithms",
        ),
        (
            exercises.neighbours_mean,
            lambda place, logs: np.exp(neighbours()(place, logs)),
            "Those are dollars",
        ),
        (exercises.neighbours_mean, neighbours(itself=True), "sees its own price"),
        (
            exercises.neighbours_mean,
            lambda a, b: [b[a == name].mean() for name in np.unique(a)],
            "for each house",
        ),
        (exercises.neighbours_mean, neighbours(np.sum), "Take their mean"),
        (
            exercises.conformal_interval,
            interval(lambda y, p: abs(y - p) / p, ends=plus_and_minus),
            "per cent",
        ),
        (
            exercises.conformal_interval,
            interval(lambda y, p: abs(y - p) / y, ends=plus_and_minus),
            "per cent",
        ),
        (
            exercises.conformal_interval,
            interval(lambda y, p: abs(y / p - 1), ends=lambda p, q: (p / (1 + q), p * (1 + q))),
            "per cent",
        ),
        (exercises.conformal_interval, interval(ends=plus_and_minus), "instead of 1 - q"),
        (
            exercises.conformal_interval,
            interval(pick=lambda errors, miss: max(errors)),
            "the largest error",
        ),
        (
            exercises.conformal_interval,
            interval(pick=lambda errors, miss: np.mean(errors)),
            "the mean error",
        ),
        (
            exercises.conformal_interval,
            interval(pick=lambda e, miss: np.sort(e)[int(np.ceil((len(e) + 1) * miss - 1e-9)) - 1]),
            "share outside",
        ),
        (
            exercises.conformal_interval,
            interval(pick=lambda e, miss: np.sort(e)[round((len(e) + 1) * (1 - miss)) - 1]),
            "not to the nearest",
        ),
        (
            exercises.conformal_interval,
            interval(pick=lambda e, miss: e[int(np.ceil((len(e) + 1) * (1 - miss) - 1e-9)) - 1]),
            "Sort the errors",
        ),
        (
            exercises.conformal_interval,
            interval(ends=lambda p, q: (p, p * np.exp(q))),
            "same factor",
        ),
        (exercises.conformal_interval, two_sided(2), "size of each error"),
        (exercises.conformal_interval, two_sided(1), "size of each error"),
        (exercises.conformal_interval, at_level("higher"), "errors[rank - 1]"),
        (exercises.conformal_interval, at_level("linear"), "errors[rank - 1]"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(
            exercises.r_squared.reference(np.array([100.0, 200, 300]), np.array([110.0, 190, 330])),
            rel=1e-9,
        ),
        "Whether the house itself, or another test house, is among its similar sales.",
        pytest.approx(next(rank for rank in range(1, 100) if rank / (99 + 1) >= 0.9), rel=1e-9),
    ]
