"""The sales of the chapter: rows of Ames in the order of time, and the contract they keep."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bmcourse.checks import Array
from bmcourse.datasets.tables import ames
from bmcourse.recipes.service.contract import Column, Contract

FIRST_YEAR = 2006
PRICE = "Sale_Price"
RATINGS = (
    "Very_Poor",
    "Poor",
    "Fair",
    "Below_Average",
    "Average",
    "Above_Average",
    "Good",
    "Very_Good",
    "Excellent",
)
QUALITY = ("Poor", "Fair", "Typical", "Good", "Excellent")
AREAS = (
    "Lot_Area",
    "Gr_Liv_Area",
    "First_Flr_SF",
    "Second_Flr_SF",
    "Total_Bsmt_SF",
    "Garage_Area",
    "Mas_Vnr_Area",
    "Wood_Deck_SF",
)
COUNTS = ("Full_Bath", "Half_Bath", "Bedroom_AbvGr", "TotRms_AbvGrd", "Fireplaces", "Garage_Cars")
YEARS = ("Year_Built", "Year_Remod_Add")


@dataclass(frozen=True)
class Sales:
    """House sales: what a customer would send, when, and the price that was paid.

    Attributes
    ----------
    rows : list of dict
        One house each; None for a value that is not known.
    months : ndarray of shape (n,)
        Month of the sale, from 0 for January 2006.
    prices : ndarray of shape (n,)
        US dollars.
    """

    rows: list[dict[str, Any]]
    months: Array
    prices: Array

    def records(self) -> list[dict[str, Any]]:
        """Return the houses with their prices, as they stand in a file."""
        prices = self.prices.tolist()
        return [{**row, PRICE: price} for row, price in zip(self.rows, prices, strict=True)]

    def where(self, chosen: Array) -> Sales:
        """Return some of the sales: a boolean for each."""
        rows = [row for row, wanted in zip(self.rows, chosen, strict=True) if wanted]
        return Sales(rows, self.months[chosen], self.prices[chosen])

    def between(self, first: int, end: int) -> Sales:
        """Return the sales of the months from `first` up to, not including, `end`."""
        return self.where((self.months >= first) & (self.months < end))


@cache
def _contract() -> Contract:
    frame = ames().frame
    words = tuple(sorted(frame["Neighborhood"].unique()))
    ranges = [(500, 250_000), (200, 8000), (200, 8000), *[(0, 8000)] * 5]
    return Contract(
        (
            Column("Lot_Frontage", 10, 400, missing=0.25),
            *(Column(name, low, high) for name, (low, high) in zip(AREAS, ranges, strict=True)),
            *(Column(name, 0, 20, whole=True) for name in COUNTS),
            *(Column(name, 1850, 2011, whole=True) for name in YEARS),
            Column("Year_Sold", FIRST_YEAR, 2010, whole=True),
            Column("Mo_Sold", 1, 12, whole=True),
            Column("Neighborhood", words=words),
            Column("Overall_Cond", words=RATINGS),
            Column("Heating_QC", words=QUALITY),
            Column("Central_Air", words=("Y", "N")),
            Column("Longitude", -93.75, -93.5),
            Column("Latitude", 41.95, 42.1),
        )
    )


def contract() -> Contract:
    """Return what a house must look like, in a file as in a request."""
    return _contract()


def file_contract(at_least: int = 0) -> Contract:
    """Return the contract of a file to train on: the same columns, the price, enough rows."""
    columns = (*contract().columns, Column(PRICE, 10_000, 1_000_000))
    return Contract(columns, at_least=at_least)


def read_file(path: Path) -> list[dict[str, Any]]:
    """Read a CSV file as rows, whatever it holds.

    A place that can be read as a number becomes one; an empty place becomes None; all else
    stays text, for the contract to judge.
    """
    with path.open(newline="", encoding="utf-8") as file:
        return [{k: _value(v) for k, v in row.items()} for row in csv.DictReader(file)]


def _value(text: str | None) -> int | float | str | None:
    if not text:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


@cache
def _sales() -> Sales:
    frame = ames().frame
    months = (12 * (frame["Year_Sold"] - FIRST_YEAR) + frame["Mo_Sold"] - 1).to_numpy()
    names = [column.name for column in contract().columns]
    order = np.argsort(months, kind="stable")
    rows = frame[names].iloc[order].to_dict("records")
    for row in rows:
        row["Lot_Frontage"] = row["Lot_Frontage"] or None  # the table writes 0 for "not known"
    named = [{str(name): value for name, value in row.items()} for row in rows]
    return Sales(named, months[order], frame["Sale_Price"].to_numpy()[order])


def load() -> Sales:
    """Return all sales, oldest first. Your own copy."""
    sales = _sales()
    return Sales([dict(row) for row in sales.rows], sales.months.copy(), sales.prices.copy())


def columns(rows: Sequence[dict[str, Any]]) -> dict[str, Array]:
    """Return the columns of numbers, each as one array; a value that is not known is left out."""
    names = [column.name for column in contract().columns if not column.words]
    return {
        name: np.array([row[name] for row in rows if row[name] is not None], float)
        for name in names
    }
