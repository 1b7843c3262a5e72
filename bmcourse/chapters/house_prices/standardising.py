"""Exercise on standardising without a leak."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _standardise(learn: Array, new: Array, source: Array | None = None) -> tuple[Array, Array]:
    known = learn if source is None else source
    spread = known.std(axis=0)
    spread = np.where(spread > 0, spread, 1)
    return (learn - known.mean(axis=0)) / spread, (new - known.mean(axis=0)) / spread


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
    cases.append((np.array([[0.1], [0.4], [0.2]]), np.array([[0.3]])))
    return cases


BOTH = "You returned one table. Return both: `return learn, new`, each standardised."


def _spread(learn: Array) -> Array:
    return np.where(learn.std(axis=0) > 0, learn.std(axis=0), 1)


def _where_constant(learn: Array, new: Array, old: Array, fresh: Array) -> tuple[Array, Array]:
    tables = zip((old, fresh), _standardise(learn, new), strict=True)
    first, second = (np.where(learn.std(axis=0) > 0, right, left) for left, right in tables)
    return first, second


def _from_0_to_1(learn: Array, new: Array) -> tuple[Array, Array]:
    low, width = learn.min(axis=0), np.ptp(learn, axis=0)
    width = np.where(width > 0, width, 1)
    return (learn - low) / width, (new - low) / width


def _each_row(rows: Array) -> Array:
    return (rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True)


SMALL = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
CONSTANT = "A small number under the line makes a constant column huge. Divide it by 1 instead."


standardise = Exercise(
    "standardise without a leak",
    reference=_standardise,
    cases=_column_cases,
    mistakes={
        "_standardise(learn, new)[0], _standardise(new, new)[0]": "The new houses got a mean of their own. Use that of the learning houses: a single house would always become 0.",
        "_standardise(learn, new, np.concatenate([learn, new]))": "A leak: mean and deviation must not see the new houses.",
        _without_guard: "A column that never changes has the deviation 0. Divide it by 1 instead.",
        "_divided(learn, new, learn.var(axis=0))": "That is the variance. Divide by its root.",
        _one_mean: "Each column has its own mean and deviation: axis=0.",
        "_standardise(learn, new)[0]": BOTH,
        "_standardise(learn, new)[1]": BOTH,
        **{f"_divided(learn, new, learn.std(axis=0) + {small})": CONSTANT for small in SMALL},
        "_divided(learn, new, learn.std(axis=0, ddof=1))": "That deviation divides by n - 1 (ddof=1). Use learn.std(axis=0), which divides by n.",
        "_divided(learn, new, np.ones(learn.shape[1]))": "You subtracted the mean. Divide by the deviation, too.",
        "(learn / _spread(learn), new / _spread(learn))": "You divided by the deviation. Subtract the mean first.",
        "_where_constant(learn, new, learn, new)": "A column that is constant loses its mean, too. Only its divisor is 1.",
        "_where_constant(learn, new, 0 * learn, 0 * new)": "A new house may differ in a column that was constant: subtract the mean and divide by 1.",
        _from_0_to_1: "That brings the columns to 0 to 1. Subtract the mean and divide by the deviation.",
        "_divided(learn, new, np.maximum(learn.std(axis=0), 1))": "A deviation below 1 is divided by as it is. Only 0 becomes 1.",
        "(_standardise(learn, new)[0], new)": "The new houses are unchanged. Give them the mean and the deviation of the learning ones.",
        "tuple(_each_row(rows) for rows in (learn, new))": "Each column has its own mean and deviation: axis=0, not axis=1.",
        "(_standardise(learn, new)[0], (new - new.mean(axis=0)) / _spread(learn))": "The new houses got a mean of their own. Use that of the learning houses.",
        "np.concatenate(_standardise(learn, new))": "The numbers are right. Return two tables, `return learn, new`, instead of one.",
    },
)
