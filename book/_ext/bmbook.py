"""Sphinx extension of the book: Lab's heading anchors, and pages that need no other host."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

# One icon in Font Awesome's script: name:[width,height,[aliases],"code point",path or paths]
ICON = re.compile(
    r'"?([\w-]+)"?:\[\d+,\d+,\[([^\]]*)\],"[0-9a-f]+",(?:"[^"]*"|\[[^\]]*\])\],?', re.ASCII
)


def heading_slug(title: str) -> str:
    """Return the anchor that JupyterLab gives a heading, so that links work in both.

    Examples
    --------
    >>> heading_slug("The chain rule, step by step")
    'The-chain-rule,-step-by-step'
    """
    return title.strip().replace(" ", "-")


def use_own_repository(app: Sphinx, config: Config) -> None:
    """Take the repository for the Binder and Colab badges from GitHub's build environment."""
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if repository:
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        config.html_theme_options["repository_url"] = f"{server}/{repository}"
    else:
        config.html_theme_options.pop("launch_buttons", None)


def copy_anywidget(app: Sphinx) -> None:
    """Serve anywidget's browser side from the book, in the version that is installed."""
    spec = importlib.util.find_spec("anywidget")
    if spec is None or spec.origin is None:
        return
    source = Path(spec.origin).parent / "nbextension" / "index.js"
    target = Path(app.outdir, "_static", "vendor", "anywidget", "index.js")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def keep_used_icons(app: Sphinx) -> None:
    """Cut Font Awesome's script (1.5 MB) down to the icons that the pages name."""
    static = Path(app.outdir, "_static")
    sources = [
        *Path(app.outdir).rglob("*.html"),
        *static.glob("scripts/[!f]*.js"),
        *static.glob("*.js"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r"\bfa-([a-z0-9-]+)", text))
    script = static / "scripts" / "fontawesome.js"

    def keep(match: re.Match[str]) -> str:
        names = {match[1], *re.findall(r'"([\w-]+)"', match[2])}
        return match[0] if names & used else ""

    script.write_text(ICON.sub(keep, script.read_text(encoding="utf-8")), encoding="utf-8")
    for source_map in static.rglob("*.map"):
        source_map.unlink()


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Complete the static files of a book that was built without error."""
    if exception is None and app.builder.format == "html":
        copy_anywidget(app)
        keep_used_icons(app)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("config-inited", use_own_repository)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True}
