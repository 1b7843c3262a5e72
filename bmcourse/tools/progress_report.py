"""Tell what the learner has solved, chapter by chapter."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from types import ModuleType

from bmcourse.editions import NOTEBOOKS
from bmcourse.exercises import Exercise
from bmcourse.learner import record


def report() -> str:
    """Tell, chapter by chapter, how many exercises and quick questions are solved."""
    known = record.solved()
    rows = [f"{'chapter':36} {'exercises':>10} {'questions':>10}"]
    for notebook in sorted(file.stem for file in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        chapter = importlib.import_module(f"bmcourse.chapters.{notebook[3:]}")
        counts = _share(exercises(chapter), known), _share(chapter.questions.names(), known)
        rows.append(f"{notebook:36} {counts[0]:>10} {counts[1]:>10}")
    return "\n".join([*rows, "", _place()])


def exercises(chapter: ModuleType) -> list[str]:
    """Names of the exercises of a chapter, in their order."""
    content = importlib.import_module(f"{chapter.__name__}.exercises")
    return [value.name for value in vars(content).values() if isinstance(value, Exercise)]


def _share(names: Iterable[str], known: set[str]) -> str:
    wanted = set(names)
    return f"{len(wanted & known)} of {len(wanted)}"


def _place() -> str:
    try:
        return f"Kept in {record.path()}; delete that file to begin anew."
    except OSError as error:
        return f"Nothing can be kept: {error}."
