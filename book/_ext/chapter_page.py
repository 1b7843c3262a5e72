"""Sphinx extension of the book: how a stored notebook becomes a page that is good to read.

Drawing code is folded, exercises and figures get classes, pictures become files that load when
they are needed, and the chapter opens with a figure and with the time that it takes.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

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
    pictures,
    tags,
    text,
)

FIGURES = "_static/figures"
TIME = re.compile(r"^\*\*Time:\*\* ([\d.]+ minutes?) to run", re.MULTILINE)


def element(picture: Picture, address: str) -> str:
    """Return the HTML of a picture that is a file."""
    across, down = picture.opened().size
    chart = "chart" if picture.is_chart else "photograph"
    size = f'width="{picture.width}" height="{round(picture.width * down / across)}"'
    alt = html.escape(picture.alt)
    return f'<img class="{chart}" loading="lazy" {size} alt="{alt}" src="{address}">'


def move_pictures(app: Sphinx, notebook: dict[str, Any], name: str) -> None:
    """Write the figures of a notebook as files, and point its outputs to them."""
    folder = Path(app.outdir, FIGURES)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for cell in code(notebook):
        for output in cell.get("outputs", []):
            for found, picture in zip(
                list(IMAGE.finditer(markup(output))), pictures({"outputs": [output]}), strict=True
            ):
                file = f"{name[:2]}-{count:02d}.webp"
                (folder / file).write_bytes(picture.content)
                count += 1
                shown = markup(output)
                tag = found[0].split("<figcaption>")[0]
                output["data"]["text/html"] = shown.replace(
                    tag, element(picture, f"../{FIGURES}/{file}")
                )


def open_chapter(app: Sphinx, notebook: dict[str, Any], name: str) -> None:
    """Put a figure under the title, and what the chapter takes into the line of its time."""
    first = notebook["cells"][0]
    count, read = exercises(notebook), minutes_to_read(notebook)
    practice = f", {count} exercises" if count else ""
    opening = TIME.sub(rf"**Time:** {read} minutes to read{practice}; \1 to run", text(first))
    picture = opening_picture(notebook)
    if picture is not None:
        file = f"{name[:2]}-opening.webp"
        Path(app.outdir, FIGURES, file).write_bytes(picture.content)
        shown = element(picture, f"../{FIGURES}/{file}").replace(' loading="lazy"', "")
        caption = f"<figcaption>{html.escape(picture.caption)}</figcaption>"
        title, _, rest = opening.partition("\n")
        opening = f'{title}\n\n<figure class="opening">{shown}{caption}</figure>\n\n{rest.lstrip()}'
    first["source"] = opening


def prepare(app: Sphinx, document: str, source: list[str]) -> None:
    """Change the text of a notebook on its way into the book; the file stays as it is."""
    folder, _, name = document.rpartition("/")
    if folder != "notebooks" or not name[:2].isdigit():
        return
    notebook = json.loads(source[0])
    move = open_chapter, move_pictures  # the opening picture is read before outputs change
    Path(app.outdir, FIGURES).mkdir(parents=True, exist_ok=True)
    for cell in code(notebook):
        if only_draws(cell):
            tags(cell).extend(["hide-input", "figure-code"])
        if is_exercise(cell):
            tags(cell).append("exercise")
    for change in move:
        change(app, notebook, name)
    source[0] = json.dumps(notebook)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("source-read", prepare)
    return {"version": "1", "parallel_read_safe": True}
