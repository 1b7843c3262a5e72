"""Choose a learning rate among those that a script has tried."""

from __future__ import annotations

from collections.abc import Mapping


def best(scores: Mapping[float, float]) -> float:
    """Return the rate with the lowest score; refuse the first and the last of those tried.

    Raises
    ------
    ValueError
        If the best one lies at the edge: a better one may lie beyond it.
    """
    rate = min(scores, key=lambda tried: scores[tried])
    if rate in (min(scores), max(scores)):
        raise ValueError(f"the best rate must lie inside those tried, got {rate} of {dict(scores)}")
    return rate
