"""Decision boundaries: what is drawn is what was given."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from bmcourse.plots import boundaries
from bmcourse.plots.figure import figure


def test_points_of_each_class_have_a_form_of_their_own() -> None:
    made, ax = figure()
    x = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    boundaries.points(ax, x, np.array([1, 0, 1]))
    squares, discs = ax.collections
    assert np.asarray(squares.get_offsets()).tolist() == [[2, 3]]
    assert np.asarray(discs.get_offsets()).tolist() == [[0, 1], [4, 5]]
    assert len(squares.get_paths()[0].vertices) != len(discs.get_paths()[0].vertices)
    plt.close(made)


def test_the_line_stands_where_the_probability_is_one_half() -> None:
    made, ax = figure()
    across, up = np.linspace(0, 1, 21), np.linspace(0, 2, 11)
    probability = np.broadcast_to(across * 0.8, (11, 21))  # one half at 0.625
    boundaries.answers(ax, across, up, probability)
    _, line = ax.collections
    np.testing.assert_allclose(line.get_paths()[0].vertices[:, 0], 0.625)
    assert (*ax.get_xlim(), *ax.get_ylim()) == (0, 1, 0, 2)
    plt.close(made)


def test_no_line_where_the_answer_never_changes() -> None:
    made, ax = figure()
    boundaries.answers(ax, np.arange(3.0), np.arange(3.0), np.full((3, 3), 0.9))
    assert len(ax.collections) == 1  # the colours alone
    plt.close(made)
