"""From logits to the next id: temperature, the k likeliest, the likeliest that hold a share p."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


def with_temperature(logits: npt.ArrayLike, temperature: float) -> Array:
    """Return softmax(logits / temperature) along the last axis.

    Parameters
    ----------
    logits : array_like of shape (..., ids)
    temperature : float
        Above 0. Below 1 the likely ids gain, above 1 the unlikely ones.

    Examples
    --------
    >>> with_temperature([0.0, 2.0], 1.0).round(3), with_temperature([0.0, 2.0], 0.5).round(3)
    (array([0.119, 0.881]), array([0.018, 0.982]))
    """
    warmth = checks.number("temperature", temperature, above=0)
    scores = np.asarray(logits, dtype=float) / warmth
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def top_k(probabilities: npt.ArrayLike, k: int) -> Array:
    """Keep the `k` likeliest ids of each row, and divide by their sum; the others get 0.

    Of equals the ids with smaller numbers stay.

    References
    ----------
    Fan, Lewis and Dauphin, "Hierarchical Neural Story Generation", 2018.

    Examples
    --------
    >>> top_k([0.1, 0.5, 0.4], 2).round(3)
    array([0.   , 0.556, 0.444])
    """
    shares = np.asarray(probabilities, dtype=float)
    most = checks.integer("k", k)
    return _kept(shares, np.arange(shares.shape[-1]) < most)


def top_p(probabilities: npt.ArrayLike, p: float) -> Array:
    """Keep the fewest ids of each row that together have at least the share `p`; the rest get 0.

    Also called nucleus sampling. Of equals the ids with smaller numbers stay.

    References
    ----------
    Holtzman and others, "The Curious Case of Neural Text Degeneration", 2020.

    Examples
    --------
    >>> top_p([0.1, 0.5, 0.4], 0.5), top_p([0.1, 0.5, 0.4], 0.8).round(3)
    (array([0., 1., 0.]), array([0.   , 0.556, 0.444]))
    """
    shares = np.asarray(probabilities, dtype=float)
    wanted = checks.number("p", p, above=0)
    if wanted > 1:
        checks.fail("p", "at most 1", p)
    falling = -np.sort(-shares, axis=-1)
    before = np.cumsum(falling, axis=-1) - falling  # the share of all that are likelier
    return _kept(shares, before < wanted)


def draw(probabilities: npt.ArrayLike, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw one id from each row, shape (...,).

    Examples
    --------
    >>> draw([[0.0, 1.0], [1.0, 0.0]], np.random.default_rng(0))
    array([1, 0])
    """
    sums = np.cumsum(np.asarray(probabilities, dtype=float), axis=-1)
    points = rng.random(sums.shape[:-1])[..., np.newaxis] * sums[..., -1:]
    chosen: npt.NDArray[np.int64] = (sums <= points).sum(axis=-1)
    return chosen


def _kept(shares: Array, places: npt.NDArray[np.bool_]) -> Array:
    """Keep those at the given places of the falling order."""
    order = np.argsort(-shares, axis=-1, kind="stable")
    keep = np.zeros(shares.shape, bool)
    np.put_along_axis(keep, order, np.broadcast_to(places, shares.shape), axis=-1)
    cut = np.where(keep, shares, 0.0)
    result: Array = cut / cut.sum(axis=-1, keepdims=True)
    return result
