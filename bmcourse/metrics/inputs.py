"""What every metric asks of its input: labels, scores, probabilities, weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]


def class_labels(argument: str, value: npt.ArrayLike) -> Array:
    """Return one class label a row, shape (n_samples,): whole numbers, booleans or strings.

    Raises
    ------
    ValueError
        If it is empty, not one-dimensional, or holds fractions, NaN or mixed kinds.

    Examples
    --------
    >>> class_labels("y_true", ["cat", "dog"])
    array(['cat', 'dog'], dtype='<U3')
    """
    result = np.asarray(value)
    if result.dtype.kind == "O":
        kinds = {type(item) for item in result.ravel().tolist()}
        if kinds != {str} and not kinds <= {bool, int, float}:
            names = ", ".join(sorted(kind.__name__ for kind in kinds)) or "nothing"
            checks.fail(argument, "class labels of one kind", names)
        result = np.array(result.tolist())
    if result.dtype.kind not in "biufU":
        checks.fail(argument, "class labels (whole numbers or strings)", f"dtype {result.dtype}")
    if result.ndim != 1 or result.size == 0:
        checks.fail(argument, "an array of shape (n_samples,), not empty", f"shape {result.shape}")
    if result.dtype.kind == "f":
        wrong = result[~np.isfinite(result) | (result != np.floor(result))]
        if wrong.size:
            checks.fail(argument, "class labels (whole numbers or strings)", wrong[0])
    return result


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
    return result


def count(codes: Array, length: int, weight: Array | None) -> Array:
    """Return the weight of each code, shape (length,); whole numbers if the weights are.

    Examples
    --------
    >>> count(np.array([0, 2, 2]), 3, None)
    array([1, 0, 2])
    """
    totals = np.bincount(codes, weights=weight, minlength=length)
    whole = weight is None or weight.dtype.kind in "biu"
    return totals.astype(np.int64) if whole else totals


def positives(y_true: npt.ArrayLike, pos_label: object = None) -> Array:
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
    labels = class_labels("y_true", y_true)
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

    Examples
    --------
    >>> scores("y_score", [0.5, 2], 2)
    array([0.5, 2. ])
    """
    result = checks.array(argument, value, ndim=1)
    checks.same_length(y_true=np.empty(n_samples), **{argument: result})
    return result


def probabilities(argument: str, value: npt.ArrayLike, n_samples: int) -> Array:
    """Return probabilities, floats of shape (n_samples,) or (n_samples, n_classes).

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
    result = checks.array(argument, value)
    result = result if result.dtype.kind == "f" else result.astype(np.float64)
    if result.ndim not in (1, 2):
        checks.fail(argument, "an array of one or two dimensions", f"shape {result.shape}")
    checks.same_length(y_true=np.empty(n_samples), **{argument: result})
    low, high = result.min(), result.max()
    if low < 0 or high > 1:
        checks.fail(argument, "probabilities in [0, 1]", low if low < 0 else high)
    if result.ndim == 2:
        sums = result.sum(axis=1)  # (n_samples,)
        worst = sums[np.argmax(np.abs(sums - 1))]
        if abs(worst - 1) > np.sqrt(np.finfo(result.dtype).eps):
            checks.fail(argument, "rows that sum to 1", f"a row that sums to {worst}")
    return result
