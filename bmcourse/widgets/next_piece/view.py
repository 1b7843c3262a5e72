"""Walk through a written text and see each next piece's probability; needs no kernel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets

from bmcourse import checks
from bmcourse.widgets.next_piece import numbers

FOLDER = Path(__file__).parent


class NextPiece(anywidget.AnyWidget):
    """A text that a model wrote, step by step: what could have come next, and what was drawn.

    The reader moves along the text, and changes the temperature and the share p. The browser
    computes what `numbers.shares` computes, so the widget also lives on a page without a kernel.

    Parameters
    ----------
    start : str
        How the text begins.
    pieces : sequence of str
        What each id stands for.
    logits : array_like of shape (steps, pieces)
        The model's at each step.
    drawn : array_like of shape (steps,), int
        The id that came next.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    start: Any = traitlets.Unicode().tag(sync=True)
    pieces: Any = traitlets.List().tag(sync=True)
    packed: Any = traitlets.Unicode().tag(sync=True)
    drawn: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        start: str,
        pieces: Sequence[str],
        logits: npt.ArrayLike,
        drawn: npt.ArrayLike,
        **options: Any,
    ) -> None:
        rows = checks.array("logits", logits, shape=(None, len(pieces)))
        chosen = checks.labels("drawn", np.asarray(drawn), classes=len(pieces))
        if len(chosen) != len(rows):
            checks.fail("drawn", f"one id for each of {len(rows)} steps", len(chosen))
        options |= {"packed": numbers.pack(rows), "drawn": chosen.tolist()}
        super().__init__(start=start, pieces=list(pieces), **options)

    def __repr__(self) -> str:
        return f"NextPiece({len(self.drawn)} steps)"
