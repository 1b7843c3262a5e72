"""Which chapters there are: `course.toml`, and what the first cell of each notebook says."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bmcourse import checks

ROOT = Path(__file__).resolve().parents[2]
MINUTES = "minutes.toml"
NOT_HERE = (
    "the course's notebooks are not beside the package. Get the repository of the course, and in "
    "its folder run: python -m pip install -c constraints.txt -e ."
)


@dataclass(frozen=True)
class Chapter:
    """One chapter, as its line in ``course.toml`` has it.

    Attributes
    ----------
    number : int
    slug : str
        Name of its folder below ``bmcourse/chapters``, such as ``"losses"``.
    part : str
        Title of its part.
    extra : str
        The optional dependencies of ``pyproject.toml`` that some of its cells need; "" if none.
    path : Path
        Its notebook.
    """

    number: int
    slug: str
    part: str
    extra: str
    path: Path

    @property
    def name(self) -> str:
        """The notebook's name without its ending, such as ``"02_losses"``."""
        return self.path.stem

    @cached_property
    def opening(self) -> str:
        """Text of the notebook's first cell."""
        source = json.loads(self.path.read_text(encoding="utf-8"))["cells"][0]["source"]
        return "".join(source)

    @property
    def title(self) -> str:
        """The notebook's title, without the chapter's number."""
        return self.opening.partition("\n")[0].removeprefix("# ")

    @property
    def question(self) -> str:
        """What the chapter asks, in one line."""
        return self._line("Question")

    @property
    def needs(self) -> str:
        """What a reader should know before, in one line."""
        return self._line("You need")

    def _line(self, head: str) -> str:
        found = re.search(rf"(?ms)^\*\*{head}:\*\* *(.+?)\s*(?:\n\n|\Z)", self.opening)
        return " ".join(found[1].split()) if found else ""


def chapters(root: Path = ROOT) -> list[Chapter]:
    """List the chapters of a checkout, in their order.

    Raises
    ------
    FileNotFoundError
        If no ``course.toml`` is there: the package alone has no notebooks.
    ValueError
        If a line is not a number and a slug, or if numbers do not rise.

    Examples
    --------
    >>> [chapter.name for chapter in chapters()][:3]
    ['00_welcome', '01_from_neuron_to_mlp', '02_losses']
    """
    path = root / "course.toml"
    if not path.exists():
        raise FileNotFoundError(NOT_HERE)
    parts = tomllib.loads(path.read_text(encoding="utf-8")).get("part", [])
    found = [_chapter(line, part["title"], root) for part in parts for line in part["chapters"]]
    numbers = [chapter.number for chapter in found]
    if numbers != sorted(set(numbers)):
        checks.fail("the numbers in course.toml", "rising, each once", ", ".join(map(str, numbers)))
    slugs = [chapter.slug for chapter in found]
    if len(set(slugs)) < len(slugs):
        checks.fail("the slugs in course.toml", "each once", ", ".join(slugs))
    return found


def find(wanted: str, root: Path = ROOT) -> Chapter:
    """Find a chapter by its number or the beginning of its name, with or without the number.

    Raises
    ------
    ValueError
        If no chapter, or more than one, begins like this.

    Examples
    --------
    >>> find("3").slug, find("02_lo").number, find("house").number
    ('backprop_by_hand', 2, 12)
    """
    every = chapters(root)
    if wanted.isdecimal():
        matching = [chapter for chapter in every if chapter.number == int(wanted)]
    else:
        names = [(chapter, (chapter.name, chapter.slug)) for chapter in every]
        matching = [c for c, both in names if wanted and any(n.startswith(wanted) for n in both)]
    if len(matching) != 1:
        listed = "".join(f"\n  {chapter.name}" for chapter in every)
        expected = "a number, or the beginning of one name of these"
        checks.fail("chapter", expected, repr(wanted) + listed)
    return matching[0]


def slug_of(path: Path) -> str:
    """Return the name of a notebook without its number.

    Examples
    --------
    >>> slug_of(Path("notebooks/02_losses.ipynb")), slug_of(Path("draft.ipynb"))
    ('losses', 'draft')
    """
    return re.sub(r"^\d\d_", "", path.stem)


def minutes(folder: Path = ROOT / "notebooks") -> dict[str, float]:
    """Read the measured minutes of every notebook in a folder, by slug."""
    path = folder / MINUTES
    if not path.exists():
        return {}
    return dict(tomllib.loads(path.read_text(encoding="utf-8"))["minutes"])


def _chapter(line: Mapping[str, Any], part: str, root: Path) -> Chapter:
    number, slug = line.get("number"), line.get("slug")
    if not isinstance(number, int) or not isinstance(slug, str) or not slug.isidentifier():
        checks.fail("a chapter in course.toml", "a number and a slug", str(dict(line)))
    path = root / "notebooks" / f"{number:02d}_{slug}.ipynb"
    return Chapter(number, slug, part, line.get("extra", ""), path)
