"""Sphinx extension of the book: small pages that need no other host, and no contradicting ARIA."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

# One icon in Font Awesome's script: name:[width,height,[aliases],"code point",path or paths]
ICON = re.compile(
    r'"?([\w-]+)"?:\[\d+,\d+,\[([^\]]*)\],"[0-9a-f]+",(?:"[^"]*"|\[[^\]]*\])\],?', re.ASCII
)

# What assistive programs are told wrongly, or in words that ARIA has given up
CONTRADICTING = (
    ' aria-label="Toggle hidden content"',
    ' role="list"',
    ' role="doc-biblioentry"',
)
# The corner of a table, which heads nothing
EMPTY_HEAD = re.compile(r"<th[^>]*>(?:<p></p>)?</th>")
# A token of code that has the colour of plain code: a name, punctuation, a space
PLAIN_TOKEN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')

# The theme starts to watch boxes that scroll, once the page is loaded
WATCH_BOXES = re.compile(
    r',"complete"===document\.readyState\?(\w)\(\):window\.addEventListener\("load",\1\)'
)

OWN_MODELS = {"AnyModel", "LayoutModel"}


def needless_widget_scripts(stored: str) -> list[str]:
    """Return words that name the scripts for widgets which a page does not need.

    `stored` is the state of the page's widgets. Our own parts draw themselves (`parts.js`);
    widgets of other makers need the widget manager, which is many times as large.

    Examples
    --------
    >>> needless_widget_scripts('<script>{"model_name": "AnyModel"}</script>')
    ['vendor/requirejs', 'html-manager', '/widgets.js']
    >>> needless_widget_scripts('"model_name": "AnyModel", "model_name": "IntSliderModel"')
    ['parts.js']
    """
    models = set(re.findall(r'"model_name": "(\w+)"', stored))
    if models - OWN_MODELS:
        return ["parts.js"]
    manager = ["vendor/requirejs", "html-manager", "/widgets.js"]
    return manager if models else [*manager, "parts.js"]


def clean_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Leave out scripts and tags that the page does not need, and ARIA that contradicts it."""
    body = context.get("body", "")
    unwanted = ["thebe"]  # live code: the theme adds it twice, and the book never uses it
    scripts = context.get("script_files", [])
    stored = " ".join(str(script.attributes.get("body", "")) for script in scripts)
    unwanted += needless_widget_scripts(stored)
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if not any(
            word in f"{script.filename} {script.attributes.get('body', '')}".lower()
            for word in unwanted
        )
    ]
    for script in context["script_files"]:
        # In their order, but the page is read meanwhile. Scripts in the page use the options, and
        # the search page has scripts of its own that use all of them; pages share these objects.
        script.attributes.pop("defer", None)
        named = script.filename and "documentation_options" not in script.filename
        if named and page != "search":
            script.attributes["defer"] = "defer"
    context["css_files"] = [
        sheet for sheet in context.get("css_files", []) if "thebe" not in str(sheet.filename)
    ]
    for fault in CONTRADICTING:
        body = body.replace(fault, "")
    body = EMPTY_HEAD.sub("<td></td>", body)
    context["body"] = PLAIN_TOKEN.sub(r"\1", body)


def copy_anywidget(static: Path) -> None:
    """Serve anywidget's browser side from the book, in the version that is installed."""
    spec = importlib.util.find_spec("anywidget")
    if spec is None or spec.origin is None:
        return
    target = static / "vendor" / "anywidget"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(spec.origin).parent / "nbextension" / "index.js", target)


def keep_used_icons(static: Path) -> None:
    """Cut Font Awesome's script (1.5 MB) down to the icons that the pages name."""
    sources = [*static.parent.rglob("*.html"), *static.glob("scripts/[!f]*.js")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*sources, *static.glob("*.js")])
    used = set(re.findall(r"\bfa-([a-z0-9-]+)", text))

    def keep(match: re.Match[str]) -> str:
        names = {match[1], *re.findall(r'"([\w-]+)"', match[2])}
        return match[0] if names & used else ""

    rewrite(static / "scripts" / "fontawesome.js", lambda script: ICON.sub(keep, script))


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Replace the text of a built file; it must change, or the theme no longer is what it was.

    Raises
    ------
    ExtensionError
        If there was nothing to change.
    """
    before = path.read_text(encoding="utf-8")
    after = change(before)
    if after == before:
        raise ExtensionError(f"nothing to change in {path.name}: see book/_ext/own_host.py")
    path.write_text(after, encoding="utf-8")


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Make the static files of a finished book small, and free of other hosts."""
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    copy_anywidget(static)
    keep_used_icons(static)
    rewrite(
        static / "styles" / "pydata-sphinx-theme.css",
        lambda css: re.sub(r"@font-face\{[^}]*fontawesome[^}]*\}", "", css),
    )
    rewrite(
        static / "scripts" / "pydata-sphinx-theme.js",
        # it lays the whole page out, box after box, to find those that scroll; frames.js does not
        lambda js: WATCH_BOXES.sub("", js),
    )
    rewrite(
        static / "vendor" / "html-manager" / "embed-amd.js",
        # the widgets' icon font, named relative to the page: all pages lie one folder deep
        lambda js: re.sub(r'\w\.p\+"(\w+\.woff2)"', r'"../_static/vendor/html-manager/\1"', js),
    )
    shutil.rmtree(static / "vendor" / "fontawesome")
    for source_map in static.rglob("*.map"):
        source_map.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("html-page-context", clean_page, priority=900)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True}
