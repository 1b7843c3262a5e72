"""Splits as indices: the same share of each class on both sides, or whole groups only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.imbalance.inputs import count_classes


def stratified_split(
    y: npt.ArrayLike, test_size: float, rng: np.random.Generator | int
) -> tuple[Array, Array]:
    """Split the rows at random so that each class keeps its share on both sides.

    Of a class with n_c rows, n_c times `test_size` go to the test side, rounded to the
    nearest whole number, but at least 1, and at least 1 stays. The twin of scikit-learn's
    ``train_test_split(stratify=y)``.

    Parameters
    ----------
    y : array_like of shape (n_samples,)
        Labels, whole numbers or strings.
    test_size : float
        Share of the rows for the test side, in (0, 1).
    rng : numpy.random.Generator or int

    Returns
    -------
    train, test : ndarrays of int
        Indices, in random order; together every row once.

    Raises
    ------
    ValueError
        If a class has a single row: it cannot stand on both sides.

    Examples
    --------
    >>> y = np.array([0] * 8 + [1] * 4)
    >>> train, test = stratified_split(y, 0.25, np.random.default_rng(0))
    >>> np.bincount(y[train]), np.bincount(y[test])
    (array([6, 3]), array([2, 1]))
    """
    share = checks.number("test_size", test_size, above=0, below=1)
    draws = checks.generator("rng", rng)
    classes = count_classes("y", y)
    if classes.counts.min() < 2:
        single = classes.names[classes.counts.argmin()]
        checks.fail("y", "labels with at least 2 rows of each class", f"1 row of class {single}")
    n_test = np.clip(np.rint(classes.counts * share).astype(int), 1, classes.counts - 1)
    shuffled = [draws.permutation(rows) for rows in classes.rows()]
    test = np.concatenate([rows[:n] for rows, n in zip(shuffled, n_test, strict=True)])
    train = np.concatenate([rows[n:] for rows, n in zip(shuffled, n_test, strict=True)])
    return draws.permutation(train), draws.permutation(test)


def grouped_split(
    groups: npt.ArrayLike, test_size: float, rng: np.random.Generator | int
) -> tuple[Array, Array]:
    """Split the rows at random so that no group stands on both sides.

    A group is what must stay together: the visits of one patient, the copies of one row,
    an image and its rotations. The groups are put in random order; from the front, as many
    go to the test side as bring its rows closest to the share asked for, at least one.
    The twin of scikit-learn's ``GroupShuffleSplit``, which counts groups, not rows.

    Parameters
    ----------
    groups : array_like of shape (n_samples,)
        The group of each row, whole numbers or strings.
    test_size : float
        Share of the rows for the test side, in (0, 1).
    rng : numpy.random.Generator or int

    Returns
    -------
    train, test : ndarrays of int
        Indices, in random order; together every row once.

    Raises
    ------
    ValueError
        If there is a single group.

    Examples
    --------
    >>> train, test = grouped_split([7, 7, 8, 8], 0.5, np.random.default_rng(0))
    >>> sorted(train.tolist()) in ([0, 1], [2, 3])
    True
    """
    share = checks.number("test_size", test_size, above=0, below=1)
    draws = checks.generator("rng", rng)
    found = count_classes("groups", groups)
    if len(found.names) < 2:
        checks.fail("groups", "at least two groups", f"only {found.names[0]}")
    order = draws.permutation(len(found.names))
    rows_so_far = np.cumsum(found.counts[order])[:-1]  # one group at least stays
    n_groups = int(np.argmin(np.abs(rows_so_far - share * len(found.codes)))) + 1
    in_test = np.isin(found.codes, order[:n_groups])
    return draws.permutation(np.flatnonzero(~in_test)), draws.permutation(np.flatnonzero(in_test))
