"""Watch optimizers walk the same landscape, step by step; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bmcourse.widgets.descent import numbers as landscapes

FOLDER = Path(__file__).parent


class Descent(anywidget.AnyWidget):
    """A player of walks that were computed before: play, pause, step, and a slider.

    Parameters
    ----------
    scenes : list of dict
        From `landscapes.scene`, one for each landscape; all walks equally long.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    scenes: Any = traitlets.List().tag(sync=True)
    size: Any = traitlets.List([landscapes.WIDTH, landscapes.HEIGHT]).tag(sync=True)

    def __init__(self, scenes: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(scenes=scenes, **options)

    def __repr__(self) -> str:
        return f"Descent({len(self.scenes)} landscapes)"
