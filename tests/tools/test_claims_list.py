"""The list of all claims: what was loosened or lost is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bmcourse.tools import claims_list


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one chapter with two claims."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "tests" / "notebooks").mkdir(parents=True)
    toml = "[[part]]\ntitle = 'One'\nchapters = [{ number = 1, slug = 'a' }]\n"
    (tmp_path / "course.toml").write_text(toml, encoding="utf-8")
    store(tmp_path, "x is at least 0.9", "y: 3")
    claims_list.write_lists(tmp_path)
    return tmp_path


def store(root: Path, *claims: str, prose: str = "It has 784 inputs.") -> None:
    code = {"cell_type": "code", "id": "a1", "source": "", "metadata": {}}
    shown = [{"metadata": {"bmcourse": {"claim": claim}}} for claim in claims]
    cells = [
        {"cell_type": "markdown", "id": "m1", "source": prose, "metadata": {}},
        {**code, "outputs": shown},
        {**code, "outputs": [{"metadata": {}}]},
    ]
    path = root / "notebooks" / "01_a.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_the_list_is_in_the_order_of_the_notebook(root: Path) -> None:
    assert claims_list.read_list("claims", root) == {"a": ["x is at least 0.9", "y: 3"]}
    assert claims_list.read_list("numbers", root) == {"a": ["784"]}
    assert claims_list.write_lists(root) == []


def test_a_bound_that_moved_and_a_lost_claim_are_named(root: Path) -> None:
    store(root, "x is at least 0")
    changes = ["- a: x is at least 0.9", "- a: y: 3", "+ a: x is at least 0"]
    assert claims_list.write_lists(root) == changes


def test_a_number_changed_in_the_prose_is_named(root: Path) -> None:
    store(root, "x is at least 0.9", "y: 3", prose="It has 748 inputs.")
    assert claims_list.write_lists(root) == ["- a: 784", "+ a: 748"]
