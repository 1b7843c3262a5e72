"""Copies of the notebooks: a learner's working copy, and a class edition without solutions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import chain, count, takewhile
from pathlib import Path
from typing import Any

from bmcourse import checks
from bmcourse.grading import mark_cells

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
WORKING = ROOT / "my"


def find(chapter: str, folder: Path = NOTEBOOKS) -> Path:
    """Find a chapter by its number or the beginning of its name.

    Raises
    ------
    ValueError
        If no chapter, or more than one, begins like this.
    """
    names = sorted(path.stem for path in folder.glob("*.ipynb"))
    wanted = chapter.zfill(2) if chapter.isdecimal() else chapter
    matching = [name for name in names if name.startswith(wanted)] if wanted else []
    if len(matching) != 1:
        checks.fail("chapter", f"the beginning of one of {', '.join(names)}", repr(chapter))
    return folder / f"{matching[0]}.ipynb"


def copies(chapter: str, *, source: Path = NOTEBOOKS, target: Path = WORKING) -> list[Path]:
    """List the working copies of a chapter that exist, the oldest first."""
    return list(takewhile(Path.exists, _names(find(chapter, source), target)))


def start(chapter: str, *, source: Path = NOTEBOOKS, target: Path = WORKING) -> Path:
    """Copy a chapter, without its outputs, to work on; a copy that exists is never touched.

    Parameters
    ----------
    chapter : str
        Number or beginning of the name, such as ``"3"`` or ``"03_back"``.
    source, target : Path
        Folder of the notebooks, and folder of the working copies.

    Returns
    -------
    Path
        The new file: ``03_topic.ipynb``, or ``03_topic-2.ipynb`` and so on.
    """
    original = find(chapter, source)
    notebook = _read(original)
    for cell in notebook["cells"]:
        _clear(cell)
    notebook["metadata"].pop("widgets", None)
    target.mkdir(parents=True, exist_ok=True)
    path = next(path for path in _names(original, target) if not path.exists())
    with path.open("x", encoding="utf-8") as file:  # "x": fail rather than overwrite
        file.write(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return path


def student(target: Path, *, nbgrader: bool = False, source: Path = NOTEBOOKS) -> list[Path]:
    """Write every notebook without its solutions into a new folder.

    Parameters
    ----------
    target : Path
        A folder that does not exist yet.
    nbgrader : bool
        Also mark the exercises for nbgrader, with a grading cell after each.
    source : Path
        Folder of the notebooks.

    Returns
    -------
    list of Path
        The notebooks written.

    Raises
    ------
    ValueError
        If the target exists.
    """
    if target.exists():
        checks.fail("target", "a folder that does not exist yet", str(target))
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for original in sorted(source.glob("*.ipynb")):
        notebook = _read(original)
        cells = [c for c in notebook["cells"] if not _is_solution(c)]
        notebook["cells"] = mark_cells(cells) if nbgrader else cells
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        (part / original.name).write_text(text, encoding="utf-8")
    part.replace(target)
    return sorted(target.glob("*.ipynb"))


def _names(original: Path, target: Path) -> Iterator[Path]:
    """Give the names of working copies, without an end: the plain one, then -2, -3 and so on."""
    stems = chain([original.stem], (f"{original.stem}-{n}" for n in count(2)))
    return (target / f"{stem}.ipynb" for stem in stems)


def _is_solution(cell: dict[str, Any]) -> bool:
    return "solution" in cell["metadata"].get("tags", [])


def _clear(cell: dict[str, Any]) -> None:
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None


def _read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook
