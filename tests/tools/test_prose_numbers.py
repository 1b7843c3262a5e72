"""Numbers in the prose: which count as such, and which outputs show them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bmcourse.tools import prose_numbers


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "m", "source": text, "metadata": {}}


def code(source: str, printed: str = "") -> dict[str, Any]:
    outputs = [{"output_type": "stream", "text": printed}] if printed else []
    return {"cell_type": "code", "id": "c", "source": source, "metadata": {}, "outputs": outputs}


def unseen(tmp_path: Path, *cells: dict[str, Any]) -> list[str]:
    path = tmp_path / "01_a.ipynb"
    path.write_text(json.dumps({"cells": [markdown("#"), markdown("#"), *cells]}), encoding="utf-8")
    return prose_numbers.unseen(path)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,234 images, 0.5 of them, and 3, 4", ["1,234", "0.5", "3", "4"]),
        ("see section 7, $k = 12$, `range(40)`, [chapter 11](11_a.ipynb) and §3.2", []),
        ("in 1998, of 2,000 and 1,998 rows", ["2,000", "1,998"]),
        ("5 in 100 tries; a 95 % interval", ["5"]),
        ("Exercise 3 of `BERT-340` and x2", []),
    ],
)
def test_what_a_reader_could_quote(text: str, numbers: list[str]) -> None:
    assert [number for number, _ in prose_numbers.in_markdown(text)] == numbers


def test_a_number_rounds_what_a_cell_nearby_shows(tmp_path: Path) -> None:
    shown = code("print(x)", "0.9168 of 1,234")
    assert unseen(tmp_path, markdown("0.917, 0.92 or 91.7 % of 1,234"), shown) == []
    assert unseen(tmp_path, shown, markdown("0.918 of 1,233")) == ["m: 0.918", "m: 1,233"]


def test_times_a_hundred_only_before_a_per_cent_sign(tmp_path: Path) -> None:
    shown = code("print(x)", "0.9168")
    assert unseen(tmp_path, shown, markdown("91.68 points, 92 in 100, 91.7 per cent")) == []
    assert unseen(tmp_path, shown, markdown("91.7 images")) == ["m: 91.7"]


def test_a_cell_far_away_does_not_count_but_for_the_recap(tmp_path: Path) -> None:
    far = [code("print(x)", "0.9168"), code("pass"), code("pass")]
    assert unseen(tmp_path, *far, markdown("It is 0.917.")) == ["m: 0.917"]
    assert unseen(tmp_path, *far, markdown("## Recap\n\nIt is 0.917.")) == []
    assert unseen(tmp_path, *far[:-1], markdown("It is 0.917.")) == []


def test_code_nearby_counts_where_an_output_shows_the_number_too(tmp_path: Path) -> None:
    cell, prose = code("run(batch=1_024, rate=3e-3)", "gap 2.5e+02"), "Batches of 1,024, gap 250."
    far = [code("pass"), code("pass"), code("print(x)", "1024")]
    assert unseen(tmp_path, markdown(prose), cell, *far) == []
    assert unseen(tmp_path, markdown(prose), cell) == ["m: 1,024"]  # a setting, not a result


def test_the_references_are_left_out(tmp_path: Path) -> None:
    assert unseen(tmp_path, markdown("## References\n\nVolume 86(11)")) == []
