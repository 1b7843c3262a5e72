from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook


@pytest.fixture(scope="module")
def outputs() -> list[list[Any]]:
    """Outputs of three cells that run in a real kernel."""
    sources = [
        "from bmcourse import outputs\noutputs.show('stable', '3 < 4', mark='✓', claim='it')",
        "outputs.show_measured('12 s')",
        "line = outputs.LiveLine()\nline.write('first')\nline.write('second', last=True)",
        "outputs.show_source(outputs.in_notebook)",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3").execute()
    nbformat.validate(notebook)
    return [cell["outputs"] for cell in notebook["cells"]]


def test_show_marks_what_is_compared(outputs: list[list[Any]]) -> None:
    (output,) = outputs[0]
    assert output["data"]["text/plain"] == "✓ stable"
    assert "3 &lt; 4" in output["data"]["text/html"]
    assert output["metadata"] == {"bmcourse": {"compare": "plain", "claim": "it"}}


def test_measured_is_marked(outputs: list[list[Any]]) -> None:
    (output,) = outputs[1]
    assert output["data"]["text/plain"] == "'12 s'"
    assert output["metadata"] == {"bmcourse": {"compare": "presence"}}


def test_a_live_line_leaves_only_its_last_text(outputs: list[list[Any]]) -> None:
    (output,) = outputs[2]
    assert output["data"]["text/plain"] == "second"
    assert output["metadata"] == {"bmcourse": {"compare": "presence"}}


def test_source_is_shown_from_the_library(outputs: list[list[Any]]) -> None:
    (output,) = outputs[3]
    assert output["data"]["text/plain"] == "Source of in_notebook"
    assert "in_notebook" in json.dumps(output["data"]["text/html"])
