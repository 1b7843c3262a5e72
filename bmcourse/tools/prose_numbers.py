"""Numbers in the prose of a notebook: where they stand, and which outputs nearby show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bmcourse.tools import notebook_file
from bmcourse.tools.notebook_file import Cell

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")
IN_CODE = re.compile(r"(?<![\w.])\d[\d_]*(?:\.\d+)?(?![\w])")
SCIENTIFIC = re.compile(r"(?<![\w.])\d+(?:\.\d+)?e[-+]?\d+")
PER_CENT = re.compile(r"\s?(?:%|per cent|points|(?:in|of|out of)\s+100\b)")
NEARBY = 2  # code cells before a sentence, and as many after it, whose numbers count
EXEMPT = 10  # whole numbers up to here are counts in a sentence: "three digits", "2 pixels"
NO_QUOTES = [  # what is not a number that a reader could quote
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"\$\$.*?\$\$", re.S),
        (r"\$[^$]+\$", re.S),
        (r"```.*?```", re.S),
        (r"`[^`]+`", re.S),
        (r"\[\d+\]\([^)]*\)", re.S),  # the number of a chapter, in a link
        (r"\]\([^)]*\)", re.S),
        (r"^#.*$", re.M),
        (r"^\*\*(?:Time|You need):\*\*.*$", re.M),
        (r"[Cc]hapters? \[?\d+(?:(?:,| and| to) \[?\d+)*", 0),
        (r"[Ss]ections? \d+(?:(?:,| and| to) \d+)*", 0),
        (r"§[\d.]+", 0),
        (r"(?<![\d,.])00\d\b", 0),
        (r"arXiv:?\s?[\d.]+", 0),
        (r"(?<![\d,.])(?:19|20)\d\d(?![\d,.]\d)\b", 0),
        (r"<[^>]+>", re.S),
        (r"Exercise \d+", 0),
        (r"95 % (?:confidence )?intervals?", 0),
        (r"(?:in|of|out of)\s+100\b", 0),
    )
]


@dataclass(frozen=True)
class Number:
    """One number in a sentence: its text, what follows it, and the index of its cell."""

    text: str
    after: str
    cell: int

    @property
    def value(self) -> float:
        """The number itself."""
        return float(self.text.replace(",", ""))

    @property
    def exempt(self) -> bool:
        """Whether it is a small count, which a look-up cannot tell from any other."""
        return "." not in self.text and self.value <= EXEMPT

    def agrees(self, shown: set[float]) -> bool:
        """Say whether a number shown rounds to this one; × 100 only before a per cent sign."""
        places = len(self.text.partition(".")[2])
        scales = (1, 100) if PER_CENT.match(self.after) else (1,)
        candidates = (scale * number for number in shown for scale in scales)
        return any(abs(round(candidate, places) - self.value) < 1e-9 for candidate in candidates)


def in_markdown(text: str) -> Iterator[tuple[str, str]]:
    """Yield each number of a text that a reader could quote, and the text after it."""
    bare = text
    for pattern in NO_QUOTES:
        bare = pattern.sub(lambda match: " " * len(match[0]), bare)
    for match in NUMBER.finditer(bare):
        yield match[0].rstrip(","), text[match.end() :]


def in_prose(cells: list[Cell]) -> list[Number]:
    """Return the numbers of all markdown cells before the references."""
    found = []
    for index, cell in enumerate(cells):
        if cell["cell_type"] == "markdown":
            text = notebook_file.source(cell)
            before = text.split("## References")[0]
            found += [Number(number, after, index) for number, after in in_markdown(before)]
            if before != text:
                break
    return found


def output_texts(cell: Cell) -> list[str]:
    """Return every text of a cell's outputs, without markup and pictures."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        for part in (output.get("text", ""), data.get("text/plain", ""), data.get("text/html", "")):
            text = re.sub(r'src="data:[^"]*"', "", "".join(part))
            texts.append(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S))
    return texts


def in_outputs(cell: Cell) -> set[float]:
    """Return all numbers in a code cell's outputs."""
    text = " ".join(output_texts(cell))
    shown = {float(n.replace(",", "")) for n in NUMBER.findall(text)}
    return shown | {float(n) for n in SCIENTIFIC.findall(text)}


def shown_by(cell: Cell) -> set[float]:
    """Return all numbers in a code cell's outputs and in its code."""
    code = notebook_file.source(cell)
    settings = {float(n.replace("_", "")) for n in IN_CODE.findall(code)}
    return in_outputs(cell) | settings | {float(n) for n in SCIENTIFIC.findall(code)}


def nearby(cells: list[Cell], index: int) -> set[float]:
    """Return the numbers shown around a markdown cell; for promises and recap, by all cells."""
    code = [i for i, cell in enumerate(cells) if cell["cell_type"] == "code"]
    heads = [i for i, c in enumerate(cells) if "## Recap" in notebook_file.source(c)]
    if index >= 2 and not (heads and index >= heads[0]):
        code = [i for i in code if i < index][-NEARBY:] + [i for i in code if i > index][:NEARBY]
    return set().union(*(shown_by(cells[i]) for i in code))


def unseen(path: Path) -> list[str]:
    """Return the numbers of the prose, each with its cell, that are not shown as they must be.

    Code or an output nearby must show a number, and an output somewhere: a number that stands in
    code alone, such as a bound, was not computed.
    """
    cells: list[Cell] = notebook_file.read(path)["cells"]
    computed = set().union(*(in_outputs(cell) for cell in cells))
    return [
        f"{cells[number.cell]['id']}: {number.text}"
        for number in in_prose(cells)
        if not number.exempt
        and not (number.agrees(nearby(cells, number.cell)) and number.agrees(computed))
    ]


def listed(path: Path) -> list[str]:
    """Return the numbers of each cell of prose, small ones, too, in their order."""
    cells: list[Cell] = notebook_file.read(path)["cells"]
    by_cell: dict[int, list[str]] = {}
    for number in in_prose(cells):
        by_cell.setdefault(number.cell, []).append(number.text)
    return [" ".join(texts) for texts in by_cell.values()]
