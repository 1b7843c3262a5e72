from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from bmcourse.datasets import DataError, tables
from bmcourse.datasets.tables import Table
from bmcourse.datasets.tables.table import FOLDER, read_table

EACH = [
    (tables.ames, 2930, 74),
    (tables.engine_fans, 70, 2),
    (tables.lending_club, 9857, 23),
    (tables.liver_visits, 1945, 12),
    (tables.machine_temperature, 3781, 4),
    (tables.sp500, 6553, 2),
    (tables.turbine_events, 5604, 5),
    (tables.yeast5, 1484, 9),
]


@pytest.mark.parametrize(("load", "rows", "columns"), EACH)
def test_shape_and_target(load: Callable[[], Table], rows: int, columns: int) -> None:
    table = load()
    assert table.frame.shape == (rows, columns)
    assert table.frame.columns[-1] == table.target
    assert not table.frame.isna().any().any()
    assert f"{rows:,} rows, {columns - 1} features" in repr(table)


def test_published_summary_of_the_prices() -> None:
    """The figures are those of the data set's own documentation, not of our file."""
    prices = tables.ames().frame["Sale_Price"]
    assert (prices.min(), prices.max()) == (12_789, 755_000)
    assert prices.mean() == pytest.approx(180_796.06, abs=0.005)


def test_levels_called_none_are_words() -> None:
    frame = tables.ames().frame
    assert (frame["Mas_Vnr_Type"] == "None").sum() == 1775
    assert (frame["Misc_Feature"] == "None").sum() == 2824


def test_each_call_returns_its_own_copy() -> None:
    mine = tables.yeast5().frame
    mine.loc[0, "Mcg"] = -1
    assert tables.yeast5().frame.loc[0, "Mcg"] != -1


def test_every_row_of_the_rare_class_is_kept() -> None:
    frame: pd.DataFrame = tables.yeast5().frame
    assert frame["Class"].eq("positive").sum() == 44
    assert int(frame.duplicated().sum()) == 31


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    for name in ("registry.toml", "yeast5.csv"):
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


def test_one_changed_digit_is_refused(own_folder: Path) -> None:
    path = own_folder / "yeast5.csv"
    path.write_bytes(path.read_bytes().replace(b"0.58", b"0.59", 1))
    with pytest.raises(DataError, match=r"yeast5\.csv must have the SHA-256 5e63.*, got "):
        read_table("yeast5", own_folder)


def test_missing_file_is_named(own_folder: Path) -> None:
    (own_folder / "yeast5.csv").unlink()
    with pytest.raises(DataError, match=r"yeast5\.csv is missing"):
        read_table("yeast5", own_folder)


def test_windows_line_ends_are_the_same_table(own_folder: Path) -> None:
    path = own_folder / "yeast5.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    pd.testing.assert_frame_equal(read_table("yeast5", own_folder).frame, tables.yeast5().frame)
