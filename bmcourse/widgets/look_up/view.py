"""Turn a query and see how much it takes from each word; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy.typing as npt
import traitlets

from bmcourse import checks

FOLDER = Path(__file__).parent


class LookUp(anywidget.AnyWidget):
    """Keys in a plane, a query to turn and to lengthen, and the weight of each word as a bar.

    The browser computes what `numbers.look_up` computes, so the widget also lives on a page
    without a kernel.

    Parameters
    ----------
    words : list of str
    keys : array_like of shape (words, 2)
        Where each word's key stands; entries from -2 to 2 are in the picture.
    values : array_like of shape (words,)
        The number that each word hands out.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    words: Any = traitlets.List().tag(sync=True)
    keys_of_words: Any = traitlets.List().tag(sync=True)
    values: Any = traitlets.List().tag(sync=True)

    def __init__(
        self, words: list[str], keys: npt.ArrayLike, values: npt.ArrayLike, **options: Any
    ) -> None:
        rows = checks.array("keys", keys, shape=(len(words), 2)).astype(float)
        numbers = checks.array("values", values, shape=(len(words),)).astype(float)
        options |= {"keys_of_words": rows.tolist(), "values": numbers.tolist()}
        super().__init__(words=list(words), **options)

    def __repr__(self) -> str:
        return f"LookUp({len(self.words)} words)"
