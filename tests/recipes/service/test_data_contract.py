from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bmcourse.recipes.service import houses
from bmcourse.recipes.service.contract import Column, Contract, Violation

AREA = Column("area", 100, 6000)
CARS = Column("cars", 0, 5, whole=True, missing=0.5)
AIR = Column("air", words=("Y", "N"))
HOUSE = {"area": 1500, "cars": 2, "air": "Y"}
CONTRACT = Contract((AREA, CARS, AIR))


@pytest.mark.parametrize(
    ("column", "value", "allowed"),
    [
        (AREA, 100, True),
        (AREA, 6000.0, True),
        (AREA, np.float64(150), True),
        (AREA, 99.9, False),
        (AREA, 6000.1, False),
        (AREA, float("inf"), False),
        (AREA, "1500", False),
        (AREA, True, False),
        (AREA, [1500], False),
        (CARS, 2.0, True),
        (CARS, np.int64(2), True),
        (CARS, 2.5, False),
        (CARS, True, False),
        (AIR, "Y", True),
        (AIR, "y", False),
        (AIR, 1, False),
        (AIR, ["Y"], False),
    ],
)
def test_values_of_each_kind(column: Column, value: Any, allowed: bool) -> None:
    assert column.allows(value) is allowed


def told(rows: list[dict[str, Any]], contract: Contract = CONTRACT) -> list[str]:
    return [str(violation) for violation in contract.check(rows)]


def test_a_violation_says_column_expected_received_and_row() -> None:
    rows = [HOUSE, HOUSE | {"area": 15, "cars": 1}, HOUSE | {"area": -1}, HOUSE | {"air": "yes"}]
    assert told(rows) == [
        "area: expected a number from 100 to 6000, received 15, row 1 (2 rows)",
        "air: expected one of 'Y', 'N', received 'yes', row 3",
    ]
    assert CONTRACT.check([HOUSE]) == []


def test_columns_that_are_missing_or_unknown_are_named() -> None:
    without = {"area": 1500, "cars": 2}
    assert told([HOUSE, without]) == ["air: expected this column, received none, row 1"]
    assert told([HOUSE | {"price": 3}])[0].startswith("price: expected no column of this name")


def test_the_share_of_missing_values_counts_and_both_kinds_do() -> None:
    rows = [HOUSE | {"area": 100 + i} for i in range(4)]
    rows[0]["cars"], rows[1]["cars"] = None, float("nan")
    assert told(rows) == []
    rows[2]["cars"] = None
    assert told(rows) == ["cars: expected at most 50% missing, received 75%, row 0 (3 rows)"]
    assert CONTRACT.check_request(rows[:1]) == []  # one house: no share
    assert len(CONTRACT.check_request([HOUSE | {"area": None}])) == 1


def test_a_file_that_was_cut_off_is_found() -> None:
    contract = Contract((AREA, CARS, AIR), at_least=2)
    assert told([HOUSE], contract) == ["(all): expected at least 2 rows, received 1, row 0"]
    assert told([HOUSE, HOUSE | {"cars": 1}], contract) == []
    assert contract.check_request([HOUSE]) == []


def test_rows_that_repeat_are_found_whatever_the_order_of_their_names() -> None:
    other = dict(reversed(HOUSE.items()))
    assert told([HOUSE, HOUSE | {"cars": 0}, other]) == [
        "(all): expected no row twice, received row 0 again, row 2"
    ]
    assert told([HOUSE, other], Contract((AREA, CARS, AIR), unique=False)) == []
    assert CONTRACT.check_request([HOUSE, other]) == []


def test_the_true_sales_keep_their_contract_also_as_a_file(tmp_path: Path) -> None:
    sales = houses.load()
    assert houses.file_contract().check(sales.records()) == []
    path = tmp_path / "sales.csv"
    pd.DataFrame(sales.records()).to_csv(path, index=False)
    rows = houses.read_file(path)
    assert houses.file_contract().check(rows) == []
    assert rows == sales.records()
    assert bool(np.all(np.diff(sales.months) >= 0))
    assert len(sales.between(0, 24).rows) == 1319


def test_a_word_among_the_numbers_of_a_file_is_found_in_its_row(tmp_path: Path) -> None:
    records = houses.load().records()[:20]
    records[7]["Garage_Area"] = "4 80"
    pd.DataFrame(records).to_csv(tmp_path / "bad.csv", index=False)
    found = houses.file_contract().check(houses.read_file(tmp_path / "bad.csv"))
    assert Violation("Garage_Area", "a number from 0 to 8000", "'4 80'", 7) in found


def test_loaded_sales_are_your_own() -> None:
    houses.load().rows[0]["Gr_Liv_Area"] = 1
    assert houses.load().rows[0]["Gr_Liv_Area"] > 100
