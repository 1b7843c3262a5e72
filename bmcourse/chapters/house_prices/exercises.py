"""Exercises on house prices."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.house_prices.price_interval import conformal_interval
from bmcourse.chapters.house_prices.standardising import standardise
from bmcourse.exercises import Case, Exercise

__all__ = ["conformal_interval", "neighbours_mean", "r_squared", "standardise"]

Array = npt.NDArray[Any]


def _r_squared(y_true: Array, y_pred: Array) -> float:
    lazy = np.sum((y_true - np.mean(y_true)) ** 2)
    return float(1 - np.sum((y_true - y_pred) ** 2) / lazy)


def _price_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([100.0, 200.0]), np.array([110.0, 210.0])),
        (np.array([100.0, 150.0, 200.0]), np.array([120.0, 150.0, 170.0])),
        (np.array([100.0, 200.0]), np.array([200.0, 100.0])),
    ]
    for n in (5, 40):
        y_true = rng.uniform(50, 400, n)
        small.append((y_true, y_true + rng.normal(5, 30, n)))
    return small


r_squared = Exercise(
    "R² by hand",
    reference=_r_squared,
    cases=_price_cases,
    mistakes={
        "1 - _r_squared(y_true, y_pred)": "That is the share of the spread that is left. R² is 1 minus it.",
        "_r_squared(y_pred, y_true)": "The spread below the line is that of the true prices, not of the predictions.",
        "1 - np.abs(y_true - y_pred).sum() / np.abs(y_true - np.mean(y_true)).sum()": "Square the misses before you add them.",
        "np.corrcoef(y_true, y_pred)[0, 1] ** 2": "That is the squared correlation. It forgives a model that is always 10,000 too high; R² does not.",
        "1 - np.sum((y_true - y_pred) ** 2) / np.sum(y_true**2)": "Compare with the lazy model that says the mean, not with one that says 0.",
        "1 - np.var(y_true - y_pred) / np.var(y_true)": "The variance of the misses forgives a model that is always too high. Square and add the misses themselves.",
        "np.mean((y_true - y_pred) ** 2)": "That is the mean squared error. R² compares it with that of the lazy model.",
        "np.corrcoef(y_true, y_pred)[0, 1]": "That is the correlation. R² compares squared misses with those of the lazy model.",
        "1 - np.mean((y_true - y_pred) ** 2) / np.var(y_true, ddof=1)": "Divide both sums by the same number: with ddof=1, one is divided by n - 1.",
        "1 - np.sum((y_true - y_pred) ** 2) / np.var(y_true)": "Above the line is a sum, below it a mean. Take two sums, or two means.",
        "1 - np.sqrt(1 - _r_squared(y_true, y_pred))": "No root: R² compares squares.",
        "np.var(y_pred) / np.var(y_true)": "That is the spread of the predictions. Look at the misses, y_true - y_pred.",
        "np.sum((y_pred - np.mean(y_true)) ** 2) / np.sum((y_true - np.mean(y_true)) ** 2)": "That is the spread of the predictions. Look at the misses, y_true - y_pred.",
        "max(0.0, _r_squared(y_true, y_pred))": "R² may be negative: then the lazy model is better. Do not cut it at 0.",
        "np.sqrt(np.mean((y_true - y_pred) ** 2))": "That is the root of the mean squared error. R² compares squares with those of the lazy model.",
        "1 - np.mean((y_true - y_pred) ** 2) / np.sum((y_true - np.mean(y_true)) ** 2)": "Above the line is a mean, below it a sum. Take two sums, or two means.",
        "1 - np.sum((y_true - y_pred) ** 2) / np.sum((y_true - np.mean(y_pred)) ** 2)": "The lazy model says the mean of the true prices, not of the predictions.",
    },
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


def _if_not_alone(place: Array, alone: Array, others: Array) -> Array:
    return np.where((place[:, np.newaxis] == place).sum(axis=1) == 1, alone, others)


def _sum_if_not_alone(place: Array, log_price: Array) -> Array:
    sums = (place[:, np.newaxis] == place) @ log_price - log_price
    return _if_not_alone(place, _other_houses(place, log_price), sums)


def _median_of_others(place: Array, log_price: Array) -> Array:
    same = (place[:, np.newaxis] == place) & ~np.eye(len(place), dtype=bool)
    medians = [np.median(log_price[row]) if row.any() else 0.0 for row in same]
    return _if_not_alone(place, _other_houses(place, log_price), np.array(medians))


neighbours_mean = Exercise(
    "mean of the neighbours",
    reference=_other_houses,
    cases=_place_cases,
    mistakes={
        _with_itself: "Each house sees its own price in the mean. That is the leak: leave it out.",
        "_other_houses(place, log_price, empty=0.0)": "A house alone in its place got 0: one dollar. Give it the mean of all other houses.",
        "_other_houses(place, log_price, empty=float('nan'))": "A house alone in its place got 'not a number'. Give it the mean of all other houses.",
        "_other_houses(place, log_price, empty=float(np.mean(log_price)))": "The mean for a house alone in its place still holds its own price.",
        _itself_if_alone: "A house alone in its place got its own price: a perfect leak.",
        _all_others: "Only houses in the same place count.",
        _others_over_all: "You left the house out of the sum, but counted it. Divide by the number of others.",
        "np.log(_other_houses(place, np.exp(log_price)))": "You took the mean of the prices. Asked is the mean of their logarithms.",
        "np.exp(_other_houses(place, log_price))": "Those are dollars. Return the mean of the logarithms.",
        "_if_not_alone(place, _other_houses(place, log_price), _with_itself(place, log_price))": "Each house sees its own price in the mean. That is the leak: leave it out.",
        "np.array([np.mean(log_price[place == name]) for name in np.unique(place)])": "That is one number for each place. Return one for each house.",
        _sum_if_not_alone: "You added the prices of the others up. Take their mean.",
        _median_of_others: "That is the median. Take the mean.",
    },
)
