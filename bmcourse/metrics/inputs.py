"""What every metric asks of its input: labels, scores, probabilities, weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bmcourse import checks
from bmcourse.checks import Array


def encode(**arrays: Array) -> tuple[Array, list[Array]]:
    """Number the classes: return the sorted classes and each array as indices into them.

    Whole numbers that lie close together are looked up in a table, O(n); other
    labels are searched among the K classes, O(n log K).

    Raises
    ------
    ValueError
        If one array holds strings and another numbers.

    Examples
    --------
    >>> classes, (codes,) = encode(y=np.array([7, 5, 7]))
    >>> classes.tolist(), codes.tolist()
    ([5, 7], [1, 0, 1])
    """
    values = list(arrays.values())
    if len({array.dtype.kind == "U" for array in values}) != 1:
        received = ", ".join(f"{name}: dtype {array.dtype}" for name, array in arrays.items())
        checks.fail(" and ".join(arrays), "labels of the same kind", received)
    if all(array.dtype.kind in "biu" for array in values):
        values = [a.view(np.uint8) if a.dtype.kind == "b" else a for a in values]
        low = min(int(array.min()) for array in values)
        high = max(int(array.max()) for array in values)
        if high - low < max(1024, len(values[0])) and high < 2**62:
            return _encode_by_table(values, low, high)
    classes = np.unique(np.concatenate([np.unique(array) for array in values]))
    return classes, [np.searchsorted(classes, array) for array in values]


def _encode_by_table(values: list[Array], low: int, high: int) -> tuple[Array, list[Array]]:
    # NumPy counts by int64, which uint64 does not fit.
    usable = [low == 0 and array.dtype != np.uint64 for array in values]
    shifted = [
        array if as_is else array.astype(np.int64) - low
        for array, as_is in zip(values, usable, strict=True)
    ]
    present = np.zeros(high - low + 1, bool)
    for array in shifted:
        present[array] = True
    classes = np.flatnonzero(present) + low
    if len(classes) == len(present):
        return classes, shifted
    table = np.cumsum(present) - 1
    return classes, [table[array] for array in shifted]


def weights(sample_weight: npt.ArrayLike | None, n_samples: int) -> Array | None:
    """Return the weight of each row, shape (n_samples,), or None where all count alike.

    Whole numbers and booleans come as int64, all others as float64: sums neither wrap nor round.

    Raises
    ------
    ValueError
        If the length differs, or a weight is negative or not finite, or all are 0.

    Examples
    --------
    >>> weights([1, 2], 2)
    array([1, 2])
    """
    if sample_weight is None:
        return None
    result = checks.array("sample_weight", sample_weight, shape=(n_samples,))
    if result.min() < 0:
        checks.fail("sample_weight", "numbers of at least 0", result.min())
    if not result.any():
        checks.fail("sample_weight", "above 0 for at least one sample", "only zeros")
    whole = result.dtype.kind in "biu" and result.max() < 2**53
    return result.astype(np.int64 if whole else np.float64)


def count(codes: Array, length: int, weight: Array | None) -> Array:
    """Return the weight of each code, shape (length,); whole numbers if the weights are.

    Examples
    --------
    >>> count(np.array([0, 2, 2]), 3, None)
    array([1, 0, 2])
    """
    totals = np.bincount(codes, weights=weight, minlength=length)
    whole = weight is None or weight.dtype.kind == "i"
    return totals.astype(np.int64) if whole else totals


def total(values: Array, weight: Array | None) -> float:
    """Return the sum in float64, each row counted with its weight.

    Examples
    --------
    >>> total(np.array([True, True, False]), np.array([1, 2, 4]))
    3.0
    """
    values = values.astype(np.float64)
    return float(values.sum() if weight is None else weight.astype(np.float64) @ values)


def mean(values: Array, weight: Array | None) -> float:
    """Return the mean in float64, each row counted with its weight.

    Examples
    --------
    >>> mean(np.array([True, True, False]), np.array([1, 1, 2]))
    0.5
    """
    return total(values, weight) / total(np.ones(len(values)), weight)


def positives(y_true: npt.ArrayLike, pos_label: object = None, argument: str = "y_true") -> Array:
    """Return which rows are positive, booleans of shape (n_samples,).

    With no `pos_label` the classes must be 0 and 1, or -1 and 1; 1 is positive.

    Raises
    ------
    ValueError
        If no `pos_label` is given for other classes, or it is none of two or
        more classes present.

    Examples
    --------
    >>> positives(["ham", "spam"], pos_label="spam")
    array([False,  True])
    """
    labels = checks.class_labels(argument, y_true)
    classes, (codes,) = encode(y_true=labels)
    known = classes.tolist()
    if pos_label is None:
        if not (set(known) <= {0, 1} or set(known) <= {-1, 1}):
            checks.fail("pos_label", f"given for the classes {known[:5]}", None)
        pos_label = 1
    if pos_label not in known:
        if len(known) > 1:
            checks.fail("pos_label", f"one of the classes {known[:5]}", repr(pos_label))
        return np.zeros(len(labels), bool)
    return codes == known.index(pos_label)


def scores(argument: str, value: npt.ArrayLike, n_samples: int) -> Array:
    """Return one finite score a row, shape (n_samples,).

    Raises
    ------
    ValueError
        If a score is NaN or infinite, the length differs, or the scores stand in columns.

    Examples
    --------
    >>> scores("y_score", [0.5, 2], 2)
    array([0.5, 2. ])
    """
    result = scores_or_columns(argument, value, n_samples)
    if result.ndim != 1:
        checks.fail(argument, "an array with 1 dimensions", f"shape {result.shape}")
    return result


def scores_or_columns(argument: str, value: npt.ArrayLike, n_samples: int) -> Array:
    """Return finite scores, of shape (n_samples,), or (n_samples, n_classes) for two or more.

    Examples
    --------
    >>> scores_or_columns("y_score", [[0.5], [0.2]], 2)
    Traceback (most recent call last):
    ...
    ValueError: y_score must be an array with 1 dimensions, or a column for each class, \
got the single column of shape (2, 1); take y_score[:, 0]
    """
    result = checks.array(argument, value)
    if result.ndim not in (1, 2):
        checks.fail(argument, "an array of one or two dimensions", f"shape {result.shape}")
    if result.ndim == 2 and result.shape[1] == 1:
        expected = "an array with 1 dimensions, or a column for each class"
        received = f"the single column of shape {result.shape}; take {argument}[:, 0]"
        checks.fail(argument, expected, received)
    checks.same_length(y_true=np.empty(n_samples), **{argument: result})
    return result


def probabilities(argument: str, value: npt.ArrayLike, n_samples: int) -> Array:
    """Return probabilities, float64 of shape (n_samples,) or (n_samples, n_classes).

    Raises
    ------
    ValueError
        If one is NaN or outside [0, 1], the length differs, or the rows of a
        table do not sum to 1.

    Examples
    --------
    >>> probabilities("y_prob", [0.2, 1.4], 2)
    Traceback (most recent call last):
    ...
    ValueError: y_prob must be probabilities in [0, 1], got 1.4
    """
    given = scores_or_columns(argument, value, n_samples)
    result = given.astype(np.float64)
    low, high = result.min(), result.max()
    if low < 0 or high > 1:
        checks.fail(argument, "probabilities in [0, 1]", low if low < 0 else high)
    if result.ndim == 2:
        sums = result.sum(axis=1)  # (n_samples,)
        worst = sums[np.argmax(np.abs(sums - 1))]
        if abs(worst - 1) > np.sqrt(rounding(given)):
            checks.fail(argument, "rows that sum to 1", f"a row that sums to {worst}")
    return result


def rounding(values: npt.ArrayLike) -> float:
    """Return the relative precision of the values' type; float64's for whole numbers.

    Examples
    --------
    >>> rounding(np.zeros(3, np.float16))
    0.0009765625
    """
    kind = np.asarray(values).dtype
    return float(np.finfo(kind if kind.kind == "f" else np.float64).eps)
