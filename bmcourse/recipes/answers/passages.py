"""Passages of the course's own book: how its sections begin and end, and its glossary."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bmcourse import checks

LEFT_OUT = ("Exercises", "Quick questions", "Recap", "References")
WORDS = 100  # of a passage, at most, without its title


@dataclass(frozen=True)
class Passage:
    """A few sentences and where they stand.

    Attributes
    ----------
    name : str
        Such as ``"14.7 begin"`` (chapter 14, its seventh section), ``"14.7 end"`` or
        ``"glossary recall"``.
    title : str
        Of chapter and section, or the term.
    text : str
    """

    name: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text: what a search reads."""
        return f"{self.title}. {self.text}"


def plain(markdown: str) -> str:
    """Return prose without headings, tables, fences, displayed formulas and the signs of markdown.

    Examples
    --------
    >>> plain("## Title\\n\\nThe **mean** of `x`, see [chapter 3](03.ipynb):\\n\\n$$x + 1$$\\n")
    'The mean of x, see chapter 3:'
    """
    text = re.sub(r"(?s)```.*?```|~~~.*?~~~|\$\$.*?\$\$|<!--.*?-->|<[^>\n]{1,200}>", " ", markdown)
    lines = (line for line in text.splitlines() if not re.match(r"\s*(#|\||:::|>|!\[)", line))
    text = " ".join(lines)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\\(?:mathrm|text|boldsymbol|mathbf|hat|bar|tilde|operatorname)\b", "", text)
    text = re.sub(r"[*`$\\{}]", "", text)
    return re.sub(r"\s+", " ", text).strip()


def sentences(text: str) -> list[str]:
    """Return a text's sentences: cut behind a full stop, ? or ! and before a capital.

    Examples
    --------
    >>> sentences("It is 0.5. Is it? Yes: e.g. here.")
    ['It is 0.5.', 'Is it?', 'Yes: e.g. here.']
    """
    return [part for part in re.split(r"(?<=[.?!])\s+(?=[A-Z(])", text) if part]


def ends(text: str, words: int = WORDS) -> tuple[str, str]:
    """Return how a text begins and how it ends: whole sentences, about `words` words at most.

    The second is empty where the first holds everything. They share no sentence. A first sentence
    that is longer than `words` is taken whole.

    Examples
    --------
    >>> ends("One two. Three four. Five six. Seven.", 3)
    ('One two.', 'Five six. Seven.')
    """
    checks.integer("words", words)
    parts = sentences(text)
    begin = _taken(parts, words)
    end = _taken(list(reversed(parts[begin:])), words)
    return " ".join(parts[:begin]), " ".join(parts[len(parts) - end :])


def _taken(parts: Sequence[str], words: int) -> int:
    taken, length = 0, 0
    for part in parts:
        length += len(part.split())
        if taken and length > words:
            break
        taken += 1
    return taken


def of_chapter(number: int, notebook: Mapping[str, Any]) -> Iterator[Passage]:
    """Yield the passages of a notebook, read from JSON: two a section, if it is long enough."""
    cells = ("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")
    parts = re.split(r"(?m)^(?=##? )", "\n\n".join(cells))
    found = {}
    for part in parts:
        heading = re.match(r"(##?) (.*)", part)
        if heading and heading[1] == "#":
            chapter = plain(heading[2])
        elif heading and heading[2] not in LEFT_OUT:
            found[re.sub(r"^\d+\. ", "", plain(heading[2]))] = plain(part)
    for place, (section, text) in enumerate(found.items(), 1):
        for which, said in zip(("begin", "end"), ends(text), strict=True):
            if len(said.split()) >= 15:
                yield Passage(f"{number:02}.{place} {which}", f"{chapter}: {section}", said)


def of_glossary(markdown: str) -> Iterator[Passage]:
    """Yield a passage for each term: an unindented line, then lines that are indented."""
    body = markdown.split(":sorted:", 1)[-1].split("```", 1)[0]
    for block in re.split(r"\n(?=\S)", body):
        term, _, text = block.strip().partition("\n")
        if text.strip():
            yield Passage(f"glossary {plain(term)}", plain(term), plain(text))


def digest(passages: Iterable[Passage]) -> str:
    """Return the SHA-256 of all names, titles and texts, in their order."""
    rows = [asdict(passage) for passage in passages]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
