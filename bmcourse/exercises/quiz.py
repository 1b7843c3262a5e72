"""Quick questions of a chapter; they lie in `questions/`, one file a chapter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bmcourse import outputs
from bmcourse.exercises import progress

QUESTIONS = Path(__file__).parent / "questions"


def chapters() -> list[str]:
    """List the chapters that have questions."""
    return sorted(path.stem for path in QUESTIONS.glob("*.json"))


def questions(chapter: str) -> list[dict[str, Any]]:
    """Load the questions of a chapter.

    Returns
    -------
    list of dict
        ``question``; ``type``, "multiple_choice" or "numeric"; and ``answers``, each with its
        ``feedback`` and perhaps ``correct``. A choice has its text in ``answer``. A number has
        ``type`` "value" and ``value``, or ``type`` "default" for all others. Choices are in an
        order that gives nothing away, the same each time.

    Raises
    ------
    ValueError
        If the chapter has no questions.
    """
    if chapter not in chapters():
        raise ValueError(f"chapter must be one of {', '.join(chapters())}, got {chapter!r}")
    loaded: list[dict[str, Any]] = json.loads(
        (QUESTIONS / f"{chapter}.json").read_text(encoding="utf-8")
    )
    rng = np.random.default_rng(list(chapter.encode()))
    for question in loaded:
        if question["type"] == "multiple_choice":
            rng.shuffle(question["answers"])
    return loaded


def ask(chapter: str) -> None:
    """Show the questions of a chapter; they work in JupyterLab and on a static page.

    In JupyterLab, right answers are noted in the learner's own record (see `progress`).
    """
    from IPython.display import display

    from bmcourse.widgets.quick_questions import QuickQuestions

    asked = questions(chapter)
    view = QuickQuestions(asked)
    view.observe(lambda change: _note(chapter, change["new"]), names="solved")
    outputs.show(f"{len(asked)} quick questions: choose or type an answer, then press Check.")
    display(view)


def _note(chapter: str, solved: list[int]) -> None:
    for index in solved:
        progress.record(progress.question(chapter, index))
