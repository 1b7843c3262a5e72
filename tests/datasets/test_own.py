"""A teacher's own data in place of a published set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bmcourse import datasets
from bmcourse.datasets import DataError, tables


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with ten images in MNIST's form, and the variables that name it."""
    rng = np.random.default_rng(0)
    (tmp_path / "mnist").mkdir()
    for which, n in (("train", 8), ("test", 2)):
        x = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        np.save(tmp_path / "mnist" / f"x_{which}.npy", x)
        np.save(tmp_path / "mnist" / f"y_{which}.npy", rng.integers(0, 10, n))
    monkeypatch.setenv("BMCOURSE_DATA", str(tmp_path))
    monkeypatch.setenv("BMCOURSE_OWN_DATA", "mnist, ames")
    return tmp_path


def test_own_images_are_read_and_named_as_such(own: Path) -> None:
    digits = datasets.mnist()
    assert digits.x_train.shape == (8, 28, 28)
    assert digits.y_test.dtype == np.uint8
    assert "your own data, not verified" in digits.describe()
    assert str(own) in digits.source
    assert digits.floor(full=0.99, sample=0.9) == 0.9


def test_only_the_names_listed_are_replaced(own: Path) -> None:
    assert "own data" not in tables.lending_club().describe()


@pytest.mark.parametrize(
    ("part", "values", "expected"),
    [
        ("x_train", np.zeros((8, 28, 28)), "uint8, got float64"),
        ("x_train", np.zeros((8, 14, 14), np.uint8), "shape"),
        ("x_test", np.zeros((0, 28, 28), np.uint8), "shape"),
        ("y_train", np.zeros(7, int), r"shape \(8,\)"),
        ("y_test", np.array([0, 10]), "class numbers 0 to 9"),
        ("y_test", np.array([0.5, 1.0]), "class numbers 0 to 9"),
        ("y_test", np.array([{}, None], dtype=object), "cannot be read"),
    ],
)
def test_other_forms_are_refused(own: Path, part: str, values: np.ndarray, expected: str) -> None:
    np.save(own / "mnist" / f"{part}.npy", values, allow_pickle=True)
    with pytest.raises(DataError, match=expected):
        datasets.mnist()


def test_a_missing_file_or_folder_is_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "mnist" / "y_test.npy").unlink()
    with pytest.raises(DataError, match=r"y_test\.npy is missing"):
        datasets.mnist()
    monkeypatch.delenv("BMCOURSE_DATA")
    with pytest.raises(DataError, match="BMCOURSE_DATA must name a folder"):
        datasets.mnist()


def test_an_own_table(own: Path) -> None:
    (own / "ames.csv").write_text("Area,Sale_Price\n1,2\n3,4\n", encoding="utf-8")
    table = tables.ames()
    assert table.frame["Sale_Price"].tolist() == [2, 4]
    assert "your own data, not verified" in table.describe()
    (own / "ames.csv").write_text("Area,Price\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="must have the column Sale_Price"):
        tables.ames()


def test_own_texts(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMCOURSE_OWN_DATA", "reviews")
    path = own / "reviews.csv"
    path.write_text('text,label\n"good,\nvery",positive\n不好看,0\n', encoding="utf-8")
    found = datasets.reviews()
    assert found.texts == ("good,\nvery", "不好看")
    assert found.labels.tolist() == [1, 0]
    assert "your own data, not verified" in found.describe()
    assert datasets.status("reviews").complete
    assert found.floor(full=0.9, sample=0.5) == 0.5


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"text,mark\na,1\n", "columns text, label"),
        (b"", "columns text, label"),
        (b"text,label\n", "columns text, label"),
        (b"text,label\na,2\n", "labels 0 or 1 or negative or positive"),
        (b"text,label\na\n", "labels 0 or 1"),
        (b"text,label\n\xff,1\n", "cannot be read as a table"),
    ],
)
def test_other_tables_of_texts_are_refused(
    own: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, expected: str
) -> None:
    monkeypatch.setenv("BMCOURSE_OWN_DATA", "reviews")
    with pytest.raises(DataError, match=r"reviews\.csv is missing"):
        datasets.reviews()
    (own / "reviews.csv").write_bytes(content)
    with pytest.raises(DataError, match=expected):
        datasets.reviews()


def test_the_status_names_own_data_and_what_is_wrong_with_them(own: Path) -> None:
    status = datasets.status("mnist")
    assert (status.complete, status.verified, status.advice) == (True, False, "")
    assert status.problem == "your own data, not verified"
    (own / "mnist" / "y_test.npy").unlink()
    assert "y_test.npy is missing" in datasets.status("mnist").problem
