"""Sphinx extension of the book: letters to jump to in the glossary, and links from chapters to it.

A chapter introduces a term in bold. The first such place of each term links to the glossary.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

GLOSSARY = "book/glossary"
BLOCK = re.compile(r"(?ms)^```\{glossary\}\n:sorted:\n(.*?)^```")
BOLD = re.compile(r"(?<![*\[>])\*\*([^*\n]{2,60})\*\*(?!\*)")


def terms(text: str) -> list[str]:
    """Return the terms of the glossary's source.

    Examples
    --------
    >>> terms("```{glossary}\\n:sorted:\\n\\nhead\\n  One of several.\\n```")
    ['head']
    """
    block = BLOCK.search(text)
    lines = block[1].split("\n") if block else []
    return [line.strip() for line in lines if line and not line.startswith(" ")]


def anchor(term: str) -> str:
    """Return the anchor that Sphinx gives a term, or "" for one without Latin letters.

    Examples
    --------
    >>> anchor("Little's law"), anchor("FLOP")
    ('term-Little-s-law', 'term-FLOP')
    """
    latin = re.fullmatch(r"[\x20-\x7e]+", term)
    return "term-" + re.sub(r"[^A-Za-z0-9._]+", "-", term).strip("-") if latin else ""


def linked(text: str, anchors: dict[str, str]) -> str:
    """Return Markdown in which each bold term links to the glossary; what was linked is taken out.

    Examples
    --------
    >>> linked("A **Head** and a **head**.", {"head": "term-head"})
    'A <a class="term" href="../book/glossary.html#term-head">**Head**</a> and a **head**.'
    """

    def link(found: re.Match[str]) -> str:
        place = anchors.pop(found[1].strip(" .,:").lower(), "")
        return (
            f'<a class="term" href="../{GLOSSARY}.html#{place}">{found[0]}</a>'
            if place
            else found[0]
        )

    return BOLD.sub(link, text)


def link_terms(app: Sphinx, document: str, source: list[str]) -> None:
    """Link the terms of a chapter, each once, outside of headings and formulas."""
    if not document.startswith("notebooks/"):
        return
    glossary = (Path(app.srcdir) / f"{GLOSSARY}.md").read_text(encoding="utf-8")
    anchors = {term.lower(): place for term in terms(glossary) if (place := anchor(term))}
    notebook = json.loads(source[0])
    for cell in notebook["cells"][1:]:
        if cell["cell_type"] == "markdown":
            lines = "".join(cell["source"]).split("\n")
            cell["source"] = "\n".join(
                line
                if line.startswith(("#", "**Exercise", "**Blank", "$"))
                else linked(line, anchors)
                for line in lines
            )
    source[0] = json.dumps(notebook)


def letters(app: Sphinx, document: nodes.document, name: str) -> None:
    """Put a row of letters above the glossary, each a link to its first term."""
    glossary = next(iter(document.findall(addnodes.glossary)), None)
    if name != GLOSSARY or glossary is None:
        return
    first: dict[str, str] = {}
    for term in glossary.findall(nodes.term):
        first.setdefault(term.astext()[0].upper(), term["ids"][0])
    latin = {letter: place for letter, place in first.items() if "A" <= letter <= "Z"}
    links = " ".join(f'<a href="#{place}">{letter}</a>' for letter, place in sorted(latin.items()))
    row = nodes.raw("", f'<nav class="letters" aria-label="Letters">{links}</nav>', format="html")
    glossary.parent.insert(glossary.parent.index(glossary), row)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("source-read", link_terms, priority=600)  # after the cells got their tags
    app.connect("doctree-resolved", letters)
    return {"version": "1", "parallel_read_safe": True}
