"""Rows of boxes with arrows: each product is an arrow from the number that is read."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pytest

from bmcourse.plots.figure import COLOURS, figure
from bmcourse.plots.strips import strips

LINKS = [(0, 0, 0), (1, 0, 1), (1, 1, 0), (2, 1, 1)]


def arrows(ax: Any) -> list[Any]:
    return [text for text in ax.texts if text.get_text() == ""]


@pytest.mark.parametrize("down", [False, True])
def test_each_link_is_an_arrow_of_its_weight(down: bool) -> None:
    made, ax = figure()
    strips(ax, [1, 2, 3], [4, 5], LINKS, at=[0.5, 1.5], labels=("x", "z"), down=down)
    drawn = arrows(ax)
    assert len(drawn) == len(LINKS)
    for arrow, (below, above, weight) in zip(drawn, LINKS, strict=True):
        lower, upper = sorted((arrow.xy, arrow.xyann), key=lambda place: float(place[1]))
        assert (lower[0], upper[0]) == (below, [0.5, 1.5][above])
        assert (arrow.xy == lower) is down  # the head
        assert arrow.arrowprops["color"] == COLOURS[weight]
    plt.close(made)


def test_numbers_and_names_stand_where_they_belong() -> None:
    made, ax = figure()
    strips(ax, [1, 2.5, 0], [4, -5], [], at=[0, 2], labels=("x", "z"), weights=["w0", "w1"])
    found = {(text.get_text(), text.get_position()[0]) for text in ax.texts}
    assert {("1", 0), ("2.5", 1), ("0", 2), ("4", 0), ("-5", 2)} <= found
    assert {"x", "z"} <= {name for name, _ in found}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["w0", "w1"]
    plt.close(made)


def test_a_place_for_every_number() -> None:
    made, ax = figure()
    with pytest.raises(ValueError, match="argument"):
        strips(ax, [1, 2, 3], [4, 5], [], at=[0], labels=("x", "z"))
    plt.close(made)
