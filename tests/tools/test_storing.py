from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bmcourse.tools import storing
from bmcourse.__main__ import main


def write(path: Path, *sources: str) -> None:
    cells = [
        new_markdown_cell("# Title\n\n**Time:** not measured yet."),
        *(new_code_cell(s) for s in sources),
    ]
    cells[-1]["metadata"] = {"tags": ["solution"], "collapsed": True}
    notebook = new_notebook(cells=cells, metadata={"x": 1})
    nbformat.write(notebook, path)


def test_stores_outputs_minutes_and_little_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write(path, "1 + 1", "print('b')")
    assert main(["execute", str(path)]) == 0
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["cells"][2]["metadata"] == {"tags": ["solution"]}
    assert [c.get("execution_count") for c in notebook["cells"]] == [None, 1, 2]
    minutes = execution.read_minutes(tmp_path)
    assert 0 <= minutes["a"] < 2
    assert f"**Time:** {minutes['a']:.1f} minutes" in "".join(notebook["cells"][0]["source"])


def test_a_second_run_changes_nothing_but_measured_time(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    slider = "import ipywidgets\nipywidgets.IntSlider(description='volume')"
    write(path, "x = 1", "x = 1", "print(x)", slider)
    execution.execute(path)
    first = json.loads(path.read_text(encoding="utf-8"))
    execution.execute(path)
    second = json.loads(path.read_text(encoding="utf-8"))
    assert first["cells"][1:] == second["cells"][1:]
    assert first["metadata"] == second["metadata"]
    assert len({cell["id"] for cell in first["cells"]}) == 5
    (state,) = first["metadata"]["widgets"].values()
    shown = first["cells"][-1]["outputs"][0]["data"]["application/vnd.jupyter.widget-view+json"]
    assert state["state"][shown["model_id"]]["state"]["description"] == "volume"


def test_a_failing_cell_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write(path, "1 / 0")
    before = path.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        execution.execute(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.ipynb"]
