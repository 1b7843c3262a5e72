"""Put prices on a classifier's decisions and see what a year brings; needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets

from bmcourse import checks
from bmcourse.widgets.planner import numbers as planning

FOLDER = Path(__file__).parent
Scored = tuple[npt.ArrayLike, npt.ArrayLike]


class Planner(anywidget.AnyWidget):
    """Expected profit against the threshold, with the best one, its year and its interval.

    The threshold is chosen on validation data and judged on test data. The browser
    computes what `planning` computes, so the widget also lives on a page without a kernel.

    Parameters
    ----------
    thresholds : array_like of shape (n_thresholds,)
        To choose from, rising.
    validation, test : pair of array_like of shape (n_samples,)
        Classes 0 and 1, and the model's scores.
    situation : Situation
        The prices to begin with.
    unit : str
        Sign of the money.
    """

    _esm = FOLDER / "view.js"
    _css = FOLDER / "view.css"
    thresholds: Any = traitlets.List().tag(sync=True)
    # Pairs: true positive rate, false positive rate.
    validation: Any = traitlets.List().tag(sync=True)
    test: Any = traitlets.List().tag(sync=True)
    positives: Any = traitlets.Int().tag(sync=True)
    negatives: Any = traitlets.Int().tag(sync=True)
    # Pairs, not a dictionary: a page without a kernel stores those in the order of the alphabet.
    situation: Any = traitlets.List().tag(sync=True)
    unit: Any = traitlets.Unicode("$").tag(sync=True)

    def __init__(
        self,
        thresholds: npt.ArrayLike,
        *,
        validation: Scored,
        test: Scored,
        situation: planning.Situation,
        **options: Any,
    ) -> None:
        levels = checks.array("thresholds", thresholds, ndim=1)
        if len(levels) < 2 or not np.all(np.diff(levels) > 0):
            checks.fail("thresholds", "at least two numbers that rise", f"{len(levels)} numbers")
        truth = np.asarray(test[0])
        super().__init__(
            thresholds=levels.tolist(),
            validation=planning.rates_at(*validation, levels).round(6).tolist(),
            test=planning.rates_at(*test, levels).round(6).tolist(),
            positives=int(np.sum(truth == 1)),
            negatives=int(np.sum(truth == 0)),
            situation=[[n, float(v)] for n, v in planning.checked(situation)._asdict().items()],
            **options,
        )

    def __repr__(self) -> str:
        return f"Planner({len(self.thresholds)} thresholds)"
