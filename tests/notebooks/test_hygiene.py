"""What every notebook must be like, read from its file without running it."""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import bmcourse.nn
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
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")


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


def output_texts(path: Path) -> list[str]:
    """Every text of every output, without markup and pictures."""
    texts = []
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            data = output.get("data", {})
            parts = [output.get("text", ""), data.get("text/plain", ""), data.get("text/html", "")]
            for part in parts:
                text = re.sub(r'src="data:[^"]*"', "", "".join(part))
                texts.append(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S))
    return texts


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
    assert stored_claims(path) == read_list()[slug_of(path)]


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


def prose_numbers(path: Path) -> set[str]:
    """Numbers a reader could quote: no formulas, code, links, headings, years, references."""
    prose = "\n".join(c["source"] for c in cells(path, "markdown")).split("\n## References")[0]
    for left_out in (
        r"\$\$.*?\$\$",
        r"\$[^$]+\$",
        r"```.*?```",
        r"`[^`]+`",
        r"\]\([^)]*\)",
        r"(?m)^#.*$",
        r"(?m)^\*\*(Time|You need):\*\*.*$",
        r"[Cc]hapters? \[?\d+(?:(?:,| and| to) \[?\d+)*",
        r"§[\d.]+",
        r"\b00\d\b",
        r"arXiv:?\s?[\d.]+",
        r"\b(?:19|20)\d\d\b",
        r"<[^>]+>",
        r"Exercise \d+",
    ):
        prose = re.sub(left_out, " ", prose, flags=re.S if "m" not in left_out[:4] else 0)
    return set(NUMBER.findall(prose))


@EVERY
def test_every_prose_number_is_in_an_output(path: Path) -> None:
    assert _unproved(path) == []


def _unproved(path: Path) -> list[str]:
    text = " ".join(output_texts(path))
    computed = {float(n.replace(",", "")) for n in NUMBER.findall(text)}
    scientific = re.findall(r"\d(?:\.\d+)?e[-+]\d+", text)
    computed |= {float(n) for n in scientific}
    return [n for n in sorted(prose_numbers(path)) if not _proved(n, computed)]


def _proved(number: str, computed: set[float]) -> bool:
    digits = number.replace(",", "")
    value = float(digits)
    if "." not in digits and value <= 10:
        return True  # counts in a sentence: "three digits", "2 pixels"
    places = len(digits.split(".")[1]) if "." in digits else 0
    return any(abs(round(c * scale, places) - value) < 1e-9 for c in computed for scale in (1, 100))
