"""Count the lines of a project that are tied to a framework: for the founder's lens."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FRAMEWORKS = frozenset({"keras", "tensorflow", "torch"})
NAMES = FRAMEWORKS | {"tf"}


@dataclass(frozen=True)
class Tied:
    """Lines of code: all, those of files that import a framework, those that name it."""

    lines: int = 0
    tied: int = 0
    naming: int = 0


def count(source: str) -> Tied:
    """Count one file. If it imports a framework anywhere, all its lines are tied.

    Words in comments and in texts do not count.

    Examples
    --------
    >>> count("import keras\\nx = 1  # no keras here\\n")
    Tied(lines=2, tied=2, naming=1)
    """
    lines = len(source.splitlines())
    imports = any(_roots(node) & FRAMEWORKS for node in ast.walk(ast.parse(source)))
    found = tokenize.generate_tokens(io.StringIO(source).readline)
    naming = {t.start[0] for t in found if t.type == tokenize.NAME and t.string in NAMES}
    return Tied(lines, lines if imports else 0, len(naming))


def of_notebook(path: Path) -> Tied:
    """Count the code cells of a notebook as one file; a cell that is no Python has lines only."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    every = total(_of_cell(source) for source in code)
    return Tied(every.lines, every.lines if every.tied else 0, every.naming)


def _of_cell(source: str) -> Tied:
    try:
        return count(source)
    except (SyntaxError, tokenize.TokenError):
        return Tied(lines=len(source.splitlines()))


def of_folder(folder: Path) -> dict[str, Tied]:
    """Count all Python files below a folder, added up by room: the first name of their path."""
    rooms: dict[str, list[Tied]] = {}
    for path in sorted(folder.rglob("*.py")):
        room = path.relative_to(folder).parts[0].removesuffix(".py")
        rooms.setdefault(room, []).append(count(path.read_text(encoding="utf-8")))
    return {room: total(files) for room, files in rooms.items()}


def total(counts: Iterable[Tied]) -> Tied:
    """Add counts up."""
    every = list(counts)
    return Tied(
        sum(c.lines for c in every), sum(c.tied for c in every), sum(c.naming for c in every)
    )


def _roots(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return {(node.module or "").partition(".")[0]}
    return set()
