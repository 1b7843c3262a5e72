"""What every notebook must be like, read from its file without running it."""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bmcourse.nn
from bmcourse.tools import prose_numbers
from bmcourse.tools.claims_list import read_list, stored_claims
from bmcourse.tools.course import chapters, minutes, slug_of
from bmcourse.tools.references import LINK, MENTION, renumber

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
EVERY = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
SECTIONS = ("Exercises", "Quick questions", "Founder's lens", "Recap", "References")
HEADER = ("**Question:**", "**You will be able to**", "**You need:**", "**Time:**")
MOST_MINUTES = 3.0
MOST_BYTES = 400_000
MOST_LINES = 15
MOST_LINES_WITH_A_FIGURE = 19  # its caption and its alternative text take some
MOST_COLUMNS = 100  # what a page of the book shows at 1366 pixels without scrolling sideways


@cache
def read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == kind]


def tags(cell: dict[str, Any]) -> list[str]:
    return list(cell["metadata"].get("tags", []))


@EVERY
def test_stored_from_one_run_without_errors(path: Path) -> None:
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))
    outputs = [output for cell in cells(path, "code") for output in cell["outputs"]]
    assert not [o for o in outputs if o["output_type"] == "error"]
    assert not [o for o in outputs if o.get("name") == "stderr"]


@EVERY
def test_metadata_and_size(path: Path) -> None:
    metadata = read(path)["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert set(metadata) <= {"kernelspec", "language_info", "widgets"}
    assert path.stat().st_size <= MOST_BYTES
    assert len({cell["id"] for cell in read(path)["cells"]}) == len(read(path)["cells"])


@EVERY
def test_sections(path: Path) -> None:
    first = cells(path, "markdown")[0]["source"]
    assert first.startswith("# ")
    for line in HEADER:
        assert line in first
    promises = re.findall(r"(?m)^- ", first)
    assert 3 <= len(promises) <= 5
    headings = re.findall(r"(?m)^## (.+)$", "\n".join(c["source"] for c in cells(path, "markdown")))
    positions = [next(i for i, h in enumerate(headings) if h.startswith(s)) for s in SECTIONS]
    assert positions == sorted(positions)
    assert cells(path, "code")[0]["source"].startswith("from bmcourse import runtime\n")


@EVERY
def test_numbered_sections_run_without_a_gap(path: Path) -> None:
    """`## 1.`, `## 2.` and so on: a heading that an edit lost leaves a gap."""
    text = "\n".join(cell["source"] for cell in cells(path, "markdown"))
    numbers = [int(number) for number in re.findall(r"(?m)^## (\d+)\.", text)]
    assert numbers == list(range(1, len(numbers) + 1))


@EVERY
def test_exercises_have_hidden_solutions(path: Path) -> None:
    code = cells(path, "code")
    blanks = [i for i, c in enumerate(code) if re.search(r"(?m)^\s*(\w+ = )?\.\.\.$", c["source"])]
    assert len(blanks) >= 2
    for i in blanks:
        solution = code[i + 1]
        assert {"solution", "hide-input"} <= set(tags(solution))
        assert solution["metadata"]["jupyter"]["source_hidden"] is True
        # JupyterLab shows the first line of a folded cell: it must give nothing away.
        assert solution["source"].startswith("def ")
        # By its name the checker knows that this is ours, and not the learner's.
        judged = re.findall(r"\.check\((\w+_solution)\)", solution["source"])
        assert len(judged) == 1
        assert f"def {judged[0]}(" in solution["source"]
        plain = "".join(solution["outputs"][-1]["data"]["text/plain"])
        assert plain.startswith("✓")
        assert plain.endswith(": our solution is right")


@EVERY
def test_cells_are_short(path: Path) -> None:
    for cell in cells(path, "code"):
        lines = [line for line in cell["source"].splitlines() if line.strip()]
        shows = "plots.show(" in cell["source"]
        assert len(lines) <= (MOST_LINES_WITH_A_FIGURE if shows else MOST_LINES), lines[0]
        assert [line for line in lines if len(line) > MOST_COLUMNS] == []


@EVERY
def test_figures_have_alternative_texts(path: Path) -> None:
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            data = output.get("data", {})
            assert "image/png" not in data, "show figures with bmcourse.plots.show"
            for image in re.findall(r"<img [^>]*>", "".join(data.get("text/html", ""))):
                alt = re.search(r'alt="([^"]*)"', image)
                assert alt
                assert len(alt.group(1)) >= 15
    for cell in cells(path, "markdown"):
        assert "![](" not in cell["source"]


@EVERY
def test_little_is_hidden_from_the_comparison(path: Path) -> None:
    hidden = [c["source"] for c in cells(path, "code") if "nbval-ignore-output" in tags(c)]
    assert hidden == []
    assert "NBVAL_" not in "".join(c["source"] for c in cells(path, "code"))


@EVERY
def test_measured_minutes(path: Path) -> None:
    measured = minutes(FOLDER)[slug_of(path)]
    assert f"**Time:** {measured} minutes" in cells(path, "markdown")[0]["source"]
    assert measured <= MOST_MINUTES


@EVERY
def test_no_claim_is_lost_and_no_bound_moved(path: Path) -> None:
    """If it is meant: `python -m bmcourse claims`, and read what it prints."""
    assert stored_claims(path) == read_list("claims")[slug_of(path)]


@EVERY
def test_claims_read_as_sentences(path: Path) -> None:
    """What agrees is named: "A and B agree". No two verbs, no "by is"."""
    for claim in stored_claims(path):
        name, agree, _ = claim.partition(" agree: ")
        assert not agree or re.search(r"\band\b|\bboth\b", name), claim
        assert not re.search(r"\b(is|by|are|has|than) (is|are)\b|\bis$", claim), claim


@EVERY
def test_references_to_chapters_are_links_to_where_they_stand(path: Path) -> None:
    for cell in cells(path, "markdown"):
        text = cell["source"]
        assert renumber(text, chapters()) == text
        words = re.sub(r"(?m)^#.*$|`[^`]*`", "", text)
        for mention in MENTION.finditer(LINK.sub("[linked]", words)):
            raise AssertionError(f"write {mention[0]!r} as a link to the notebook")
        references = text.partition("## References")[2]
        assert not LINK.search(references), "a chapter of another book is not ours: write ch. 9"


def library_lines() -> set[str]:
    """Long lines of the library: several of them in a cell mean that code was pasted."""
    lines = set()
    for module in pkgutil.walk_packages(bmcourse.nn.__path__, "bmcourse.nn."):
        lines |= {
            line.strip() for line in inspect.getsource(import_module(module.name)).split("\n")
        }
    return {line for line in lines if len(line) > 40 and not line.startswith(("#", '"', "from"))}


@EVERY
def test_no_pasted_library_code(path: Path) -> None:
    library = library_lines()
    for cell in cells(path, "code"):
        pasted = [line for line in cell["source"].splitlines() if line.strip() in library]
        assert len(pasted) < 3, pasted


@EVERY
def test_every_prose_number_is_shown_nearby(path: Path) -> None:
    assert prose_numbers.unseen(path) == []


@EVERY
def test_no_number_in_the_prose_changed(path: Path) -> None:
    """If it is meant: `python -m bmcourse claims`, and read what it prints."""
    assert prose_numbers.listed(path) == read_list("numbers")[slug_of(path)]


def test_a_changed_number_is_seen() -> None:
    """One digit of each number is changed: how often does the look-up nearby see it?"""
    rng = np.random.default_rng(0)
    seen = []
    for path in NOTEBOOKS:
        every = read(path)["cells"]
        for number in prose_numbers.in_prose(every):
            changed = replace(number, text=another(number.text, rng))
            if not number.exempt:
                shown = prose_numbers.nearby(every, number.cell)
                seen.append(not changed.exempt and not changed.agrees(shown))
    assert np.mean(seen) >= 0.8  # measured: 0.88 of some 360 numbers above 10 or with a point


def another(text: str, rng: np.random.Generator) -> str:
    """Return a number's text with one digit changed."""
    place = rng.choice([i for i, letter in enumerate(text) if letter.isdigit()])
    others = [d for d in "123456789" if d != text[place]]
    return text[:place] + str(rng.choice(others)) + text[place + 1 :]
