"""From scores to alarms, and from alarms to events caught, missed, and visits for nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array


@dataclass(frozen=True)
class Judged:
    """Alarms and events, matched.

    Attributes
    ----------
    right : array of bool, one for each alarm
        Does an event begin within the horizon after it?
    lead : array of float, one for each event
        Hours from the first alarm that announced it to its start; NaN where none did.
    """

    right: Array
    lead: Array

    @property
    def caught(self) -> Array:
        """Which events were announced."""
        return ~np.isnan(self.lead)

    @property
    def precision(self) -> float:
        """Share of the alarms that announced an event; NaN without alarms."""
        return float(self.right.mean()) if len(self.right) else float("nan")

    @property
    def recall(self) -> float:
        """Share of the events that were announced; NaN without events."""
        return float(self.caught.mean()) if len(self.lead) else float("nan")


def raise_alarms(score: Array, threshold: float, at: Array, rest: float) -> Array:
    """Return when alarms are raised: at scores of at least the threshold, then silence.

    Parameters
    ----------
    score, at : array of shape (n,)
        Scores and times of the decisions, in the order of time.
    threshold : float
    rest : float
        After an alarm no other is raised for so many hours: one visit serves them all.

    Examples
    --------
    >>> raise_alarms(np.array([.9, .9, .1, .9]), 0.5, np.array([0., 1., 2., 3.]), rest=2).tolist()
    [0.0, 3.0]
    """
    raised: list[float] = []
    for now in at[score >= threshold]:
        if not raised or now - raised[-1] >= rest:
            raised.append(float(now))
    return np.array(raised)


def judge(
    alarms: npt.ArrayLike, starts: npt.ArrayLike, horizon: float, least: float = 0.0
) -> Judged:
    """Match alarms with the events that begin ``least`` to ``horizon`` hours after them.

    One alarm can announce several events, and several alarms one event.

    Examples
    --------
    >>> found = judge([1.0, 5.0, 20.0], [6.0, 30.0], horizon=6)
    >>> found.right.tolist(), found.lead.tolist()
    ([True, True, False], [5.0, nan])
    """
    raised, begun = np.sort(np.asarray(alarms, float)), np.sort(np.asarray(starts, float))
    gap = begun[None, :] - raised[:, None]  # (alarms, events)
    fits = (gap >= least) & (gap < horizon)
    lead = np.full(len(begun), np.nan)
    for event in np.flatnonzero(fits.any(axis=0)):
        lead[event] = gap[fits[:, event], event].max()
    return Judged(fits.any(axis=1), lead)


def saved(found: Judged, visit: float, saving: float) -> float:
    """Return the money that the alarms save, against no alarms at all.

    Each alarm costs a visit; each event that was announced saves ``saving``.
    """
    return float(saving * found.caught.sum() - visit * len(found.right))
