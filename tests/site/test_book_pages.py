"""The built book: no other host, and no page too heavy. Skipped until the book is built."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

HTML = Path(__file__).resolve().parents[2] / "book" / "_build" / "html"
PAGES = sorted(path for path in HTML.rglob("*.html") if "_static" not in path.parts)
FRONT = HTML / "book" / "intro.html"

# What a browser loads by itself: not the links that a reader may click.
LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data)=["']([^"']+)"""
    r"""|<link\b(?=[^>]*rel=["'](?:stylesheet|icon|shortcut icon|preload)["'])"""
    r"""[^>]*href=["']([^"']+)"""
)
CSS_URL = re.compile(r"""url\(["']?([^"')]+)|@import\s+["']([^"']+)""")


def loaded(page: Path) -> set[str]:
    """Return the addresses that a page loads by itself."""
    found = LOADED.findall(page.read_text(encoding="utf-8"))
    return {first or second for first, second in found}


def is_outside(url: str) -> bool:
    """Say whether an address names another host."""
    return bool(urlsplit(url).netloc)


LAZY = re.compile(r"""<img\b[^>]*\bloading="lazy"[^>]*>""")


def weight(page: Path, *, pictures_below: bool = True) -> int:
    """Return the bytes on the wire of a page and all it loads, compressed as hosts do.

    Without `pictures_below`, the pictures that load when they come into sight do not count.
    """
    files = {page}
    later = set()
    if not pictures_below:
        tags = LAZY.findall(page.read_text(encoding="utf-8"))
        later = {found[1] for tag in tags if (found := re.search(r'src="([^"]+)"', tag))}
    for url in loaded(page) - later:
        if not url.startswith("data:"):
            files.add((page.parent / urlsplit(url).path).resolve())
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in files if path.is_file())


@pytest.fixture(autouse=True)
def _built() -> None:
    if not FRONT.exists():
        pytest.skip("the book is not built: python book/build.py")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_loads_from_its_own_host_alone(page: Path) -> None:
    assert {url for url in loaded(page) if is_outside(url)} == set()


def test_style_sheets_load_from_their_own_host_alone() -> None:
    for sheet in HTML.rglob("*.css"):
        for first, second in CSS_URL.findall(sheet.read_text(encoding="utf-8")):
            assert not is_outside(first or second), sheet.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_is_at_most_1500_kilobytes(page: Path) -> None:
    assert weight(page) <= 1_500_000


def test_front_page_is_at_most_300_kilobytes_before_the_pictures_below() -> None:
    assert weight(FRONT, pictures_below=False) <= 300_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_images_have_alternatives_in_words(page: Path) -> None:
    for tag in re.findall(r"<img\b[^>]*>", page.read_text(encoding="utf-8")):
        alt = re.search(r'\balt="([^"]*)"', tag)
        assert alt is not None, tag[:200]
        assert alt[1].strip(), tag[:200]
        assert not re.search(r"\.(png|svg|jpe?g|webp)$", alt[1]), (
            f"a file name is no text: {alt[1]}"
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_says_what_it_is_about(page: Path) -> None:
    """For search engines and previews; the pages that Sphinx makes by itself are no exception."""
    text = page.read_text(encoding="utf-8")
    assert re.search(r'<meta name="description" content="([^"]{20,220})">', text)
    assert '<meta property="og:title"' in text
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    assert title is not None
    words = title[1].split(" &#8212; ")
    assert len(words) == len(set(words))  # the front page does not say its name twice


def test_chapters_ask_their_question_in_the_description() -> None:
    text = (HTML / "notebooks" / "19_attention.html").read_text(encoding="utf-8")
    assert 'name="description" content="how does one word look up another?"' in text


def test_figures_of_chapters_are_files_that_load_late() -> None:
    text = (HTML / "notebooks" / "10_generalisation.html").read_text(encoding="utf-8")
    images = re.findall(r"<img\b[^>]*>", text)
    figures = [tag for tag in images if "_static/figures/" in tag]
    assert len(figures) >= 10
    assert (
        sum('loading="lazy"' in tag for tag in figures) == len(figures) - 1
    )  # but the opening one
    assert "data:image/webp" not in text


def test_outside_hosts_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<script async src="https://a.example/x.js"></script><a href="https://ok.example">ok</a>'
        '<link href="//b.example/y.css" rel="stylesheet"/><img alt="z" src="z.png"/>',
        encoding="utf-8",
    )
    outside = {url for url in loaded(page) if is_outside(url)}
    assert outside == {"https://a.example/x.js", "//b.example/y.css"}


def test_terms_of_chapters_lead_to_their_place_in_the_glossary() -> None:
    glossary = (HTML / "book" / "glossary.html").read_text(encoding="utf-8")
    places = set(re.findall(r'\bid="(term-[^"]+)"', glossary))
    assert len(places) > 300
    wanted = [
        (page.stem, place)
        for page in (HTML / "notebooks").glob("*.html")
        for place in re.findall(
            r'class="term" href="../book/glossary.html#([^"]+)"', page.read_text()
        )
    ]
    assert len(wanted) > 150
    assert [link for link in wanted if link[1] not in places] == []
    assert len(set(wanted)) == len(wanted)  # each term once a chapter
    letters = re.search(r'<nav class="letters".*?</nav>', glossary, re.S)
    assert letters is not None
    assert set(re.findall(r'href="#([^"]+)"', letters[0])) <= places


def test_half_of_the_chapters_have_a_part_that_answers_without_a_kernel() -> None:
    """Quick questions, which every chapter has, do not count."""
    pages = list((HTML / "notebooks").glob("[0-9]*.html"))
    parts = re.compile(r'"_anywidget_id": "bmcourse\.widgets\.(?!quick_questions)\w+')
    found = [page for page in pages if parts.search(page.read_text(encoding="utf-8"))]
    assert 2 * len(found) >= len(pages)
    assert all("_static/parts.js" in page.read_text(encoding="utf-8") for page in found)
