"""An edition for a class: the notebooks without solutions, whole or only their exercises."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from bmcourse import checks
from bmcourse.tools import notebook_file
from bmcourse.tools.course import ROOT, chapters
from bmcourse.tools.nbgrader import mark_cells
from bmcourse.tools.notebook_file import Cell, source

BEGIN, END = "## Exercises", "## Quick questions"
ALWAYS_KEPT = {"numpy", "pandas", "scipy", *sys.stdlib_module_names}


def write_class_edition(
    target: Path, *, nbgrader: bool = False, exercises_only: bool = False, root: Path = ROOT
) -> list[Path]:
    """Write every notebook without its solutions into a new folder.

    Parameters
    ----------
    target : Path
        A folder that does not exist yet.
    nbgrader : bool
        Also mark the exercises for nbgrader, with a grading cell after each.
    exercises_only : bool
        Keep the title, the imports and the exercises: such a notebook runs in seconds, within
        nbgrader's limit of 30 seconds a cell.
    root : Path
        The checkout that holds ``course.toml``.

    Returns
    -------
    list of Path
        The notebooks written.

    Raises
    ------
    ValueError
        If the target exists.
    FileNotFoundError
        If the notebooks are not beside the package.
    """
    if target.exists():
        checks.fail("target", "a folder that does not exist yet", str(target))
    every = chapters(root)
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for chapter in every:
        notebook = notebook_file.read(chapter.path)
        cells = notebook["cells"]
        if exercises_only:
            cells = exercise_cells(cells)
            notebook["metadata"].pop("widgets", None)
        cells = notebook_file.without_solutions(cells)
        notebook["cells"] = mark_cells(cells) if nbgrader else cells
        notebook_file.write(part / chapter.path.name, notebook_file.text_of(notebook))
    part.replace(target)
    return [target / chapter.path.name for chapter in every]


def exercise_cells(cells: list[Cell]) -> list[Cell]:
    """Return the title, one cell of imports, and the exercises with their solutions.

    An import is kept if an exercise or its solution uses it, or if a learner may well want it:
    NumPy, SciPy, pandas and the standard library.

    Parameters
    ----------
    cells : list of dict
        All cells of a chapter, as JSON. They are not changed.
    """
    kept = _between(cells, BEGIN, END)
    code = [source(cell) for cell in kept if cell["cell_type"] == "code"]
    used = {name for text in code for name in _names(text)}
    imports = _imports(cells, used)
    title = {**cells[0], "source": source(cells[0]).partition("\n")[0]}
    head: Cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "imports",
        "metadata": {},
        "outputs": [],
        "source": "\n".join(imports),
    }
    return [title, head, *notebook_file.without_outputs(kept)]


def _between(cells: list[Cell], begin: str, end: str) -> list[Cell]:
    """Return the cells from one heading to the next; a cell may hold more than its heading."""
    starts = [i for i, cell in enumerate(cells) if begin in source(cell)]
    first = starts[0] if starts else len(cells)
    found = []
    for place, cell in enumerate(cells[first:]):
        text = source(cell)
        if cell["cell_type"] == "markdown":
            text = begin + text.partition(begin)[2] if place == 0 else text
            before, ends, _ = text.partition(end)
            if before.strip():
                found.append({**cell, "source": before.rstrip()})
            if ends:
                break
        else:
            found.append(cell)
    return found


def _imports(cells: Iterable[Cell], used: set[str]) -> list[str]:
    lines = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        for node in ast.parse(source(cell)).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                node.names = [alias for alias in node.names if _is_kept(node, alias, used)]
                if node.names:
                    lines.append(ast.unparse(node))
    return list(dict.fromkeys(lines))


def _is_kept(node: ast.Import | ast.ImportFrom, alias: ast.alias, used: set[str]) -> bool:
    module = alias.name if isinstance(node, ast.Import) else node.module or ""
    name = alias.asname or alias.name.partition(".")[0]
    return name in used or module.partition(".")[0] in ALWAYS_KEPT


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
