"""What is known when: a label is there only after its window has passed, and often later."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bmcourse.checks import Array


def known(at: Array, now: float, horizon: float, delay: float = 0.0) -> Array:
    """Return which rows have a label at the time ``now``.

    The label of a decision at ``t`` asks for ``[t, t + horizon)``, and is written down ``delay``
    hours after that.

    Examples
    --------
    >>> known(np.array([0.0, 4.0, 9.0]), now=10.0, horizon=6.0).tolist()
    [True, True, False]
    >>> known(np.array([0.0, 4.0, 9.0]), now=10.0, horizon=6.0, delay=2.0).tolist()
    [True, False, False]
    """
    return at + horizon + delay <= now


def replay(
    model: Callable[[Array, Array], Callable[[Array], Array]],
    x: Array,
    y: Array,
    at: Array,
    *,
    begin: float,
    step: float,
    horizon: float,
    delay: float,
) -> Array:
    """Train again and again as time goes on, and score each row by a model of its own day.

    Parameters
    ----------
    model : callable
        Takes rows and labels, returns a function from rows to scores.
    x, y, at : arrays
        Rows, labels, and the times of the decisions.
    begin, step : float
        First training, and hours between trainings.
    horizon, delay : float
        See `known`. A negative delay of one horizon pretends that the label of each earlier row is
        known at once. A row that is scored is never learned from.

    Returns
    -------
    array of shape (n,)
        Scores; NaN for the rows before ``begin``.
    """
    scores = np.full(len(at), np.nan)
    for now in np.arange(begin, at.max() + 1e-9, step):
        rows = known(at, now, horizon, delay) & (at < now)  # no row is learned from and scored
        today = (at >= now) & (at < now + step)
        if today.any():
            scores[today] = model(x[rows], y[rows])(x[today])
    return scores
