"""Quick questions that answer at once; they need no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

FOLDER = Path(__file__).parent


class QuickQuestions(anywidget.AnyWidget):
    """A form for each question; the browser judges the answers.

    Parameters
    ----------
    questions : list of dict
        Each with ``question``, ``type`` ("multiple_choice" or "numeric") and ``answers``.

    Attributes
    ----------
    solved : list of int
        Numbers, from 0, of the questions that were answered rightly.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    questions: Any = traitlets.List().tag(sync=True)
    solved: Any = traitlets.List().tag(sync=True)

    def __init__(self, questions: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(questions=questions, **options)

    def __repr__(self) -> str:
        return f"QuickQuestions({len(self.questions)} questions)"
