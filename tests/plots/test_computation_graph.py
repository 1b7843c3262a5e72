"""The drawn graph holds what it was given, each text on its side of its disc."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.text import Annotation

from bmcourse.plots.computation_graph import graph


def test_discs_arrows_and_texts() -> None:
    figure, ax = plt.subplots()
    places = {"w": (0.0, 0.0), "z": (2.0, 0.0), "L": (4.0, 1.0)}
    edges = {("w", "z"): "3", ("z", "L"): "-1"}
    graph(ax, places, edges, values={"z": "7"}, gradients={"w": "-3"})
    arrows = [t for t in ax.texts if isinstance(t, Annotation)]
    assert [(a.xyann, a.xy) for a in arrows] == [((0, 0), (2, 0)), ((2, 0), (4, 1))]
    found = {t.get_text(): t.get_position() for t in ax.texts if t.get_text()}
    assert set(found) == {"w", "z", "L", "3", "-1", "7", "-3"}
    assert found["3"] == (1, 0)
    assert found["7"][0] == 2
    assert found["7"][1] > 0 > found["-3"][1]
    plt.close(figure)


def test_everything_lies_inside_the_frame() -> None:
    figure, ax = plt.subplots()
    graph(ax, {"a": (0, -3), "b": (9, 4)}, {("a", "b"): "1"}, values={}, gradients={})
    assert ax.get_xlim()[0] < 0
    assert ax.get_xlim()[1] > 9
    assert ax.get_ylim()[0] < -3
    assert ax.get_ylim()[1] > 4
    plt.close(figure)
