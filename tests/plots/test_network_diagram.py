"""The picture of a network: one disc a unit, one arrow a weight."""

from __future__ import annotations

import matplotlib.pyplot as plt

from bmcourse.plots.figure import figure
from bmcourse.plots.network_diagram import network


def test_units_and_weights_are_counted_right() -> None:
    made, ax = figure()
    network(ax, [["a", "b"], ["c", "d", "e"], ["f"]], ["in", "hidden", "out"])
    texts = [text.get_text() for text in ax.texts]
    assert len(ax.patches) == 6
    assert texts.count("") == 2 * 3 + 3 * 1
    assert sorted(filter(None, texts)) == sorted([*"abcdef", "in", "hidden", "out"])
    plt.close(made)
