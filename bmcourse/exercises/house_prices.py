"""Exercises of chapter 12."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake
from bmcourse.exercises.price_interval import conformal_interval

__all__ = ["conformal_interval", "neighbours_mean", "r_squared", "standardise"]

Array = npt.NDArray[Any]


def _r_squared(y_true: Array, y_pred: Array) -> float:
    lazy = np.sum((y_true - np.mean(y_true)) ** 2)
    return float(1 - np.sum((y_true - y_pred) ** 2) / lazy)


def _price_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([100.0, 200.0]), np.array([110.0, 210.0])),
        (np.array([100.0, 150.0, 200.0]), np.array([120.0, 150.0, 170.0])),
    ]
    for n in (5, 40):
        y_true = rng.uniform(50, 400, n)
        small.append((y_true, y_true + rng.normal(5, 30, n)))
    return small


r_squared = Exercise(
    "R² by hand",
    reference=_r_squared,
    cases=_price_cases,
    mistakes=[
        Mistake(
            lambda y_true, y_pred: 1 - _r_squared(y_true, y_pred),
            "That is the share of the spread that is left. R² is 1 minus it.",
        ),
        Mistake(
            lambda y_true, y_pred: _r_squared(y_pred, y_true),
            "The spread below the line is that of the true prices, not of the predictions.",
        ),
        Mistake(
            lambda y_true, y_pred: (
                1 - np.abs(y_true - y_pred).sum() / np.abs(y_true - np.mean(y_true)).sum()
            ),
            "Square the misses before you add them.",
        ),
        Mistake(
            lambda y_true, y_pred: np.corrcoef(y_true, y_pred)[0, 1] ** 2,
            "That is the squared correlation. It forgives a model that is always 10,000 too high; "
            "R² does not.",
        ),
        Mistake(
            lambda y_true, y_pred: 1 - np.sum((y_true - y_pred) ** 2) / np.sum(y_true**2),
            "Compare with the lazy model that says the mean, not with one that says 0.",
        ),
        Mistake(
            lambda y_true, y_pred: 1 - np.var(y_true - y_pred) / np.var(y_true),
            "The variance of the misses forgives a model that is always too high. Square and add "
            "the misses themselves.",
        ),
    ],
)


def _standardise(learn: Array, new: Array, source: Array | None = None) -> tuple[Array, Array]:
    known = learn if source is None else source
    spread = known.std(axis=0)
    spread = np.where(spread > 0, spread, 1)
    return (learn - known.mean(axis=0)) / spread, (new - known.mean(axis=0)) / spread


def _each_by_itself(learn: Array, new: Array) -> tuple[Array, Array]:
    return _standardise(learn, new)[0], _standardise(new, new)[0]


def _without_guard(learn: Array, new: Array) -> tuple[Array, Array]:
    with np.errstate(all="ignore"):
        mean, spread = learn.mean(axis=0), learn.std(axis=0)
        return (learn - mean) / spread, (new - mean) / spread


def _divided(learn: Array, new: Array, spread: Array) -> tuple[Array, Array]:
    spread = np.where(spread > 0, spread, 1)
    return (learn - learn.mean(axis=0)) / spread, (new - learn.mean(axis=0)) / spread


def _one_mean(learn: Array, new: Array) -> tuple[Array, Array]:
    spread = learn.std()
    return (learn - learn.mean()) / spread, (new - learn.mean()) / spread


def _column_cases(rng: np.random.Generator) -> list[Case]:
    cases: list[Case] = [
        (np.array([[1000.0, 3.0], [1400.0, 3.0]]), np.array([[2200.0, 4.0]])),
    ]
    for n in (4, 20):
        learn = rng.normal((1500, 6, 1970), (400, 2, 30), (n, 3))
        cases.append((learn, rng.normal((1600, 6, 1990), (400, 2, 30), (5, 3))))
    return cases


BOTH = "You returned one table. Return both: `return learn, new`, each standardised."


standardise = Exercise(
    "standardise without a leak",
    reference=_standardise,
    cases=_column_cases,
    mistakes=[
        Mistake(
            _each_by_itself,
            "The new houses got a mean of their own. Use that of the learning houses: a single "
            "house would always become 0.",
        ),
        Mistake(
            lambda learn, new: _standardise(learn, new, np.concatenate([learn, new])),
            "A leak: mean and deviation must not see the new houses.",
        ),
        Mistake(
            _without_guard,
            "A column that never changes has the deviation 0. Divide it by 1 instead.",
        ),
        Mistake(
            lambda learn, new: _divided(learn, new, learn.var(axis=0)),
            "That is the variance. Divide by its root.",
        ),
        Mistake(_one_mean, "Each column has its own mean and deviation: axis=0."),
        Mistake(lambda learn, new: _standardise(learn, new)[0], BOTH),
        Mistake(lambda learn, new: _standardise(learn, new)[1], BOTH),
        Mistake(
            lambda learn, new: _divided(learn, new, learn.std(axis=0) + 1e-8),
            "A small number under the line makes a constant column huge. Divide it by 1 instead.",
        ),
        Mistake(
            lambda learn, new: _divided(learn, new, learn.std(axis=0, ddof=1)),
            "That deviation divides by n - 1 (ddof=1). Use learn.std(axis=0), which divides by n.",
        ),
    ],
)


def _other_houses(place: Array, log_price: Array, *, empty: float | None = None) -> Array:
    result = np.empty(len(place))
    for i in range(len(place)):
        others = np.arange(len(place)) != i
        same = others & (place == place[i])
        if same.any():
            result[i] = np.mean(log_price[same])
        else:
            result[i] = np.mean(log_price[others]) if empty is None else empty
    return result


def _with_itself(place: Array, log_price: Array) -> Array:
    return np.array([np.mean(log_price[place == name]) for name in place])


def _itself_if_alone(place: Array, log_price: Array) -> Array:
    counts = np.array([np.sum(place == name) for name in place])
    return np.where(counts > 1, _other_houses(place, log_price), log_price)


def _all_others(place: Array, log_price: Array) -> Array:
    return (np.sum(log_price) - log_price) / (len(place) - 1)


def _place_cases(rng: np.random.Generator) -> list[Case]:
    first = (np.array(["A", "A", "B"]), np.array([11.0, 12.0, 13.0]))
    drawn = []
    for n in (6, 30):
        place = rng.choice(list("ABCD"), n)
        place[0] = "Z"
        drawn.append((place, rng.normal(12, 0.4, n)))
    return [first, *drawn]


def _others_over_all(place: Array, log_price: Array) -> Array:
    same = place[:, np.newaxis] == place  # (houses, houses)
    alone = same.sum(axis=1) == 1
    return np.where(
        alone, _all_others(place, log_price), (same @ log_price - log_price) / same.sum(axis=1)
    )


neighbours_mean = Exercise(
    "mean of the neighbours",
    reference=_other_houses,
    cases=_place_cases,
    mistakes=[
        Mistake(
            _with_itself,
            "Each house sees its own price in the mean. That is the leak: leave it out.",
        ),
        Mistake(
            lambda place, log_price: _other_houses(place, log_price, empty=0.0),
            "A house alone in its place got 0: one dollar. Give it the mean of all other houses.",
        ),
        Mistake(
            lambda place, log_price: _other_houses(place, log_price, empty=float("nan")),
            "A house alone in its place got 'not a number'. Give it the mean of all other houses.",
        ),
        Mistake(
            lambda place, log_price: _other_houses(
                place, log_price, empty=float(np.mean(log_price))
            ),
            "The mean for a house alone in its place still holds its own price.",
        ),
        Mistake(_itself_if_alone, "A house alone in its place got its own price: a perfect leak."),
        Mistake(_all_others, "Only houses in the same place count."),
        Mistake(
            _others_over_all,
            "You left the house out of the sum, but counted it. Divide by the number of others.",
        ),
    ],
)
