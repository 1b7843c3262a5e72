"""One function from rows to numbers, for training and for serving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array
from bmcourse.recipes.service.contract import Row, is_missing
from bmcourse.recipes.service.houses import AREAS, COUNTS, QUALITY, RATINGS

NAMES = (
    *AREAS,
    *COUNTS,
    "frontage",
    "frontage known",
    "age",
    "years since works",
    "month",
    "condition",
    "heating",
    "air",
    "neighbourhood",
    "longitude",
    "latitude",
)


@dataclass(frozen=True)
class Features:
    """What was learned from the training rows, and the function that uses it.

    Attributes
    ----------
    frontage : float
        Median frontage in feet, put in where it is not known.
    places : dict
        Mean logarithm of the price in each neighbourhood.
    elsewhere : float
        The same over all rows, for a neighbourhood without a sale.
    """

    frontage: float
    places: dict[str, float]
    elsewhere: float

    @classmethod
    def learned(cls, rows: Sequence[Row], prices: npt.ArrayLike) -> Features:
        """Learn from training rows and their prices."""
        logs = np.log(np.asarray(prices, float))
        by_place: dict[str, list[float]] = {}
        for row, log in zip(rows, logs, strict=True):
            by_place.setdefault(row["Neighborhood"], []).append(float(log))
        known = [row["Lot_Frontage"] for row in rows if not is_missing(row["Lot_Frontage"])]
        places = {place: float(np.mean(values)) for place, values in sorted(by_place.items())}
        return cls(float(np.median(known)), places, float(logs.mean()))

    def of(self, rows: Sequence[Row]) -> Array:
        """Return one row of numbers for each house, shape (n, len(NAMES))."""
        return np.array([self._one(row) for row in rows], float).reshape(-1, len(NAMES))

    def _one(self, row: Row) -> list[float]:
        frontage, sold = row["Lot_Frontage"], row["Year_Sold"]
        unknown = is_missing(frontage)
        return [
            *(row[name] for name in AREAS),
            *(row[name] for name in COUNTS),
            self.frontage if unknown else frontage,
            not unknown,
            sold - row["Year_Built"],
            sold - row["Year_Remod_Add"],
            row["Mo_Sold"],
            RATINGS.index(row["Overall_Cond"]),
            QUALITY.index(row["Heating_QC"]),
            row["Central_Air"] == "Y",
            self.places.get(row["Neighborhood"], self.elsewhere),
            row["Longitude"],
            row["Latitude"],
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return what was learned, as JSON can write it."""
        return asdict(self)
