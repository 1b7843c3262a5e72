"""The book's sources: contents, links, images, bibliography, glossary. No build is needed."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = sorted((ROOT / "book").glob("*.md"))
SOURCES = [*NOTEBOOKS, *PAGES]

FENCE = re.compile(r"(?ms)^(```|~~~).*?^\1")
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.S)
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HREF = re.compile(r"""<a\b[^>]*\bhref=["']([^"']+)""")
HTML_IMAGE = re.compile(r"<img\b[^>]*>")
ALT = re.compile(r"""\balt=(["'])\s*\S""")


def prose(path: Path) -> str:
    """Return the text of a page or a notebook's markdown cells, without code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        parts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        text = "\n\n".join(parts)
    return CODE.sub("", FENCE.sub("", text))


def headings(path: Path) -> set[str]:
    """Return the anchors that JupyterLab gives the headings of a page."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        parts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        text = "\n\n".join(parts)
    titles = re.findall(r"(?m)^#{1,4} +(.+?) *#*$", FENCE.sub("", text))
    return {re.sub(r"[`*_]", "", title).strip().replace(" ", "-") for title in titles}


def broken(path: Path, text: str) -> list[str]:
    """Return what is wrong with the links of a text that stands in `path`."""
    faults = []
    targets = LINK.findall(text) + HREF.findall(text) + [url for _, url in IMAGE.findall(text)]
    for target in targets:
        url = urlsplit(target)
        if url.scheme in {"http", "https"}:
            host = url.hostname or ""
            if url.scheme == "http" or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
                faults.append(f"{target}: not a complete https address")
            continue
        if url.scheme in {"mailto", "data", "attachment"}:
            continue
        file = (path.parent / unquote(url.path)).resolve() if url.path else path
        if not file.exists():
            faults.append(f"{target}: there is no such file")
        elif url.fragment and unquote(url.fragment) not in headings(file):
            faults.append(f"{target}: there is no such heading")
    return faults


def without_alt(text: str) -> list[str]:
    """Return the images of a text that have no alternative text."""
    markdown = [url for alt, url in IMAGE.findall(text) if not alt.strip()]
    return markdown + [tag for tag in HTML_IMAGE.findall(text) if not ALT.search(tag)]


def bibliography() -> dict[str, dict[str, str]]:
    """Return the fields of every BibTeX entry by its key."""
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    entries = {}
    for kind, key, body in re.findall(r"(?ms)^@(\w+)\{(\w+),(.*?)^\}", text):
        fields = dict(re.findall(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}", body))
        assert key not in entries, f"{key} stands twice in references.bib"
        entries[key] = {"kind": kind, **fields}
    return entries


@pytest.fixture(scope="module")
def contents() -> list[str]:
    """Return the files of the book's contents, in order."""
    spec = importlib.util.spec_from_file_location("book_build", ROOT / "book" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    toc = build.contents()
    files = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"], *files]


def test_configuration_follows_the_schema() -> None:
    config = pytest.importorskip("jupyter_book.config", reason="jupyter-book is a dev extra")
    text = (ROOT / "book" / "_config.yml").read_text(encoding="utf-8")
    config.validate_yaml(yaml.safe_load(text), raise_on_errors=True)


def test_every_page_is_in_the_contents_once(contents: list[str]) -> None:
    names = [path.relative_to(ROOT).with_suffix("").as_posix() for path in SOURCES]
    assert Counter(contents) == Counter(names)


def test_notebooks_stand_in_the_order_of_their_numbers(contents: list[str]) -> None:
    listed = [name for name in contents if name.startswith("notebooks/")]
    assert listed == sorted(listed)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    assert broken(path, prose(path)) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_images_in_the_text_have_alternatives(path: Path) -> None:
    assert without_alt(prose(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_images_in_outputs_have_alternatives(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    html = "".join("".join(out.get("data", {}).get("text/html", "")) for out in outputs)
    assert without_alt(html) == []


def test_the_link_checker_sees_faults() -> None:
    page = ROOT / "book" / "intro.md"
    text = (
        "[a](no.md) [b](intro.md#No-such-heading) [c](http://example.org) [d](https://x) ![](e.png)"
    )
    assert len(broken(page, text)) == 5
    assert broken(page, "[a](notation.md#Arrays-and-shapes) [b](https://arxiv.org/abs/1)") == []
    assert without_alt('![](a.png) <img src="b.png"> <img alt="" src="c.png">') != []
    assert without_alt('![words](a.png) <img src="b.png" alt="words">') == []


def test_cited_works_are_in_the_bibliography() -> None:
    cited: set[str] = set()
    for path in SOURCES:
        for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", path.read_text(encoding="utf-8")):
            cited |= {key.strip() for key in keys.split(",")}
    assert cited <= set(bibliography())


@pytest.mark.parametrize("key", sorted(bibliography()))
def test_bibliography_entries_are_complete(key: str) -> None:
    entry = bibliography()[key]
    assert entry.get("author")
    assert entry.get("title")
    assert key.endswith(entry["year"]), "a key is the first author and the year of publication"
    venue = {"article": "journal", "inproceedings": "booktitle", "book": "publisher"}
    assert venue.get(entry["kind"], "year") in entry
    assert re.fullmatch(r"10\.\d{4,9}/\S+", entry.get("doi", "10.1000/x"))
    assert entry.get("url", "https://").startswith("https://")


def test_glossary_terms_are_defined_once() -> None:
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    block = re.search(r"(?ms)^```\{glossary\}\n:sorted:\n(.*?)^```", text)
    assert block is not None
    terms = re.findall(r"(?m)^(\S.*)\n  \S", block[1])
    assert len(terms) > 80
    assert [term for term, count in Counter(map(str.lower, terms)).items() if count > 1] == []
