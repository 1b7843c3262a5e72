"""Exercise on an interval around a predicted price."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _interval(
    y_cal: Array, p_cal: Array, p_new: Array, miss: float, rank: int | None = None
) -> tuple[Array, Array]:
    errors = np.sort(np.abs(np.log(y_cal) - np.log(p_cal)))
    if rank is None:
        rank = int(np.ceil((len(errors) + 1) * (1 - miss) - 1e-9))
    factor = np.exp(errors[rank - 1])
    return p_new / factor, p_new * factor


def _without_plus_one(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
    rank = int(np.ceil(len(y_cal) * (1 - miss) - 1e-9))
    return _interval(y_cal, p_cal, p_new, miss, rank)


def _in_dollars(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
    rank = int(np.ceil((len(y_cal) + 1) * (1 - miss) - 1e-9))
    width = np.sort(np.abs(y_cal - p_cal))[rank - 1]
    return p_new - width, p_new + width


def _signed(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
    rank = int(np.ceil((len(y_cal) + 1) * (1 - miss) - 1e-9))
    factor = np.exp(np.sort(np.log(y_cal) - np.log(p_cal))[rank - 1])
    return p_new / factor, p_new * factor


def _interval_cases(rng: np.random.Generator) -> list[Case]:
    cases = []
    for n, miss in ((9, 0.1), (19, 0.2), (99, 0.1), (64, 0.05), (52, 0.05)):
        y_cal = np.exp(rng.normal(12, 0.4, n))
        p_cal = y_cal * np.exp(rng.normal(0.02, 0.12, n))
        cases.append((y_cal, p_cal, np.array([90e3, 180e3, 400e3]), miss))
    return cases


def _by_quantile(
    y_cal: Array, p_cal: Array, p_new: Array, share: float, method: Any = "linear"
) -> tuple[Array, Array]:
    factor = np.exp(np.quantile(np.abs(np.log(y_cal / p_cal)), share, method=method))
    return p_new / factor, p_new * factor


def _level(y_cal: Array, miss: float) -> float:
    """Return the rank as a share of the errors, as papers on conformal prediction do."""
    return float(np.ceil((len(y_cal) + 1) * (1 - miss) - 1e-9) / len(y_cal))


def _rank_as_index(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
    rank = int(np.ceil((len(y_cal) + 1) * (1 - miss) - 1e-9))
    return _interval(y_cal, p_cal, p_new, miss, rank + 1)


def _relative(
    y_cal: Array, p_cal: Array, p_new: Array, miss: float, *, to: str, way: str
) -> tuple[Array, Array]:
    base = {"quote": p_cal, "price": y_cal}.get(to)
    errors = np.abs(np.log(y_cal / p_cal) if base is None else (y_cal - p_cal) / base)
    q = np.sort(errors)[int(np.ceil((len(y_cal) + 1) * (1 - miss) - 1e-9)) - 1]
    if way == "factor":
        return p_new / np.exp(q), p_new * np.exp(q)
    return (p_new * (1 - q) if way == "plus and minus" else p_new / (1 + q)), p_new * (1 + q)


def _two_sided(
    y_cal: Array, p_cal: Array, p_new: Array, miss: float, *, halved: bool
) -> tuple[Array, Array]:
    share = miss / 2 if halved else miss
    low, high = np.exp(np.quantile(np.log(y_cal / p_cal), (share, 1 - share)))
    return p_new * low, p_new * high


def _by_mean(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
    factor = np.exp(np.mean(np.abs(np.log(y_cal / p_cal))))
    return p_new / factor, p_new * factor


def _unsorted(y_cal: Array, p_cal: Array, p_new: Array, miss: float) -> tuple[Array, Array]:
    rank = int(np.ceil((len(y_cal) + 1) * (1 - miss) - 1e-9))
    factor = np.exp(np.abs(np.log(y_cal / p_cal))[rank - 1])
    return p_new / factor, p_new * factor


RELATIVE = (
    "Errors in per cent of a price treat too high and too low differently. Take |log(y / p)|."
)
QUANTILE = "np.quantile counts places, the smallest error as 0, and comes out beside the rank. Sort the errors and take errors[rank - 1], or use method='inverted_cdf'."
SIGNED = "Take the size of each error: one factor for both ends, from the errors without a sign."


def _around(p_new: Array, width: Any) -> tuple[Array, Array]:
    return p_new - width, p_new + width


conformal_interval = Exercise(
    "an interval that keeps its word",
    reference=_interval,
    cases=_interval_cases,
    mistakes={
        _without_plus_one: "Count the new house, too: the rank is (n + 1)(1 - miss), rounded up.",
        _in_dollars: "You added dollars. Errors are taken on the logarithm: divide and multiply.",
        _signed: "Take the size of each error (abs): quotes that were too high count, too.",
        "_interval(y_cal, p_cal, p_new, miss / 2)": "Sizes of errors count both sides already. Do not halve miss.",
        "_interval(y_cal, p_cal, p_new, miss)[::-1]": "Both ends are right, but in the wrong order: low first.",
        "_by_quantile(y_cal, p_cal, p_new, 1 - miss)": "np.quantile takes a place between two errors. Sort the errors and take that with the rank (n + 1)(1 - miss), rounded up.",
        "_by_quantile(y_cal, p_cal, p_new, _level(y_cal, miss), method='higher')": QUANTILE,
        "_by_quantile(y_cal, p_cal, p_new, _level(y_cal, miss))": QUANTILE,
        "np.log(_interval(y_cal, p_cal, p_new, miss))": "Those are logarithms of the ends. Return dollars: take np.exp.",
        _rank_as_index: "Ranks count from 1 and indices from 0: take errors[rank - 1].",
        "(p_new - np.log(_interval(y_cal, p_cal, np.ones(1), miss)[1]), p_new + np.log(_interval(y_cal, p_cal, np.ones(1), miss)[1]))": "You added an error of logarithms to dollars. Divide and multiply by its np.exp.",
        "_relative(y_cal, p_cal, p_new, miss, to='quote', way='plus and minus')": RELATIVE,
        "_relative(y_cal, p_cal, p_new, miss, to='quote', way='times and over')": RELATIVE,
        "_relative(y_cal, p_cal, p_new, miss, to='price', way='plus and minus')": RELATIVE,
        "_relative(y_cal, p_cal, p_new, miss, to='price', way='times and over')": RELATIVE,
        "_relative(y_cal, p_cal, p_new, miss, to='logarithm', way='plus and minus')": "An error q of logarithms is a factor exp(q): divide and multiply by it, instead of 1 - q and 1 + q.",
        "_by_quantile(y_cal, p_cal, p_new, 1.0)": "That is the largest error. Take the one with the rank (n + 1)(1 - miss), rounded up.",
        _by_mean: "That is the mean error. Take the one with the rank (n + 1)(1 - miss), rounded up.",
        "_interval(y_cal, p_cal, p_new, 1 - miss)": "miss is the share outside. The rank counts those inside: 1 - miss.",
        "_interval(y_cal, p_cal, p_new, miss, round((len(y_cal) + 1) * (1 - miss)))": "Round the rank up, not to the nearest.",
        _unsorted: "Sort the errors before you take one by its rank.",
        "(p_new, _interval(y_cal, p_cal, p_new, miss)[1])": "The high end is right. The low end is the quote divided by the same factor.",
        "_two_sided(y_cal, p_cal, p_new, miss, halved=True)": SIGNED,
        "_two_sided(y_cal, p_cal, p_new, miss, halved=False)": SIGNED,
        "_around(p_new, np.quantile(np.abs(y_cal - p_cal) / y_cal, 1 - miss) * p_new)": RELATIVE,
        "_around(p_new, np.quantile(np.abs(y_cal - p_cal) / p_cal, 1 - miss) * p_new)": RELATIVE,
        "_around(p_new, np.quantile(np.abs(y_cal - p_cal), 1 - miss))": "You added dollars. Errors are taken on the logarithm: divide and multiply.",
        "float(_interval(y_cal, p_cal, np.ones(1), miss)[1][0])": "That is the factor. Divide and multiply the quotes by it, and return both ends.",
        "np.stack(_interval(y_cal, p_cal, p_new, miss), axis=1)": "The numbers are right. Return all low ends, then all high ends: `return low, high`.",
        "_relative(y_cal, p_cal, p_new, miss, to='quote', way='factor')": RELATIVE,
        "_relative(y_cal, p_cal, p_new, miss, to='price', way='factor')": RELATIVE,
    },
)
