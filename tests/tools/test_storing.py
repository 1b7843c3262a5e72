from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bmcourse.__main__ import main
from bmcourse.tools import storing
from bmcourse.tools.course import minutes


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
    measured = minutes(tmp_path)["a"]
    assert 0 <= measured < 2
    assert f"**Time:** {measured:.1f} minutes" in "".join(notebook["cells"][0]["source"])


def test_a_second_run_changes_nothing_but_measured_time(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    slider = "import ipywidgets\nipywidgets.IntSlider(description='volume')"
    write(path, "x = 1", "x = 1", "print(x)", slider)
    storing.execute(path)
    first = json.loads(path.read_text(encoding="utf-8"))
    storing.execute(path)
    second = json.loads(path.read_text(encoding="utf-8"))
    assert first["cells"][1:] == second["cells"][1:]
    assert first["metadata"] == second["metadata"]
    assert len({cell["id"] for cell in first["cells"]}) == 5
    (state,) = first["metadata"]["widgets"].values()
    shown = first["cells"][-1]["outputs"][0]["data"]["application/vnd.jupyter.widget-view+json"]
    assert state["state"][shown["model_id"]]["state"]["description"] == "volume"


def test_a_failing_cell_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write(path, "x = 1", "1 / 0")
    before = path.read_bytes()
    expected = r"a\.ipynb, cell In \[2\]: ZeroDivisionError: division by zero\n\n1 / 0"
    with pytest.raises(storing.FailedCellError, match=expected):
        storing.execute(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.ipynb"]


def test_a_printed_line_is_stored_in_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write(path, "import sys\nfor i in range(3):\n    print(i)\n    sys.stdout.flush()")
    storing.execute(path)
    (stream,) = json.loads(path.read_text(encoding="utf-8"))["cells"][1]["outputs"]
    assert "".join(stream["text"]) == "0\n1\n2\n"


@pytest.mark.parametrize("content", [None, "", "text", "{}", "[1]"])
def test_a_bad_path_gets_one_clear_line(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["execute", str(path)]) == 1
    said = capsys.readouterr().err
    assert "a.ipynb" in said
    assert "Traceback" not in said
    assert main(["execute", str(tmp_path)]) == 1  # a folder
