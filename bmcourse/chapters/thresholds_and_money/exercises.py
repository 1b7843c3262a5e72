"""Exercises on thresholds and money."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.thresholds_and_money.loan_profit import profit_with_amounts
from bmcourse.exercises import Case, Exercise

__all__ = ["ask_between", "break_even_precision", "profit_with_amounts", "profits_by_rank"]

Array = npt.NDArray[Any]


def _price_cases(rng: np.random.Generator) -> list[Case]:
    return [(4.0, 1.0), (3800.0, 200.0), (1.0, 9.0), *(tuple(rng.uniform(1, 50, 2)) for _ in "abc")]


break_even_precision = Exercise(
    "break-even precision",
    reference=lambda gain_tp, cost_fp: cost_fp / (cost_fp + gain_tp),
    cases=_price_cases,
    mistakes={
        "cost_fp / gain_tp": "That is hits for each false alarm. Precision is a share of all flagged: divide by the sum.",
        "gain_tp / (cost_fp + gain_tp)": "The other way round: a dear false alarm asks for a higher precision.",
        "gain_tp / cost_fp": "That is how many false alarms one hit pays for. Turn it into a share of the flagged.",
        "0.5": "One half is right only where a hit earns as much as a false alarm costs.",
        "gain_tp - cost_fp": "That is money. Let q of the flagged be positive, and set what they earn to 0: q gain_tp = (1 - q) cost_fp.",
        "cost_fp / (gain_tp - cost_fp)": "Add the two below the line: q gain_tp = (1 - q) cost_fp.",
        "1 - cost_fp / gain_tp": "Set what the flagged earn to 0, q gain_tp = (1 - q) cost_fp, and solve for q.",
    },
)


def _fee_cases(rng: np.random.Generator) -> list[Case]:
    few = [(10.0, 20.0, 1.0), (5.0, 5.0, 3.0)]
    return few + [(a, b, c) for a, b, c in rng.uniform((10, 10, 0.5), (50, 90, 6), (4, 3))]


ask_between = Exercise(
    "when to ask the expert",
    reference=lambda cost_fp, cost_fn, fee: (fee / cost_fn, 1 - fee / cost_fp),
    cases=_fee_cases,
    mistakes={
        "(fee / cost_fp, 1 - fee / cost_fn)": "The two costs are exchanged. Answering 'negative' is wrong with probability p, and then costs cost_fn.",
        "(fee / cost_fn, fee / cost_fp)": "The upper end is the probability of a positive. 'Positive' is wrong with 1 - p.",
        "(1 - fee / cost_fp, fee / cost_fn)": "Both ends are right, but in the wrong order: low first.",
        "(fee / (fee + cost_fn), 1 - fee / (fee + cost_fp))": "The expert's fee is paid for certain, so it is not weighted with a probability: p cost_fn = fee.",
        "(cost_fp / (cost_fp + cost_fn),) * 2": "That is the threshold between the two answers, without an expert.",
        "tuple(sorted((fee / cost_fn, 1 - fee / cost_fp)))": "Both ends are right. Do not sort them: if the expert is never worth the fee, low stays above high.",
        "(fee / (cost_fp + cost_fn),) * 2": "Compare the fee with one answer at a time: 'negative' costs p cost_fn, 'positive' costs (1 - p) cost_fp.",
        "(fee / cost_fn, 1 - fee / cost_fn)": "low is right. At the upper end the answer is 'positive', and that wrongly costs cost_fp.",
        "(1 - fee / cost_fn, fee / cost_fp)": "p is the probability of a positive. 'Negative' is wrong with p, 'positive' with 1 - p.",
        "(fee / cost_fp, 1 - fee / cost_fp)": "high is right. At the lower end the answer is 'negative', and that wrongly costs cost_fn.",
        "(fee / cost_fp, fee / cost_fn)": "Those are two probabilities of being wrong. 'Negative' is wrong with p and costs cost_fn, 'positive' with 1 - p and costs cost_fp.",
        "fee / cost_fn": "low is right. Return both ends: `return low, high`.",
        "(fee / cost_fn, 1 - fee / cost_fp) if fee / cost_fn <= 1 - fee / cost_fp else None": "If the expert is never worth the fee, return both ends all the same.",
        "(cost_fn / fee, 1 - cost_fp / fee)": "Turn the fractions over: p cost_fn = fee gives p = fee / cost_fn.",
    },
)


def _by_rank(y_true: Array, y_score: Array, gain_tp: float, cost_fp: float) -> Array:
    ranked = y_true[np.argsort(-y_score)]
    return np.append(0, np.cumsum(np.where(ranked == 1, gain_tp, -cost_fp)))


def _rank_cases(rng: np.random.Generator) -> list[Case]:
    first = (np.array([0, 1, 1]), np.array([0.2, 0.5, 0.9]), 5.0, 2.0)
    return [
        first,
        *(
            (rng.integers(0, 2, n), rng.permutation(n) / n, *rng.uniform(1, 9, 2))
            for n in (1, 5, 30)
        ),
    ]


profits_by_rank = Exercise(
    "profit by rank",
    reference=_by_rank,
    cases=_rank_cases,
    mistakes={
        "_by_rank(y_true, y_score, gain_tp, cost_fp)[1:]": "Flagging nobody is a choice, too.",
        "_by_rank(y_true, -y_score, gain_tp, cost_fp)": "You began with the lowest score. argsort sorts upwards.",
        "_by_rank(y_true, y_score, gain_tp, -cost_fp)": "A false alarm costs money: subtract it.",
        "_by_rank(y_true, y_score, gain_tp, 0)": "You counted the gains and forgot the false alarms.",
        "np.append(0, np.cumsum(np.where(y_true == 1, gain_tp, -cost_fp)))": "The rows must be put into the order of their scores first.",
        "np.append(0, np.diff(_by_rank(y_true, y_score, gain_tp, cost_fp)))": "These are the single earnings. Add them up with cumsum.",
        "np.append(_by_rank(y_true, y_score, gain_tp, cost_fp)[1:], 0)": "The 0 for nobody flagged comes first: np.append(0, …).",
        "np.append(0, np.cumsum(y_true[np.argsort(-y_score)] * gain_tp - cost_fp))": "A hit is no false alarm: it earns gain_tp and costs nothing.",
        "float(_by_rank(y_true, y_score, gain_tp, cost_fp).max())": "That is the largest profit. Return all n + 1 of them.",
        "_by_rank(y_true, y_score, gain_tp, cost_fp) / len(y_true)": "Those are means. Return the sums.",
        "_by_rank(y_true, y_score, gain_tp, cost_fp) / np.maximum(np.arange(len(y_true) + 1), 1)": "Those are means of the flagged. Return the sums.",
        "_by_rank(y_true, y_score, cost_fp, gain_tp)": "The two amounts are swapped: a hit earns gain_tp, a false alarm costs cost_fp.",
        "_by_rank(1 - y_true, y_score, gain_tp, cost_fp)": "You paid for the negatives: y_true is 1 for a hit.",
        "_by_rank(y_true, y_score, gain_tp, cost_fp)[::-1]": "The order is reversed: begin with nobody flagged.",
        "_by_rank(y_true, y_score, gain_tp, cost_fp)[:-1]": "The last one is missing: all n examples flagged.",
        "_by_rank(y_true, y_score, 1, 0)": "Those are the hits. Each earns gain_tp, and each false alarm costs cost_fp.",
        "_by_rank(y_true, y_score, gain_tp, cost_fp) + gain_tp * (_by_rank(y_true, y_score, 1, 0) - y_true.sum())": "A positive that is not flagged earns nothing. It costs nothing here either.",
        "np.append(0, np.cumsum(np.where(y_true[np.argsort(np.argsort(-y_score))] == 1, gain_tp, -cost_fp)))": "argsort once gives the order of the rows. Twice gives their ranks, which are no order.",
        "np.cumsum(np.where(y_true == 1, gain_tp, -cost_fp))": "The rows must be put into the order of their scores first. And flagging nobody is a choice, too.",
    },
)
