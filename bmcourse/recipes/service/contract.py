"""A data contract: which columns a file or a request has, and which values each may take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Violation:
    """One way in which data break a contract.

    Attributes
    ----------
    column : str
    expected, received : str
        What the contract asks for, and the first value that breaks it.
    row : int
        The first row concerned, from 0.
    count : int
        Number of rows concerned.
    """

    column: str
    expected: str
    received: str
    row: int
    count: int = 1

    def __str__(self) -> str:
        more = f" ({self.count} rows)" if self.count > 1 else ""
        return (
            f"{self.column}: expected {self.expected}, received {self.received}, row {self.row}"
            f"{more}"
        )


@dataclass(frozen=True)
class Column:
    """What one column must hold: numbers in a range, or words of a list.

    Attributes
    ----------
    name : str
    low, high : float
        Smallest and largest number allowed, both included. Of no use to a column of words.
    whole : bool
        Whether a number must be a whole one.
    words : tuple of str
        All words allowed; an empty tuple for a column of numbers.
    missing : float
        Largest share of missing values (None or NaN), in [0, 1].
    """

    name: str
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    words: tuple[str, ...] = ()
    missing: float = 0.0

    @property
    def expected(self) -> str:
        """The rule in words."""
        if self.words:
            shown = ", ".join(map(repr, self.words[:3]))
            return "one of " + shown + (" …" if len(self.words) > 3 else "")
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}"

    def allows(self, value: Any) -> bool:
        """Say whether one value, not a missing one, keeps the rule."""
        if self.words:
            return isinstance(value, str) and value in self.words
        if isinstance(value, bool) or not isinstance(value, Real):
            return False
        if self.whole and not (isinstance(value, Integral) or float(value).is_integer()):
            return False
        return self.low <= float(value) <= self.high


def is_missing(value: Any) -> bool:
    """Say whether a value stands for "not known"."""
    return value is None or (isinstance(value, float) and math.isnan(value))


@dataclass(frozen=True)
class Contract:
    """The columns of a table, each with its rule, whether rows may repeat, and how many there are.

    Examples
    --------
    >>> contract = Contract((Column("area", 100, 6000), Column("cars", 0, 5, whole=True)))
    >>> for violation in contract.check([{"area": 1500, "cars": 2}, {"area": "2 000", "cars": 2}]):
    ...     print(violation)
    area: expected a number from 100 to 6000, received '2 000', row 1
    """

    columns: tuple[Column, ...]
    unique: bool = True
    at_least: int = 0

    def check(self, rows: Sequence[Row]) -> list[Violation]:
        """Return all violations, one for each column and rule that is broken.

        Parameters
        ----------
        rows : sequence of mappings
            One mapping from names to values a row.
        """
        found = self._names(rows)
        for column in self.columns:
            values = [
                (number, row[column.name]) for number, row in enumerate(rows) if column.name in row
            ]
            found += _values(column, values)
            found += _missing(column, values)
        if len(rows) < self.at_least:
            found.append(Violation("(all)", f"at least {self.at_least} rows", f"{len(rows)}", 0))
        return found + (_repeats(rows) if self.unique else [])

    def check_request(self, rows: Sequence[Row]) -> list[Violation]:
        """Check what a customer asks for: two may ask the same, and shares mean nothing."""
        found = self._names(rows)
        for column in self.columns:
            values = [
                (number, row[column.name]) for number, row in enumerate(rows) if column.name in row
            ]
            found += _values(column, values)
            if not column.missing:
                found += _missing(column, values)
        return found

    def _names(self, rows: Sequence[Row]) -> list[Violation]:
        """Compare the names in each row with the names agreed on."""
        agreed = [column.name for column in self.columns]
        first: dict[tuple[str, bool], list[int]] = {}
        for number, row in enumerate(rows):
            for name in agreed:
                if name not in row:
                    first.setdefault((name, True), []).append(number)
            for name in row:
                if name not in agreed:
                    first.setdefault((name, False), []).append(number)
        return [
            Violation(name, "this column", "none", numbers[0], len(numbers))
            if absent
            else Violation(name, "no column of this name", "one", numbers[0], len(numbers))
            for (name, absent), numbers in first.items()
        ]


def _values(column: Column, values: Sequence[tuple[int, Any]]) -> list[Violation]:
    wrong = [(n, v) for n, v in values if not is_missing(v) and not column.allows(v)]
    if not wrong:
        return []
    return [Violation(column.name, column.expected, repr(wrong[0][1]), wrong[0][0], len(wrong))]


def _missing(column: Column, values: Sequence[tuple[int, Any]]) -> list[Violation]:
    absent = [number for number, value in values if is_missing(value)]
    if len(absent) <= column.missing * len(values):
        return []
    expected = f"at most {column.missing:.0%} missing"
    share = f"{len(absent) / len(values):.0%}"
    return [Violation(column.name, expected, share, absent[0], len(absent))]


def _repeats(rows: Sequence[Row]) -> list[Violation]:
    seen: dict[str, int] = {}
    again = []
    for number, row in enumerate(rows):
        key = repr(sorted(row.items(), key=lambda item: item[0]))
        again += [(number, seen[key])] if key in seen else []
        seen.setdefault(key, number)
    if not again:
        return []
    return [Violation("(all)", "no row twice", f"row {again[0][1]} again", again[0][0], len(again))]
