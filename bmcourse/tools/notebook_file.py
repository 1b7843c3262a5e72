"""A notebook as JSON: read it, leave out solutions or outputs, write it whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Cell = dict[str, Any]
Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    """Read a notebook."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def text_of(notebook: Notebook) -> str:
    """Return a notebook as the text of its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def write(path: Path, text: str) -> None:
    """Write a file beside its place, then move it there, so that no half is ever seen."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def source(cell: Cell) -> str:
    """Return a cell's text, however the file has it."""
    return "".join(cell["source"])


def is_solution(cell: Cell) -> bool:
    """Say whether a cell is tagged as a solution."""
    return "solution" in cell["metadata"].get("tags", [])


def without_solutions(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that are not tagged as a solution."""
    return [cell for cell in cells if not is_solution(cell)]


def without_outputs(cells: Iterable[Cell]) -> list[Cell]:
    """Return copies of the cells as if none had been run."""
    return [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in cells
    ]


def was_run(cells: Iterable[Cell]) -> bool:
    """Say whether any cell has an output or a number of execution."""
    return any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def digest(cells: Iterable[Cell]) -> str:
    """Return a short SHA-256 of what stands in the cells: their kinds and texts, no outputs.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": ["x = 1"], "outputs": [], "metadata": {}}
    >>> digest([cell]) == digest([{**cell, "outputs": ["1"]}]), digest([cell]) == digest([])
    (True, False)
    """
    texts = [[cell["cell_type"], source(cell)] for cell in cells]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]
