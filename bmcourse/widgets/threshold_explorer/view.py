"""Move a threshold over two histograms and watch every metric follow; needs no kernel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy.typing as npt
import traitlets

from bmcourse.widgets.threshold_explorer import numbers as thresholds

FOLDER = Path(__file__).parent


class ThresholdExplorer(anywidget.AnyWidget):
    """A threshold on real scores: confusion matrix, ratios, and a point on both curves.

    The browser computes what `thresholds` computes, so the widget also lives on a page without
    a kernel. A second control repeats the negatives, so that the positives become rare.

    Parameters
    ----------
    problems : sequence of (str, array_like, array_like)
        Name, which samples are positive, and their scores in [0, 1], for each problem.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    # Lists, not dictionaries: a page without a kernel stores those in the order of the alphabet.
    problems: Any = traitlets.List().tag(sync=True)  # [name, positives, negatives] of each

    def __init__(
        self, problems: Sequence[tuple[str, npt.ArrayLike, npt.ArrayLike]], **options: Any
    ) -> None:
        packed = [[name, *thresholds.binned(true, score)] for name, true, score in problems]
        super().__init__(problems=packed, **options)

    def __repr__(self) -> str:
        return f"ThresholdExplorer({len(self.problems)} problems)"
