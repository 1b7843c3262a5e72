"""Walk from noise to a digit, step by step; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy.typing as npt
import traitlets

from bmcourse import checks
from bmcourse.widgets.noise_walk.numbers import pack

FOLDER = Path(__file__).parent
REACH = 2.0
"""Noisy pixels beyond this are shown as black or white."""


class NoiseWalk(anywidget.AnyWidget):
    """The noisy picture and the guess of the finished one, at each stop of the way.

    Parameters
    ----------
    names : list of str
        One for each walk.
    steps : list of int
        The step of the noise at each stop, from many to 0.
    noisy, guesses : array_like of shape (walks, stops, height, width)
        Square pictures; guesses from -1 to 1.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    names: Any = traitlets.List().tag(sync=True)
    steps: Any = traitlets.List().tag(sync=True)
    noisy: Any = traitlets.List().tag(sync=True)
    guesses: Any = traitlets.List().tag(sync=True)
    side: Any = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        names: list[str],
        steps: list[int],
        noisy: npt.ArrayLike,
        guesses: npt.ArrayLike,
        **options: Any,
    ) -> None:
        shape = (len(names), len(steps), None, None)
        walks = checks.array("noisy", noisy, shape=shape)
        clear = checks.array("guesses", guesses, shape=walks.shape)
        options |= {
            "noisy": [[pack(picture, REACH) for picture in walk] for walk in walks],
            "guesses": [[pack(picture, 1.0) for picture in walk] for walk in clear],
        }
        steps = [int(step) for step in steps]
        super().__init__(names=list(names), steps=steps, side=walks.shape[-1], **options)

    def __repr__(self) -> str:
        return f"NoiseWalk({len(self.names)} walks, {len(self.steps)} stops)"
