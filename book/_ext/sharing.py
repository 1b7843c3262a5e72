"""Sphinx extension of the book: what search engines and messengers read of a page."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from front import MARKDOWN
from sphinx.application import Sphinx
from sphinx.config import Config

from bmcourse import __version__
from bmcourse.tools.course import chapters

LENGTH = 200
DEFAULT = "A course in notebooks on what is inside large models: every claim is executed."


def site() -> str:
    """Return the address of the published book, with a slash at its end; "" if not known.

    GitHub's build environment names the repository, and with it the address of its pages.
    """
    if chosen := os.environ.get("BMCOURSE_SITE", ""):
        return chosen.rstrip("/") + "/"
    owner, _, name = os.environ.get("GITHUB_REPOSITORY", "").partition("/")
    return f"https://{owner.lower()}.github.io/{name}/" if name else ""


def know_the_site(app: Sphinx, config: Config) -> None:
    """Give Sphinx the address, so that each page names its own."""
    config.html_baseurl = site()


def shortened(text: str, length: int = LENGTH) -> str:
    """Return a text of at most `length` characters, cut between words.

    Examples
    --------
    >>> shortened("one two three", 9)
    'one two …'
    """
    plain = " ".join(text.split())
    if len(plain) <= length:
        return plain
    return plain[: length - 1].rpartition(" ")[0] + " …"


def described(document: nodes.document | None, question: str) -> str:
    """Return a chapter's question, or the first paragraph of another page."""
    if question:
        return shortened(MARKDOWN.sub("", question))
    first = next(iter(document.findall(nodes.paragraph)), None) if document is not None else None
    return shortened(first.astext()) if first is not None else DEFAULT


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None
) -> None:
    """Put title, description and preview picture into the head of a page."""
    questions = {f"notebooks/{c.name}": c.question for c in chapters(Path(app.srcdir))}
    title = re.sub(r"<[^>]+>", "", str(context.get("title", ""))) or str(app.config.html_title)
    facts = {
        "og:title": html.unescape(title),
        "og:type": "article" if page in questions else "website",
        "og:site_name": str(app.config.html_title),
    }
    description = described(document, questions.get(page, ""))
    if site():
        facts["og:url"] = f"{site()}{page}.html"
        number = page.rpartition("/")[2][:2] if page in questions else "00"
        facts["og:image"] = f"{site()}_static/front/{number}.webp"
    lines = [f'<meta name="description" content="{html.escape(description)}">']
    lines.append(f'<meta property="og:description" content="{html.escape(description)}">')
    lines += [f'<meta property="{key}" content="{html.escape(v)}">' for key, v in facts.items()]
    context["metatags"] = context.get("metatags", "") + "\n".join(lines)


def lead_to_colab(
    app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None
) -> None:
    """Lead Colab's badge to the branch of copies that install the course (`bmcourse colab`)."""
    branch = str(app.config.html_theme_options.get("repository_branch", "main"))
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []) if isinstance(group, dict) else []:
            if "colab" in button.get("url", ""):
                button["url"] = button["url"].replace(f"/blob/{branch}/", "/blob/colab/")


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """Write `sitemap.xml` and `robots.txt`, if the address of the book is known."""
    if exception is not None or app.builder.format != "html" or not site():
        return
    places = [f"{site()}{page}.html" for page in sorted(app.env.found_docs)]
    urls = "".join(f"<url><loc>{html.escape(place)}</loc></url>\n" for place in places)
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    sitemap = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>\n{urls}</urlset>\n'
    Path(app.outdir, "sitemap.xml").write_text(sitemap, encoding="utf-8")
    robots = f"User-agent: *\nAllow: /\nSitemap: {site()}sitemap.xml\n"
    Path(app.outdir, "robots.txt").write_text(robots, encoding="utf-8")


def root_page(front: str, place: str) -> str:
    """Return the page of the site's own address: it says what the front page says, and leads there.

    Whoever shares the site shares this address; messengers do not follow to the front page.
    """
    told = r'<title>.*?</title>|<meta (?:name="description"|property="og:)[^>]*>'
    head = "\n".join(re.findall(told + r'|<link rel="canonical"[^>]*>', front, re.DOTALL))
    name = re.search(r"<title>(.*?)</title>", front, re.DOTALL)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Refresh" content="0; url={place}">\n'
        f'<link rel="icon" href="_static/favicon.svg">\n{head}\n</head>\n'
        f'<body><h1><a href="{place}">{name[1] if name else place}</a></h1></body>\n</html>\n'
    )


def write_root(app: Sphinx, exception: Exception | None) -> None:
    """Write `index.html`."""
    if exception is None and app.builder.format == "html":
        place = f"{app.config.root_doc}.html"
        front = Path(app.outdir, place).read_text(encoding="utf-8")
        Path(app.outdir, "index.html").write_text(root_page(front, place), encoding="utf-8")


def say_the_version(app: Sphinx, config: Config) -> None:
    """Show the version of the course at the foot of each page."""
    config.html_theme_options["extra_footer"] = f"<p>Version {__version__}</p>"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("config-inited", know_the_site)
    app.connect("config-inited", say_the_version)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", lead_to_colab, priority=900)  # after the theme's badges
    app.connect("build-finished", write_sitemap)
    app.connect("build-finished", write_root)
    return {"version": "1", "parallel_read_safe": True}
