"""SMOTE: new minority rows on the straight lines between neighbouring minority rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from bmcourse import checks
from bmcourse.checks import Array
from bmcourse.imbalance.inputs import Classes, count_two_or_more

ROWS_AT_ONCE = 256  # of the distance matrix, to bound its memory


def smote(
    X: npt.ArrayLike, y: npt.ArrayLike, rng: np.random.Generator | int, k_neighbors: int = 5
) -> tuple[Array, Array]:
    """Return new rows that bring every class up to the size of the largest one.

    A new row is x + u (x' - x): x a random row of the class, x' a random one of its
    k nearest neighbours of the same class (Euclidean), u uniform in [0, 1). Only the
    **new** rows are returned; append them to the training rows. Chawla, Bowyer, Hall and
    Kegelmeyer, "SMOTE: Synthetic Minority Over-sampling Technique", 2002.

    Put the features on one scale first: distances decide. Steps between classes of a
    feature (a code for a word) have no meaning half-way; plain SMOTE is for numbers.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        The **training** rows. Split first: a row made from a test row is leakage.
    y : array_like of shape (n_samples,)
    rng : numpy.random.Generator or int
    k_neighbors : int
        How many neighbours to draw from. It is never lowered silently: a class that needs
        rows must have more than `k_neighbors` of them.

    Returns
    -------
    X_new : ndarray of shape (n_new, n_features)
        Of the float type of `X`; float64 for whole numbers.
    y_new : ndarray of shape (n_new,)

    Raises
    ------
    ValueError
        If lengths differ, a value or a distance is not finite, there is one class only, a
        class that needs rows has a single row, or has no more rows than `k_neighbors`.

    Examples
    --------
    >>> X_new, y_new = smote([[0.], [1.], [9.], [5.], [7.]], [1, 1, 0, 0, 0],
    ...                      np.random.default_rng(0), k_neighbors=1)
    >>> y_new, bool(0 <= X_new[0, 0] < 1)
    (array([1]), True)
    """
    rows = checks.array("X", X, ndim=2)
    rows = rows if rows.dtype.kind == "f" else rows.astype(np.float64)
    k = checks.integer("k_neighbors", k_neighbors)
    classes = count_two_or_more("y", y)
    checks.same_length(X=rows, y=classes.codes)
    draws = checks.generator("rng", rng)
    missing = classes.counts.max() - classes.counts
    _check_sizes(classes, missing, k)
    made = [
        _interpolate(rows[members], int(number), k, draws)
        for members, number in zip(classes.rows(), missing, strict=True)
        if number > 0
    ]
    new = np.concatenate(made) if made else rows[:0]
    if not np.isfinite(new).all():
        checks.fail("X", f"rows whose differences fit {rows.dtype}", "a difference of infinity")
    return new, np.repeat(classes.names, missing)


def _check_sizes(classes: Classes, missing: Array, k: int) -> None:
    needy = missing > 0
    for name, count in zip(classes.names[needy], classes.counts[needy], strict=True):
        if count < 2:
            expected = "labels with at least 2 rows of each class, so that there are neighbours"
            checks.fail("y", expected, f"1 row of class {name}")
        if count <= k:
            expected = f"at most {count - 1}, as class {name} has {count} rows"
            checks.fail("k_neighbors", expected, k)


def _interpolate(rows: Array, number: int, k: int, rng: np.random.Generator) -> Array:
    """Return `number` rows between rows of one class and their neighbours."""
    neighbours = nearest_neighbours(rows, k)  # (n, k)
    start = rng.integers(0, len(rows), number)
    end = neighbours[start, rng.integers(0, k, number)]
    share = rng.random(number).astype(rows.dtype)[:, np.newaxis]  # (number, 1)
    with np.errstate(over="ignore"):  # `smote` refuses what is infinite then
        return rows[start] + share * (rows[end] - rows[start])


def nearest_neighbours(rows: Array, k: int) -> Array:
    """Return the numbers of the k nearest other rows, shape (n, k), in any order.

    A row is no neighbour of itself; an equal row is. Differences are taken before they are
    squared: |a|² - 2 a·b + |b|² would lose the small ones beside a large feature.

    Examples
    --------
    >>> nearest_neighbours(np.array([[0.0], [1.0], [5.0]]), 1).ravel()
    array([1, 0, 1])
    """
    exact = rows.astype(np.float64)
    found = np.empty((len(rows), k), np.intp)
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        part = slice(begin, begin + ROWS_AT_ONCE)
        distance = cdist(exact[part], exact, "sqeuclidean")  # Σ (a - b)², (part, n)
        if not np.isfinite(distance).all():
            checks.fail("X", "rows at finite distances", "a squared distance of infinity")
        own = np.arange(len(distance))
        distance[own, begin + own] = np.inf
        found[part] = np.argpartition(distance, k - 1, axis=1)[:, :k]
    return found
