"""Readable pixels: what is drawn is what was given."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from bmcourse.plots.figure import figure
from bmcourse.plots.pixels import pixels


def test_numbers_stand_on_their_pixels() -> None:
    made, ax = figure()
    values = np.array([[1, -2], [0, 4]])
    pixels(ax, values, numbers="d", signed=True, label="sums")
    found = {tuple(map(int, text.get_position())): int(text.get_text()) for text in ax.texts}
    assert found == {(j, i): int(v) for (i, j), v in np.ndenumerate(values)}
    assert ax.images[0].get_clim() == (-4, 4)  # white is 0
    assert ax.get_xlabel() == "sums"
    plt.close(made)


def test_the_frame_lies_around_its_window() -> None:
    made, ax = figure()
    pixels(ax, np.zeros((5, 6)), frame=(1, 2, 3, 4))
    (window,) = ax.patches
    assert window.get_bbox().bounds == (1.5, 0.5, 4, 3)
    assert not ax.texts
    assert ax.images[0].get_clim() == (0, 1)
    plt.close(made)
