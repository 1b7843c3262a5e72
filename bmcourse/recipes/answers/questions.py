"""Questions to this book, with the passages that answer them, and questions that none answers."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bmcourse import checks
from bmcourse.recipes.answers import book
from bmcourse.recipes.answers.bm25 import stems

FILE = Path(__file__).with_name("questions.toml")
# What nearly every text has: no sign that a question copies its passage.
_COMMON = """
a an and any are as at be but by can do does for from has have how i if in is it its me my
no not of on one or our so than that the their them then there they this to was we were
what when which who why will with would you your s t
"""
COMMON = frozenset(_COMMON.split())


@dataclass(frozen=True)
class Question:
    """A question in English, and in Chinese where it was written in both.

    Attributes
    ----------
    english, chinese : str
        `chinese` is empty where there is none.
    passages : tuple of str
        Names of the passages that answer it; empty where the book does not.
    answer : str
        A right short answer, from these passages.
    kind : str
        ``"own words"``: those of the passage are avoided. ``"terms"``: the book's terms are used.
        ``"outside"``: the book does not answer.
    part : str
        ``"validation"`` or ``"test"``; all questions to one section are in the same part.
    """

    english: str
    passages: tuple[str, ...]
    part: str
    kind: str
    chinese: str = ""
    answer: str = ""


@lru_cache
def questions() -> tuple[Question, ...]:
    """Return all questions, those without an answer in the book last.

    Raises
    ------
    ValueError
        If one names a passage that is not stored.
    """
    with FILE.open("rb") as file:
        rows = tomllib.load(file)["questions"]
    known = {passage.name for passage in book.passages()}
    found = []
    for row in rows:
        if missing := set(row["passages"]) - known:
            checks.fail(FILE.name, "names of stored passages", sorted(missing)[0])
        found.append(Question(**{**row, "passages": tuple(row["passages"])}))
    return tuple(found)


def of(part: str, *, answered: bool) -> list[Question]:
    """Return the questions of a part that the book answers, or those that it does not."""
    checks.one_of("part", part, ("validation", "test"))
    return [q for q in questions() if q.part == part and bool(q.passages) == answered]


def sections(asked: Sequence[Question]) -> list[str]:
    """Return for each answered question the section of its first passage: they share their luck."""
    return [question.passages[0].removesuffix(" begin").removesuffix(" end") for question in asked]


def overlap(question: str, passage: str, common: Collection[str] = COMMON) -> float:
    """Return the share of the question's words (as stems, without common ones) in the passage.

    Examples
    --------
    >>> overlap("Which layer trains fastest?", "A layer was trained.")
    0.6666666666666666
    """
    asked = set(stems(question)) - set(common)
    return len(asked & set(stems(passage))) / max(len(asked), 1)
