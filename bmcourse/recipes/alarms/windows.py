"""Windows over a log of events: what was known at each decision, and what came after it.

A decision at time ``t`` may use events *before* ``t`` only. Its label asks for the time from
``t`` on: an event in ``[t, t + horizon)``. The two windows touch and do not overlap.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array


def episodes(times: npt.ArrayLike, quiet: float) -> Array:
    """Return the starts of episodes: events with no event in the ``quiet`` hours before.

    Examples
    --------
    >>> episodes([1.0, 1.1, 7.0], quiet=4).tolist()
    [1.0, 7.0]
    """
    ordered = np.sort(np.asarray(times, float))
    return ordered[np.diff(ordered, prepend=-np.inf) > quiet]


def count(times: npt.ArrayLike, at: npt.ArrayLike, width: float, ahead: float = 0.0) -> Array:
    """Count the events in the ``width`` hours before each decision.

    Parameters
    ----------
    times : array
        Times of the events.
    at : array of shape (n,)
        Times of the decisions.
    width : float
        How far the window looks back. An event at the time of the decision itself is not counted.
    ahead : float
        How far it looks *ahead*. More than 0 is a leak; it is here to be measured.

    Examples
    --------
    >>> count([1.0, 2.0, 3.0], at=[3.0, 4.0], width=1.5).tolist()
    [1, 1]
    """
    ordered, now = np.sort(np.asarray(times, float)), np.asarray(at, float)
    return np.searchsorted(ordered, now + ahead) - np.searchsorted(ordered, now - width)


def since(times: npt.ArrayLike, at: npt.ArrayLike, otherwise: float) -> Array:
    """Return the hours since the last event before each decision, at most ``otherwise``."""
    ordered, now = np.sort(np.asarray(times, float)), np.asarray(at, float)
    last = np.concatenate([[-np.inf], ordered])[np.searchsorted(ordered, now)]
    return np.minimum(now - last, otherwise)


def until(starts: npt.ArrayLike, at: npt.ArrayLike) -> Array:
    """Return the hours until the next start, from the decision on; infinite if there is none."""
    ordered, now = np.sort(np.asarray(starts, float)), np.asarray(at, float)
    return np.concatenate([ordered, [np.inf]])[np.searchsorted(ordered, now)] - now


def begins_within(starts: npt.ArrayLike, at: npt.ArrayLike, horizon: float) -> Array:
    """Return the labels: does an episode begin in ``[t, t + horizon)``?"""
    return until(starts, at) < horizon
