"""Compare two models: McNemar's exact test on the samples that tell them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

from bmcourse import checks
from bmcourse.metrics import inputs


@dataclass(frozen=True)
class McNemarResult:
    """How many samples only one of two models got right, and how surprising that is."""

    only_a_right: int
    only_b_right: int
    pvalue: float


def mcnemar_test(
    y_true: npt.ArrayLike, y_pred_a: npt.ArrayLike, y_pred_b: npt.ArrayLike
) -> McNemarResult:
    """Test whether two models err equally often on the same samples.

    If they do, each sample that only one got right is a fair coin: with b and
    c such samples the two-sided p-value is min(1, 2 P(X ≤ min(b, c))), X
    binomial with b + c throws; 1 without any. Exact, so it holds for few
    samples too. McNemar, "Note on the sampling error of the difference between
    correlated proportions or percentages", 1947.

    Parameters
    ----------
    y_true, y_pred_a, y_pred_b : array_like of shape (n_samples,)

    Returns
    -------
    McNemarResult

    Raises
    ------
    ValueError
        If lengths differ or labels are of mixed kinds.

    Examples
    --------
    >>> test = mcnemar_test([1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1], [1, 1, 1, 1, 1, 0])
    >>> test.only_a_right, test.only_b_right, round(test.pvalue, 5)  # 14 of 64
    (1, 5, 0.21875)
    """
    true, a, b = (
        checks.class_labels(name, value)
        for name, value in [("y_true", y_true), ("y_pred_a", y_pred_a), ("y_pred_b", y_pred_b)]
    )
    checks.same_length(y_true=true, y_pred_a=a, y_pred_b=b)
    _, (true, a, b) = inputs.encode(y_true=true, y_pred_a=a, y_pred_b=b)
    only_a = int(np.sum((a == true) & (b != true)))
    only_b = int(np.sum((a != true) & (b == true)))
    tail = float(bdtr(min(only_a, only_b), only_a + only_b, 0.5))
    return McNemarResult(only_a, only_b, min(1.0, 2 * tail))
