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

from bmcourse import results
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


KINDS = ("start", "data", "training", "figures", "exercises", "other")


class NotebookSeconds(SphinxDirective):
    """Where the seconds of each chapter go, from `benchmarks/notebook_seconds.py`."""

    def run(self) -> list[nodes.Node]:
        """Write a table of processor seconds by kind, one row a chapter, and their sums."""
        if "notebook_seconds" not in results.names():
            return [nodes.paragraph(text="Not measured yet.")]
        measured = results.load("notebook_seconds")["notebooks"]
        names = [c for c in chapters(Path(self.env.srcdir)) if c.slug in measured]
        table = [(f"{c.number:02d} {c.title}", *seconds(measured[c.slug]["kinds"])) for c in names]
        sums = [sum(column) for column in zip(*(row[1:] for row in table), strict=True)]
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("Chapter", "all", *KINDS))
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td>{_cells(numbers)}</tr>"
            for name, *numbers in [*table, ("All", *sums)]
        )
        markup = (
            f'<table class="table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        )
        box = '<div class="tested wide" tabindex="0" role="region" aria-label="Seconds by kind">'
        return [nodes.raw("", f"{box}{markup}</div>", format="html")]


def _cells(numbers: list[float]) -> str:
    return "".join(f"<td>{number:.0f}</td>" for number in numbers)


def seconds(kinds: dict[str, list[float]]) -> list[float]:
    """Return the processor seconds of all kinds together, then of each."""
    each = [kinds.get(kind, [0.0])[0] for kind in KINDS]
    return [sum(each), *each]


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
    app.add_directive("notebook-seconds", NotebookSeconds)
    return {"version": "1", "parallel_read_safe": True}
