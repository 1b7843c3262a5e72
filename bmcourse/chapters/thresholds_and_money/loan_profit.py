"""Exercise on the profit of loans, each with its own amount."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _with_amounts(y: Array, p: Array, amount: Array, share: float, check: float) -> float:
    checked = p * share * amount >= check
    return float(np.mean(checked * (share * amount * y - check)))


def _mean_amount(y: Array, p: Array, amount: Array, share: float, check: float) -> float:
    checked = p * share * amount.mean() >= check
    return float(np.mean(checked * (share * amount * y - check)))


def _only_checked(y: Array, p: Array, amount: Array, share: float, check: float) -> float:
    checked = p * share * amount >= check
    return float(np.mean((share * amount * y - check)[checked])) if checked.any() else 0.0


def _hits_are_free(y: Array, p: Array, amount: Array, share: float, check: float) -> float:
    checked = p * share * amount >= check
    return float(np.mean(checked * np.where(y == 1, share * amount, -check)))


def _amount_cases(rng: np.random.Generator) -> list[Case]:
    first = (np.array([1, 0]), np.array([0.5, 0.01]), np.array([1000.0, 4000.0]), 0.5, 100.0)
    drawn = []
    for n in (6, 50, 300):
        p = rng.beta(1, 8, n)
        y = (rng.uniform(size=n) < p).astype(int)
        drawn.append((y, p, rng.uniform(1000, 40_000, n), 0.25, 200.0))
    even = (np.array([1, 1]), np.array([0.5, 0.25]), np.array([400.0, 400.0]), 0.5, 100.0)
    return [first, *drawn, even]  # the last: an expected saving of exactly the cost


def _paid(
    y: Array,
    p: Array,
    amount: Array,
    share: float,
    check: float,
    *,
    when: Callable[..., Array] = lambda y, p, saves, check: p * saves >= check,
    saved: Callable[..., Array] = lambda y, amount, share: share * amount * y,
) -> float:
    return float(np.mean(when(y, p, share * amount, check) * (saved(y, amount, share) - check)))


NOT_KNOWN = "y_true is not known before the check. Decide by probability times share times amount."


profit_with_amounts = Exercise(
    "every loan its own price",
    reference=_with_amounts,
    cases=_amount_cases,
    mistakes={
        _mean_amount: "You decided by the mean amount. Each loan has its own.",
        "float(np.mean(np.maximum(p * share * amount - check, 0)))": "That is what the model expects to earn. Pay by what really happened: y_true.",
        _only_checked: "Divide by all loans, not by those that were checked.",
        "float(np.mean((p * share * amount >= check) * share * amount * y))": "The checks cost money, too.",
        _hits_are_free: "A check that finds a bad loan also costs its price.",
        "_with_amounts(y, p, amount, share, check) * len(y)": "Return the mean for each loan, not the sum.",
        "float(np.mean(share * amount * y - check))": "You checked every loan. Check where the expected saving is at least the cost.",
        "float(np.mean((p * amount >= check) * (share * amount * y - check)))": "You left `share` out of the decision: a check saves share times the amount.",
        "float(np.mean((p >= 0.5) * (share * amount * y - check)))": "One half is no threshold here. Check where probability times saving is at least the cost.",
        "(p * share * amount >= check) * (share * amount * y - check)": "That is the profit of each loan. Return their mean.",
        "_paid(y, p, amount, share, check, saved=lambda y, amount, share: amount * y)": "A check saves `share` of the amount, not all of it.",
        "_paid(y, p, amount, share, check, when=lambda y, p, saves, check: y == 1)": NOT_KNOWN,
        "_paid(y, p, amount, share, check, when=lambda y, p, saves, check: y * saves >= check)": NOT_KNOWN,
        "_paid(y, p, amount, share, check, when=lambda y, p, saves, check: p.mean() * saves >= check)": "You decided by the mean probability. Each loan has its own.",
        "_paid(y, p, amount, share, check, when=lambda y, p, saves, check: p * saves < check)": "The other way round: check where the expected saving is at least the cost.",
        "_paid(y, p, amount, share, check, when=lambda y, p, saves, check: p * saves >= (1 - p) * check)": "The check is paid for certain, so its cost is not multiplied by 1 - p.",
        "_paid(y, p, amount, share, check, when=lambda y, p, saves, check: p * saves > check)": "A saving equal to the cost is enough: at least the cost, >= and not >.",
        "float(np.mean((p * share * amount >= check) * share * amount * y - check))": "Only the loans that are checked pay for a check: put brackets around the difference.",
        "float(np.mean(np.where(p * share * amount >= check, share * amount * y - check, -share * amount * y)))": "A loan that is not checked counts 0: profit is what the checks bring.",
        "float(np.mean(p * share * amount >= check))": "That is the share of loans that are checked. Return the mean profit.",
        "_with_amounts(y, p, amount, 1.0, check)": "A check saves `share` of the amount: it belongs into the decision and into the profit.",
        "_paid(y, p, amount, share, check, when=lambda y, p, saves, check: p >= share)": "Compare money with money: the expected saving, probability times share times amount, with the cost.",
    },
)
