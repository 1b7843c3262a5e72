"""Sphinx extension of the book: the chapters' numbers and anchors, and the repository's name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config


def heading_slug(title: str) -> str:
    """Return the anchor that JupyterLab gives a heading, so that links work in both.

    Examples
    --------
    >>> heading_slug("The chain rule, step by step")
    'The-chain-rule,-step-by-step'
    """
    return title.strip().replace(" ", "-")


def numbered(name: str, title: str) -> str:
    """Return a chapter's title with the number that stands in the name of its notebook.

    Examples
    --------
    >>> numbered("02_losses", "Losses"), numbered("00_welcome", "Welcome")
    ('2. Losses', '0. Welcome')
    """
    return title if title[0].isdigit() else f"{int(name[:2])}. {title}"


def number_chapter(app: Sphinx, doctree: nodes.document) -> None:
    """Number the title of a notebook, on its page and wherever it is listed."""
    folder, _, name = app.env.docname.rpartition("/")
    title = next(iter(doctree.findall(nodes.title)), None)
    if folder == "notebooks" and name[:2].isdigit() and title is not None:
        text = title.astext()
        title.insert(0, nodes.Text(numbered(name, text).removesuffix(text)))


def use_own_repository(app: Sphinx, config: Config) -> None:
    """Take the repository for the Binder and Colab badges from GitHub's build environment."""
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if repository:
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        config.html_theme_options["repository_url"] = f"{server}/{repository}"
    else:
        config.html_theme_options.pop("launch_buttons", None)


def own_address(readme: str, address: str) -> str:
    """Return how to open the course, with the repository's address and folder in their places.

    Examples
    --------
    >>> text = "## Open the course\\n(`ADDRESS` it.)\\n\\nget ADDRESS\\ncd FOLDER\\n## The chapters"
    >>> own_address(text, "https://host/someone/course")
    '\\nget https://host/someone/course\\ncd course\\n'
    """
    section = readme.partition("## Open the course")[2].partition("## The chapters")[0]
    section = re.sub(r"\(`ADDRESS`[^)]*\)\n\n?", "", section)
    return section.replace("ADDRESS", address).replace("FOLDER", address.rpartition("/")[2])


def name_own_repository(app: Sphinx, document: str, source: list[str]) -> None:
    """Put the address into the lines that a learner copies, once it is known."""
    address = str(app.config.html_theme_options.get("repository_url", ""))
    if document == "book/run" and address:
        readme = (Path(app.srcdir) / "README.md").read_text(encoding="utf-8")
        before = source[0].partition("```{include}")[0]
        source[0] = before + own_address(readme, address)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("config-inited", use_own_repository)
    app.connect("source-read", name_own_repository)
    app.connect("doctree-read", number_chapter, priority=400)  # before titles are collected
    return {"version": "1", "parallel_read_safe": True}
