"""Sphinx extension of the book: the chapters' numbers and anchors, and the repository's name."""

from __future__ import annotations

import os
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
    ('2. Losses', 'Welcome')
    """
    number = int(name[:2])
    return f"{number}. {title}" if number and not title[0].isdigit() else title


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


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("config-inited", use_own_repository)
    app.connect("doctree-read", number_chapter, priority=400)  # before titles are collected
    return {"version": "1", "parallel_read_safe": True}
