"""Sphinx extension of the book: the front page's network that reads a digit, and its cards."""

from __future__ import annotations

import html
import io
import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from contents import numbered
from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from stored import minutes_to_read, opening_picture

from bmcourse.tools.course import Chapter, chapters, minutes
from bmcourse.widgets import draw_digit

VIEW = Path(draw_digit.__file__).parent
FOLDER = "_static/front"
CARD = (320, 180)
STATE = "application/vnd.jupyter.widget-state+json"
MARKDOWN = re.compile(r"[*`]|\]\([^)]*\)|\[")


def stored_network(root: Path) -> tuple[Chapter, dict[str, Any]] | None:
    """Return a chapter that trains a network to read digits, and that network with examples.

    They are in its stored output; None for a course without such a chapter.
    """
    for chapter in chapters(root):
        notebook = json.loads(chapter.path.read_text(encoding="utf-8"))
        stored = notebook["metadata"].get("widgets", {}).get(STATE, {"state": {}})
        for model in stored["state"].values():
            if str(model["state"].get("_anywidget_id", "")).endswith("DrawDigit"):
                return chapter, {key: model["state"][key] for key in ("layers", "examples")}
    return None


def plain_script(module: str, data: dict[str, Any]) -> str:
    """Turn a widget's module into a script that shows it at once, without a kernel.

    Raises
    ------
    ExtensionError
        If the module no longer ends in the way that widgets do.
    """
    body, found, _ = module.replace("export function", "function").partition("export default")
    if not found:
        raise ExtensionError("a widget's view.js has no default export: see book/_ext/front.py")
    start = "render({ model: { get: (name) => data[name] }, el });"
    place = 'const el = document.getElementById("draw-digit");'
    return f"{{\nconst data = {json.dumps(data)};\n{body}\n{place}\nif (el) {start}\n}}\n"


def network_markup(chapter: Chapter, network: dict[str, Any]) -> str:
    """Return the HTML of the square to draw in, and what it is."""
    weights = sum((layer["inputs"] + 1) * layer["units"] for layer in network["layers"])
    return (
        f'<link rel="stylesheet" href="../{FOLDER}/draw_digit.css">'
        '<div id="draw-digit"><noscript>Drawing needs JavaScript.</noscript></div>'
        f'<p class="about-network">A network of {weights:,} weights. It runs in your browser; '
        f'<a href="../notebooks/{chapter.name}.html">chapter {chapter.number}</a> trains it.</p>'
        f'<script defer src="../{FOLDER}/draw_digit.js"></script>'
    )


class FrontDoor(SphinxDirective):
    """The first screen: a square to draw in, and three doors."""

    def run(self) -> list[nodes.Node]:
        """Write the place of the network and the doors."""
        root = Path(self.env.srcdir)
        first = chapters(root)[0]
        doors = (
            (f"../notebooks/{first.name}.html", "Read", "Chapter by chapter, here"),
            ("run.html", "Run", "On your laptop, in minutes"),
            ("teach.html", "Teach", "Your own edition, tested"),
        )
        links = "".join(
            f'<a class="door" href="{link}"><strong>{name}</strong> <span>{what}</span></a>'
            for link, name, what in doors
        )
        found = stored_network(root)
        shown = network_markup(*found) if found else ""
        doors_markup = f'<nav class="doors" aria-label="Three ways to begin">{links}</nav>'
        return [nodes.raw("", shown + doors_markup, format="html")]


def words(markdown: str) -> str:
    """Return a line of Markdown as a plain sentence, as HTML.

    Examples
    --------
    >>> words("what *is* `x`, after [02](02_losses.ipynb)?")
    'What is x, after 02?'
    """
    plain = MARKDOWN.sub("", markdown)
    return html.escape(plain[:1].upper() + plain[1:])


def needed(chapter: Chapter) -> str:
    """Return which chapters come before this one, and its extra packages."""
    before = re.findall(r"\]\((\d\d)_", chapter.needs)
    parts = [f"after {', '.join(str(int(number)) for number in before)}"] if before else []
    if chapter.extra:
        parts.append(f"extra packages: {chapter.extra}")
    return " · ".join(parts) or "needs no other chapter"


def card(chapter: Chapter, run: float | str) -> str:
    """Return a chapter's card."""
    notebook = json.loads(chapter.path.read_text(encoding="utf-8"))
    picture = opening_picture(notebook)
    image = ""
    if picture is not None:
        kind = "chart" if picture.is_chart else "photograph"
        size = f'width="{CARD[0]}" height="{CARD[1]}"'
        source = f"../{FOLDER}/{chapter.number:02d}.webp"
        alt = html.escape(picture.alt)
        image = f'<img class="{kind}" loading="lazy" {size} alt="{alt}" src="{source}">'
    title = html.escape(numbered(chapter.name, chapter.title))
    time = f"{minutes_to_read(notebook)} min to read, {run} to run"
    return (
        f'<li><a class="chapter-card" href="../notebooks/{chapter.name}.html">{image}'
        f"<strong>{title}</strong><span>{words(chapter.question)}</span>"
        f"<small>{time}<br>{html.escape(needed(chapter))}</small></a></li>"
    )


class ChapterCards(SphinxDirective):
    """All chapters, part by part: a figure, the question, minutes and what is needed before."""

    def run(self) -> list[nodes.Node]:
        """Write a list of cards for each part."""
        root = Path(self.env.srcdir)
        measured = minutes(root / "notebooks")
        found = []
        for part, members in groupby(chapters(root), key=lambda chapter: chapter.part):
            listed = list(members)
            for chapter in listed:
                self.env.note_dependency(str(chapter.path))
            cards = "".join(card(chapter, measured.get(chapter.slug, "")) for chapter in listed)
            found.append(f'<h3>{html.escape(part)}</h3><ul class="chapter-cards">{cards}</ul>')
        return [nodes.raw("", "".join(found), format="html")]


def thumbnail(picture: Image.Image) -> Image.Image:
    """Return a picture in the size of a card, whole, on white."""
    picture.thumbnail((2 * CARD[0], 2 * CARD[1]), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", (2 * CARD[0], 2 * CARD[1]), "white")
    corner = ((ground.width - picture.width) // 2, (ground.height - picture.height) // 2)
    ground.paste(picture, corner)
    return ground


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the network's script and style, and the pictures of the cards."""
    if exception is not None or app.builder.format != "html":
        return
    root, folder = Path(app.srcdir), Path(app.outdir, FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    if found := stored_network(root):
        script = plain_script((VIEW / "view.js").read_text(encoding="utf-8"), found[1])
        (folder / "draw_digit.js").write_text(script, encoding="utf-8")
        (folder / "draw_digit.css").write_bytes((VIEW / "view.css").read_bytes())
    for chapter in chapters(root):
        picture = opening_picture(json.loads(chapter.path.read_text(encoding="utf-8")))
        if picture is not None:
            made = io.BytesIO()
            thumbnail(picture.opened()).save(made, "WEBP", quality=70, method=6)
            (folder / f"{chapter.number:02d}.webp").write_bytes(made.getvalue())


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("front-door", FrontDoor)
    app.add_directive("chapter-cards", ChapterCards)
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True}
