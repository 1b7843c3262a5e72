"""Sphinx extension of the book: how a stored notebook becomes a page that is good to read.

Drawing code is folded, exercises and figures get classes, pictures become files that load when
they are needed, and the chapter opens with a figure and with the time that it takes.
"""

from __future__ import annotations

import html
import json
import re
from itertools import count
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from stored import (
    IMAGE,
    Picture,
    code,
    exercises,
    is_exercise,
    markup,
    minutes_to_read,
    only_draws,
    opening_picture,
    picture,
    tags,
    text,
)

FIGURES = "_static/figures"
LONG = 100
"""Characters of a line of code or output that a page shows without scrolling sideways."""
WHERE = (
    "*This page only shows the exercises. To answer them and to hear what the checker says, "
    "[run the course](../book/run.md).*"
)
TIME = re.compile(r"^\*\*Time:\*\* ([\d.]+ minutes?) to run", re.MULTILINE)


def element(shown: Picture, address: str) -> str:
    """Return the HTML of a picture that is a file."""
    across, down = shown.opened().size
    chart = "chart" if shown.is_chart else "photograph"
    size = f'width="{shown.width}" height="{round(shown.width * down / across)}"'
    alt = html.escape(shown.alt)
    return f'<img class="{chart}" loading="lazy" {size} alt="{alt}" src="{address}">'


def move_pictures(app: Sphinx, notebook: dict[str, Any], name: str) -> None:
    """Write the figures of a notebook as files, and point its outputs to them."""
    numbers = count()

    def move(found: re.Match[str]) -> str:
        file, shown = f"{name[:2]}-{next(numbers):02d}.webp", picture(found)
        Path(app.outdir, FIGURES, file).write_bytes(shown.content)
        return element(shown, f"../{FIGURES}/{file}")

    for cell in code(notebook):
        for output in cell.get("outputs", []):
            if text_html := markup(output):
                output["data"]["text/html"] = IMAGE.sub(move, text_html)


def open_chapter(app: Sphinx, notebook: dict[str, Any], name: str) -> None:
    """Put a figure under the title, and what the chapter takes into the line of its time."""
    first = notebook["cells"][0]
    asked, read = exercises(notebook), minutes_to_read(notebook)
    practice = f", {asked} exercises" if asked else ""
    opening = TIME.sub(rf"**Time:** {read} minutes to read{practice}; \1 to run", text(first))
    chosen = opening_picture(notebook)
    if chosen is not None:
        file = f"{name[:2]}-opening.webp"
        Path(app.outdir, FIGURES, file).write_bytes(chosen.content)
        shown = element(chosen, f"../{FIGURES}/{file}").replace(' loading="lazy"', "")
        caption = f"<figcaption>{html.escape(chosen.caption)}</figcaption>"
        title, _, rest = opening.partition("\n")
        opening = f'{title}\n\n<figure class="opening">{shown}{caption}</figure>\n\n{rest.lstrip()}'
    first["source"] = opening


def lead_to_the_machine(notebook: dict[str, Any]) -> None:
    """Say above the exercises of a page where they can be answered."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and text(cell).startswith("## Exercises"):
            heading, _, rest = text(cell).partition("\n")
            cell["source"] = f"{heading}\n\n{WHERE}\n{rest}"


def prepare(app: Sphinx, document: str, source: list[str]) -> None:
    """Change the text of a notebook on its way into the book; the file stays as it is."""
    folder, _, name = document.rpartition("/")
    if folder != "notebooks" or not name[:2].isdigit():
        return
    notebook = json.loads(source[0])
    Path(app.outdir, FIGURES).mkdir(parents=True, exist_ok=True)
    for cell in code(notebook):
        if only_draws(cell):
            tags(cell).extend(["hide-input", "figure-code"])
        if is_exercise(cell):
            tags(cell).append("exercise")
    lead_to_the_machine(notebook)
    open_chapter(app, notebook, name)  # reads the pictures, so it goes first
    move_pictures(app, notebook, name)
    source[0] = json.dumps(notebook)


def is_sentences(output: str) -> bool:
    """Say whether an output is sentences or a list, whose long lines may be broken; not a table.

    Examples
    --------
    >>> is_sentences("word " * 30), is_sentences("word " * 30 + "\\na    1"), is_sentences("short")
    (True, False, False)
    """
    lines = output.split("\n")
    return max(map(len, lines)) > LONG and not any("   " in line for line in lines)


def break_sentences(app: Sphinx, document: nodes.document, name: str) -> None:
    """Mark the outputs whose lines the page may break."""
    for shown in document.findall(nodes.container):
        if "cell_output" in shown["classes"]:
            for block in shown.findall(nodes.literal_block):
                if is_sentences(block.astext()):
                    block["classes"].append("sentences")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("source-read", prepare)
    app.connect("doctree-resolved", break_sentences)
    return {"version": "1", "parallel_read_safe": True}
