"""Random over- and undersampling, as indices: no row is changed, made or copied here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.imbalance.inputs import count_two_or_more


def random_oversample(y: npt.ArrayLike, rng: np.random.Generator | int) -> Array:
    """Return indices that repeat the rarer classes until each has as many as the largest.

    Every row stays; the rows that are added are drawn with replacement from their class.

    Parameters
    ----------
    y : array_like of shape (n_samples,)
        Labels of the **training** rows. Split first: copies of one row on both sides of a
        split are leakage.
    rng : numpy.random.Generator or int

    Returns
    -------
    ndarray of int, shape (n_classes * largest,)
        Indices into the training rows, in random order.

    Raises
    ------
    ValueError
        If `y` holds fewer than two classes or no labels.

    Examples
    --------
    >>> rows = random_oversample([0, 0, 0, 1], np.random.default_rng(0))
    >>> np.bincount(np.array([0, 0, 0, 1])[rows])
    array([3, 3])
    """
    classes = count_two_or_more("y", y)
    most, draws = classes.counts.max(), checks.generator("rng", rng)
    more = [draws.choice(rows, most - len(rows)) for rows in classes.rows()]
    return draws.permutation(np.concatenate([np.arange(len(classes.codes)), *more]))


def random_undersample(y: npt.ArrayLike, rng: np.random.Generator | int) -> Array:
    """Return indices that keep, of each class, as many rows as the rarest has.

    The rows kept are drawn without replacement; the others are thrown away.

    Parameters
    ----------
    y : array_like of shape (n_samples,)
        Labels of the **training** rows.
    rng : numpy.random.Generator or int

    Returns
    -------
    ndarray of int, shape (n_classes * smallest,)
        Indices into the training rows, in random order, each at most once.

    Raises
    ------
    ValueError
        If `y` holds fewer than two classes or no labels.

    Examples
    --------
    >>> rows = random_undersample([0, 0, 0, 1], np.random.default_rng(0))
    >>> np.bincount(np.array([0, 0, 0, 1])[rows])
    array([1, 1])
    """
    classes = count_two_or_more("y", y)
    fewest, draws = classes.counts.min(), checks.generator("rng", rng)
    kept = [draws.choice(rows, fewest, replace=False) for rows in classes.rows()]
    return draws.permutation(np.concatenate(kept))
