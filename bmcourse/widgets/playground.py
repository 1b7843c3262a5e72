"""Move the weights of a small network and watch its decision boundary; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bmcourse.widgets import tiny_network

FOLDER = Path(__file__).parent


class Playground(anywidget.AnyWidget):
    """Nine sliders, the plane of the inputs, and the plane of the hidden units.

    The browser computes what `tiny_network` computes, so the widget also lives on a page
    without a kernel.
    """

    _esm = FOLDER / "playground.js"
    _css = FOLDER / "playground.css"
    names: Any = traitlets.List(list(tiny_network.NAMES)).tag(sync=True)
    tasks: Any = traitlets.Dict(tiny_network.TASKS).tag(sync=True)
    presets: Any = traitlets.Dict(tiny_network.PRESETS).tag(sync=True)

    def __repr__(self) -> str:
        return f"Playground({len(self.names)} parameters)"
