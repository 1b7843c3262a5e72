"""How long until it happens: Kaplan and Meier's curve, and the hazard, with times cut short."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array


def kaplan_meier(lasted: npt.ArrayLike, ended: npt.ArrayLike) -> tuple[Array, Array]:
    """Return the times of events, and the share that survives beyond each.

    Parameters
    ----------
    lasted : array of shape (n,)
        How long each unit was watched.
    ended : array of shape (n,)
        True where the watch ended with the event, False where it was cut short (censored).

    Notes
    -----
    At each time ``t`` of an event, of the ``r`` units that were watched until ``t`` or longer,
    ``d`` have the event: the survival is multiplied by ``1 - d / r``. A unit that is cut short
    at ``t`` itself still counts among the ``r``.

    References
    ----------
    Kaplan and Meier, Nonparametric estimation from incomplete observations, 1958.

    Examples
    --------
    >>> times, survival = kaplan_meier([1, 2, 2, 4], [True, True, False, True])
    >>> times.tolist(), survival.round(3).tolist()
    ([1.0, 2.0, 4.0], [0.75, 0.5, 0.0])
    """
    lasted, ended = _checked(lasted, ended)
    times, events = np.unique(lasted[ended], return_counts=True)
    at_risk = len(lasted) - np.searchsorted(np.sort(lasted), times, side="left")
    return times, np.cumprod(1 - events / at_risk)


def survival_at(when: npt.ArrayLike, times: Array, survival: Array) -> Array:
    """Read a step curve: the share that survives beyond each of the times asked for."""
    steps = np.concatenate([[1.0], survival])
    return steps[np.searchsorted(times, np.asarray(when, float), side="right")]


def hazard(lasted: npt.ArrayLike, ended: npt.ArrayLike, edges: npt.ArrayLike) -> Array:
    """Return events per unit of time at risk, in each interval between two edges.

    Examples
    --------
    >>> hazard([1, 3], [True, False], [0, 2, 4]).tolist()
    [0.3333333333333333, 0.0]
    """
    lasted, ended = _checked(lasted, ended)
    bounds = np.asarray(edges, float)
    events = np.histogram(lasted[ended], bounds)[0]
    watched = np.clip(lasted[:, None] - bounds[:-1], 0, np.diff(bounds)).sum(axis=0)
    return events / watched


def _checked(lasted: npt.ArrayLike, ended: npt.ArrayLike) -> tuple[Array, Array]:
    times, flags = np.asarray(lasted, float), np.asarray(ended, bool)
    if times.ndim != 1 or times.shape != flags.shape or not len(times):
        raise ValueError(
            f"one time and one flag for each unit, got shapes {times.shape} and {flags.shape}"
        )
    if not (times >= 0).all():
        raise ValueError("lasted must be 0 or more, without NaN")
    return times, flags
