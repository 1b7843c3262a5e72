"""Where the learner stands: what is solved, chapter by chapter, and what to open next."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from bmcourse.exercises import Exercise
from bmcourse.learner import record
from bmcourse.tools.course import ROOT, Chapter, chapters


def report(root: Path = ROOT) -> str:
    """Tell, chapter by chapter, how many exercises and quick questions are solved.

    Raises
    ------
    FileNotFoundError
        If the notebooks are not beside the package.
    """
    every = chapters(root)
    known = record.solved()
    rows = [f"{'chapter':36} {'exercises':>10} {'questions':>10}"]
    for chapter in every:
        counts = [_share(names, known) for names in (exercises(chapter), questions(chapter))]
        rows.append(f"{chapter.name:36} {counts[0]:>10} {counts[1]:>10}")
    following = next_chapter(every)
    todo = f"Next: {following.title}. Open it with: python -m bmcourse open {following.number:02d}"
    return "\n".join([*rows, "", todo, _place()])


def next_chapter(every: Sequence[Chapter]) -> Chapter:
    """Return the first chapter with something left to solve; the last one if nothing is left."""
    known = record.solved()
    unsolved = [c for c in every if not {*exercises(c), *questions(c)} <= known]
    return unsolved[0] if unsolved else every[-1]


def exercises(chapter: Chapter) -> list[str]:
    """Names of the exercises of a chapter, in their order."""
    content = importlib.import_module(f"bmcourse.chapters.{chapter.slug}.exercises")
    return [value.name for value in vars(content).values() if isinstance(value, Exercise)]


def questions(chapter: Chapter) -> list[str]:
    """Names of the quick questions of a chapter in the learner's record."""
    content = importlib.import_module(f"bmcourse.chapters.{chapter.slug}")
    names: list[str] = content.questions.names()
    return names


def _share(names: Sequence[str], known: set[str]) -> str:
    wanted = set(names)
    return f"{len(wanted & known)} of {len(wanted)}"


def _place() -> str:
    try:
        return f"Kept in {record.path()}; delete that file to begin anew."
    except OSError as error:
        return f"Nothing can be kept: {error}."
