"""Intervals for rows that hang together: whole days, or whole patients, are drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bmcourse.checks import Array


def block_bootstrap(
    statistic: Callable[[Array], float],
    blocks: npt.ArrayLike,
    rng: np.random.Generator,
    draws: int = 1000,
) -> tuple[float, float, float]:
    """Return a statistic with the ends of its 95 % interval, drawing whole blocks.

    Parameters
    ----------
    statistic : callable
        Takes row numbers; NaN for a draw that it cannot judge, which is left out.
    blocks : array of shape (n,)
        The block of each row, such as its day or its patient.
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    estimate, low, high : float

    References
    ----------
    Künsch, The Jackknife and the Bootstrap for General Stationary Observations, 1989.
    """
    names, codes = np.unique(np.asarray(blocks), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    found = []
    for _ in range(draws):
        chosen = rng.integers(len(names), size=len(names))
        found.append(statistic(np.concatenate([members[k] for k in chosen])))
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(statistic(order)), float(low), float(high)
