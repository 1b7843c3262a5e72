"""Faults that the chapter plants: a broken file, features written twice, a fall of all prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bmcourse.checks import Array
from bmcourse.recipes.service.contract import Row
from bmcourse.recipes.service.features import NAMES, Features
from bmcourse.recipes.service.houses import Sales


def broken(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records with eight kinds of faults that real files have."""
    rows = [dict(row) for row in records]
    rows[100]["Gr_Liv_Area"] = "1 500"  # a space among the digits
    for row in rows[300:340]:
        row["Gr_Liv_Area"] = round(row["Gr_Liv_Area"] * 0.0929)  # square metres
    rows[400]["Year_Built"] = 2207  # not built yet
    rows[500]["Central_Air"] = "yes"
    rows[600]["Full_Bath"] = 1.5
    for row in rows[:1200:2]:
        row["Lot_Frontage"] = None
    rows.append(dict(rows[700]))  # sent twice
    rows[800]["Comment"] = "sold to a cousin"
    return rows


def rewritten(features: Features, rows: Sequence[Row]) -> Array:
    """Return the features as somebody wrote them again for the server: one line is different."""
    x = features.of(rows)
    unknown = [row["Lot_Frontage"] is None for row in rows]
    x[unknown, NAMES.index("frontage")] = 0.0  # in training it was the median
    return x


def fallen(sales: Sales, month: int, share: float) -> Sales:
    """Return the same houses; from `month` on their prices are lower by `share`."""
    factor = np.where(sales.months >= month, 1 - share, 1.0)
    return Sales(sales.rows, sales.months, sales.prices * factor)
