"""The picture of a transformer block: its parts from the bottom to the top, two ways past them."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from bmcourse.plots.figure import figure
from bmcourse.plots.transformer_diagram import transformer_block

BEFORE = ["in", "norm", "attention", "+", "norm", "network", "+", "out"]
AFTER = ["in", "attention", "+", "norm", "network", "+", "norm", "out"]


@pytest.mark.parametrize(("norm_first", "expected"), [(True, BEFORE), (False, AFTER)])
def test_parts_stand_in_their_order(norm_first: bool, expected: list[str]) -> None:
    made, ax = figure()
    transformer_block(ax, norm_first)
    named = [text for text in ax.texts if text.get_text()]
    from_below = sorted(named, key=lambda text: text.get_position()[1])
    assert [text.get_text() for text in from_below] == expected
    plt.close(made)


@pytest.mark.parametrize("norm_first", [True, False])
def test_skip_connections_end_at_the_sums(norm_first: bool) -> None:
    made, ax = figure()
    transformer_block(ax, norm_first)
    sums = [text.get_position()[1] for text in ax.texts if text.get_text() == "+"]
    assert [line.get_ydata()[-1] for line in ax.lines] == sums
    starts = [line.get_ydata()[0] for line in ax.lines]
    parts = 3 if norm_first else 2  # norm and attention, or attention alone, and the sum
    assert starts[0] < 1 < sums[0] == parts
    plt.close(made)
