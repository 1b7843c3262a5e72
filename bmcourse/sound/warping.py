"""Dynamic time warping: how far are two sounds apart if each may be stretched?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks


def warped_distance(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """Return the cheapest cost of walking through two sounds side by side, per frame.

    As in the edit distance, each step moves on by a frame in one sound, in the other, or in
    both. It costs the Euclidean distance of the two frames. Sakoe and Chiba, 1978.

    Parameters
    ----------
    one, other : array_like of shape (frames, d)
        Rows such as cepstra; the numbers of frames may differ.

    Returns
    -------
    float
        Cost of the cheapest way, divided by the sum of both numbers of frames.

    Examples
    --------
    >>> warped_distance([[0.0], [1.0]], [[0.0], [0.0], [1.0]])
    0.0
    """
    a, b = checks.array("one", one, ndim=2), checks.array("other", other, ndim=2)
    b = checks.array("other", b, shape=(None, a.shape[1]))
    apart = np.sqrt(((a[:, np.newaxis] - b[np.newaxis]) ** 2).sum(axis=2))  # (frames, frames)
    above = np.concatenate([[0.0], np.full(len(b), np.inf)])
    for row in apart:
        here = [np.inf]
        ways = np.minimum(above[:-1], above[1:]).tolist()
        for cost, way in zip(row.tolist(), ways, strict=True):
            here.append(cost + min(way, here[-1]))
        above = np.array(here)
    return float(above[-1]) / (len(a) + len(b))
