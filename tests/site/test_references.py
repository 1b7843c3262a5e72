"""Each work that a chapter names, against the bibliography: title, first author, year, address."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

bibliography = pytest.importorskip("pybtex.database", reason="jupyter-book is a dev extra")

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WORK = re.compile(
    r"^- (?P<authors>[^*]*?):\s+"
    r"(?:\[\*(?P<linked>[^*]+)\*\]\((?P<url>[^)]+)\)|\*(?P<plain>[^*]+)\*)(?P<rest>.*)$",
    re.S,
)


def plain(text: str) -> str:
    """Return words alone, small, so that two spellings of a title agree."""
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"[{}\\]", "", text).lower()).strip()


WORKS = {
    plain(entry.fields["title"]): entry
    for entry in bibliography.parse_file(ROOT / "book" / "references.bib").entries.values()
}


def entry_of(title: str) -> Any:
    """Return the work of a title, or of a title's beginning."""
    found = [e for name, e in WORKS.items() if name == plain(title)]
    found += [e for name, e in WORKS.items() if name.startswith(plain(title))]
    assert found, f"{title!r} is not in book/references.bib"
    return found[0]


def address(entry: Any) -> str | None:
    """Return where a work can be read."""
    if "doi" in entry.fields and "url" not in entry.fields:
        return f"https://doi.org/{quote(entry.fields['doi'], safe='/:')}"
    return entry.fields.get("url")


def references(path: Path) -> str:
    """Return the text below the heading of the references."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]) for cell in notebook["cells"]]
    return next(text.split("## References")[1] for text in texts if "## References" in text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_works_are_as_in_the_bibliography(path: Path) -> None:
    lines = re.split(r"(?m)^(?=- )", references(path))[1:]
    works = [match for line in lines if (match := WORK.match(line))]
    assert works
    for work in works:
        entry = entry_of(work["linked"] or work["plain"])
        first = plain("".join(entry.persons["author"][0].last_names))
        assert plain(work["authors"]).replace(" ", "").find(first.replace(" ", "")) >= 0, work[0]
        assert entry.fields["year"] in work["rest"], work[0]
        assert work["url"] == address(entry), work[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_says_how_to_go_deeper(path: Path) -> None:
    """Two or three exact pointers, before the list of works."""
    before = re.split(r"(?m)^- ", references(path))[0]
    assert "**To go deeper**" in before
    assert 2 <= len(re.findall(r"(?m)^\d\. ", before)) <= 3
