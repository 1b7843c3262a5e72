"""Quick questions of a chapter: read from the file beside its exercises, asked, and noted."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bmcourse import outputs
from bmcourse.learner import record


class Questions:
    """The quick questions of a chapter, in ``questions.json`` of its folder.

    Parameters
    ----------
    package : str
        The ``__file__`` of the chapter's package. Its folder names the chapter.
    """

    def __init__(self, package: str) -> None:
        self.folder = Path(package).parent

    def read(self) -> list[dict[str, Any]]:
        """Read the questions.

        Returns
        -------
        list of dict
            ``question``; ``type``, "multiple_choice" or "numeric"; and ``answers``, each with
            its ``feedback`` and perhaps ``correct``. A choice has its text in ``answer``. A
            number has ``type`` "value" and ``value``, or ``type`` "default" for all others.
            Choices are in an order that gives nothing away, the same each time.
        """
        text = (self.folder / "questions.json").read_text(encoding="utf-8")
        asked: list[dict[str, Any]] = json.loads(text)
        rng = np.random.default_rng(list(self.folder.name.encode()))
        for question in asked:
            if question["type"] == "multiple_choice":
                rng.shuffle(question["answers"])
        return asked

    def names(self) -> list[str]:
        """Names of the questions in the learner's record, such as "losses, question 1"."""
        return [f"{self.folder.name}, question {n}" for n in range(1, len(self.read()) + 1)]

    def ask(self) -> None:
        """Show the questions; they work in JupyterLab and on a static page.

        In JupyterLab, right answers are noted in the learner's own record.
        """
        from IPython.display import display

        from bmcourse.widgets.quick_questions import QuickQuestions

        asked = self.read()
        view = QuickQuestions(asked)
        view.observe(partial(_note, self.names()), names="solved")
        outputs.show(f"{len(asked)} quick questions: choose or type an answer, then press Check.")
        display(view)


def _note(names: list[str], change: dict[str, Any]) -> None:
    for index in change["new"]:
        record.note(names[index])
