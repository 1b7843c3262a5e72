"""Move the weights of a small network and watch its decision boundary; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bmcourse.widgets.playground import numbers as tiny_network

FOLDER = Path(__file__).parent


class Playground(anywidget.AnyWidget):
    """Nine sliders, the plane of the inputs, and the plane of the hidden units.

    The browser computes what `tiny_network` computes, so the widget also lives on a page
    without a kernel.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    names: Any = traitlets.List(list(tiny_network.NAMES)).tag(sync=True)
    # Pairs, not dictionaries: a page without a kernel stores those in the order of the alphabet.
    tasks: Any = traitlets.List([list(pair) for pair in tiny_network.TASKS.items()]).tag(sync=True)
    presets: Any = traitlets.List([list(pair) for pair in tiny_network.PRESETS.items()]).tag(
        sync=True
    )

    def __repr__(self) -> str:
        return f"Playground({len(self.names)} parameters)"
