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
    claims_list.write_list(tmp_path)
    return tmp_path


def store(root: Path, *claims: str) -> None:
    outputs = [{"metadata": {"bmcourse": {"claim": claim}}} for claim in claims]
    notebook = {"cells": [{"outputs": outputs}, {"outputs": [{"metadata": {}}]}, {}]}
    (root / "notebooks" / "01_a.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def test_the_list_is_in_the_order_of_the_notebook(root: Path) -> None:
    assert claims_list.read_list(root) == {"a": ["x is at least 0.9", "y: 3"]}
    assert claims_list.write_list(root) == []


def test_a_bound_that_moved_and_a_lost_claim_are_named(root: Path) -> None:
    store(root, "x is at least 0")
    changes = ["- a: x is at least 0.9", "- a: y: 3", "+ a: x is at least 0"]
    assert claims_list.write_list(root) == changes
