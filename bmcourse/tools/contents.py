"""Make everything follow `course.toml`: names of notebooks, references, the README's table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bmcourse import checks
from bmcourse.tools import notebook_file
from bmcourse.tools.course import ROOT, Chapter, chapters
from bmcourse.tools.references import renumber
from bmcourse.tools.storing import name_cells

TABLE = re.compile(r"(?m)^\| \| chapter \| question \|\n\|[-|]+\|\n(?:\|.*\n)*")


def update(root: Path = ROOT) -> list[Path]:
    """Rename notebooks whose number has changed, and write references and table anew.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    ValueError
        If a chapter of ``course.toml`` has no notebook, or its slug has two.
    """
    every = chapters(root)
    changed = _rename(every)
    for chapter in every:
        notebook = notebook_file.read(chapter.path)
        before = notebook_file.text_of(notebook)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = renumber(notebook_file.source(cell), every).splitlines(True)
        after = notebook_file.text_of(notebook)
        if after != before:
            name_cells(notebook["cells"])
            notebook_file.write(chapter.path, notebook_file.text_of(notebook))
            changed.append(chapter.path)
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        new = renumber(text, every)
        if page.name == "README.md":
            new = TABLE.sub(lambda _: table(every), new)
        if new != text:
            notebook_file.write(page, new)
            changed.append(page)
    return sorted(set(changed))


def pages(root: Path = ROOT) -> list[Path]:
    """List the Markdown pages that may refer to chapters."""
    return sorted([*root.glob("*.md"), *(root / "book").glob("*.md")])


def table(every: Sequence[Chapter]) -> str:
    """Return the README's table of chapters."""
    rows = [
        f"| {chapter.number} | [{chapter.title}](notebooks/{chapter.path.name}) "
        f"| {chapter.question} |\n"
        for chapter in every
    ]
    return "| | chapter | question |\n|---|---|---|\n" + "".join(rows)


def _rename(every: Sequence[Chapter]) -> list[Path]:
    """Give each notebook its number; by way of another name, as two may change places."""
    moves = []
    for chapter in every:
        if chapter.path.exists():
            continue
        found = sorted(chapter.path.parent.glob(f"[0-9][0-9]_{chapter.slug}.ipynb"))
        if len(found) != 1:
            checks.fail(f"the notebook of {chapter.slug}", "one file", f"{len(found)} files")
        moves.append((found[0], chapter.path))
    for old, new in moves:
        old.rename(new.with_suffix(".moving"))
    for _, new in moves:
        new.with_suffix(".moving").rename(new)
    return [new for _, new in moves]
