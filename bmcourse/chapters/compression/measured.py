"""What `benchmarks/smaller_digits.py` stored, as tables of right and wrong answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bmcourse import results

TEST = 10_000


def rows(part: str, kind: str = "final") -> pd.DataFrame:
    """Return the stored rows of one part, such as "pruning"; kind "try" for the choice of rates."""
    table = pd.DataFrame(
        row
        for row in results.load("smaller_digits")["rows"]
        if row["part"] == part and row["kind"] == kind
    )
    return table.dropna(axis=1, how="all")


def right(table: pd.DataFrame, **values: Any) -> npt.NDArray[Any]:
    """Return 1 for a right answer and 0 for a wrong one, shape (seeds, test images), by seed."""
    for column, value in values.items():
        table = table[table[column] == value]
    found = np.ones((len(table), TEST))
    for answers, missed in zip(found, table.sort_values("seed")["test_wrong"], strict=True):
        answers[missed] = 0
    return found
