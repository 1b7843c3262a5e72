"""Every letter in a formula of a chapter has its meaning on the page Notation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
GREEK = frozenset(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho "
        "sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell",
    )
)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|begin|end|color)\{[^}]*\}")
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+?)\$", re.S)
COUNTS = re.compile(r"(?<![A-Za-z])(?:TP|TN|FP|FN)(?![A-Za-z])")


def letters(formula: str) -> set[str]:
    """Return the letters of a formula, Greek ones by name; no words, commands or subscripts."""
    bare = COUNTS.sub(" ", WORDS.sub(" ", formula))
    bare = re.sub(r"_\{(?:[a-z]{3,}|in|no)\}", " ", bare)  # a subscript that is a word
    commands = set(re.findall(r"\\([A-Za-z]+)", bare))
    return (commands & GREEK) | set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", bare)))


def in_text(text: str) -> set[str]:
    """Return the letters of all formulas of a text."""
    bare = re.sub(r"```.*?```|`[^`]*`", " ", text, flags=re.S)
    return {x for formula in FORMULA.findall(bare) for x in letters(formula[0] or formula[1])}


def defined() -> dict[str, set[str]]:
    """Return the letters that the page defines, by slug of a chapter; "" where they hold in all."""
    found: dict[str, set[str]] = {}
    page = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
    for line in page.splitlines():
        if line.startswith("| $"):
            slugs = re.findall(r"\d\d_(\w+)\.ipynb", line) or [""]
            for slug in slugs:
                found.setdefault(slug, set()).update(in_text(line.split("|")[1]))
        elif not line.startswith("|"):
            found.setdefault("", set()).update(in_text(line))
    return found


def used(path: Path) -> set[str]:
    """Return the letters in the formulas of a notebook's prose."""
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in every if cell["cell_type"] == "markdown"]
    return {letter for text in texts for letter in in_text(text)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_letter_has_a_meaning(path: Path) -> None:
    slug = path.stem[3:]
    assert sorted(used(path) - defined()[""] - defined().get(slug, set())) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_meaning_is_left_over(path: Path) -> None:
    slug = path.stem[3:]
    assert sorted(defined().get(slug, set()) - used(path)) == []


def test_what_counts_as_a_letter() -> None:
    text = r"a $W_{ji} + \eta\,\text{loss}$, `$no$` and $$n_{train} / TP = \frac{d}{2}$$"
    assert in_text(text) == {"W", "j", "i", "eta", "n", "d"}
