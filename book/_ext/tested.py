"""Sphinx extension of the book: the page that says how the course is tested, from its last run."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bmcourse.testing.last_run import PLACE
from bmcourse.tools.course import Chapter, chapters, minutes

TAG = re.compile(r"<[^>]+>")
CLAIM = "claim"


def claims(notebook: dict[str, Any]) -> list[str]:
    """Return the lines of all claims in the stored outputs of a notebook, measured values included.

    Examples
    --------
    >>> shown = {"data": {"text/html": "<div>✓ a is 1 <span>(measured 1)</span></div>"},
    ...          "metadata": {"bmcourse": {"claim": "a is 1"}}}
    >>> claims({"cells": [{"outputs": [shown]}]})
    ['✓ a is 1 (measured 1)']
    """
    found = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if CLAIM in output.get("metadata", {}).get("bmcourse", {}):
                shown = "".join(output["data"]["text/html"])
                found.append(html.unescape(TAG.sub("", shown)).strip())
    return found


def summary(chapter: Chapter, minutes: float | str) -> tuple[str, str]:
    """Return a chapter's row of the summary, and its folded list of claims, as HTML."""
    notebook = json.loads(chapter.path.read_text(encoding="utf-8"))
    name = html.escape(f"{chapter.number:02d} {chapter.title}")
    cells = sum(cell["cell_type"] == "code" for cell in notebook["cells"])
    lines = claims(notebook)
    row = f"<tr><td>{name}</td><td>{minutes}</td><td>{cells}</td><td>{len(lines)}</td></tr>"
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    details = f"<details><summary>{name}: {len(lines)} claims</summary><ul>{items}</ul></details>"
    return row, details


class TestedChapters(SphinxDirective):
    """Minutes, cells and claims of every chapter, then every claim with its measured value."""

    def run(self) -> list[nodes.Node]:
        """Read the notebooks' stored outputs and write the table and the lists."""
        root = Path(self.env.srcdir)
        measured = minutes(root / "notebooks")
        every = chapters(root)
        for chapter in every:
            self.env.note_dependency(str(chapter.path))
        found = [summary(chapter, measured.get(chapter.slug, "")) for chapter in every]
        heads = "".join(f"<th>{head}</th>" for head in ("Chapter", "Minutes", "Cells", "Claims"))
        rows = "".join(row for row, _ in found)
        table = f'<table class="table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        lists = "".join(details for _, details in found)
        markup = f'<div class="tested">{table}{lists}</div>'
        return [nodes.raw("", markup, format="html")]


def last_run(root: Path) -> str:
    """Say in a sentence how the last whole run of the tests ended, before the book was built."""
    path = root / PLACE
    if not path.exists():
        return "This book was built without running the tests first."
    run = json.loads(path.read_text(encoding="utf-8"))
    return (
        f"The last run of the tests before this book was built: {run['date']}, on "
        f"{run['machine']}. {run['passed']:,} tests passed, {run['failed']:,} failed and "
        f"{run['skipped']:,} were skipped, in {run['minutes']:.1f} minutes. "
        f"{run['claims']:,} claims were executed in {run['notebooks']} notebooks."
    )


class LastRun(SphinxDirective):
    """One sentence on the last run of the tests on the machine that built the book."""

    def run(self) -> list[nodes.Node]:
        """Read the record that `bmcourse.testing.last_run` keeps."""
        return [nodes.paragraph(text=last_run(Path(self.env.srcdir)))]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("tested-chapters", TestedChapters)
    app.add_directive("last-run", LastRun)
    return {"version": "1", "parallel_read_safe": True}
