"""Labels that Hypothesis makes: rare classes, one class, strings."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KINDS = {
    "numbers": np.array([0, 1, 2, 3]),
    "far apart": np.array([-7, 5, 10**9, 2**40]),
    "whole floats": np.array([-1.0, 0.0, 2.0, 5.0]),
    "strings": np.array(["ape", "bee", "cat", "a longer name"]),
}
NOT_LABELS = [
    ([], "shape"),
    ([[0, 1]], "shape"),
    ([0.5, 1.0], r"\(whole numbers or strings\), got 0.5"),
    ([0.0, np.nan], r"\(whole numbers or strings\), got nan"),
    ([0, None], "of one kind .* got NoneType, int"),
    (["a", np.nan, None], "of one kind .* got NoneType, float, str"),
    (["a", np.nan, "b"], "of one kind .* got float, str"),
    ([0, "1", 1], "of one kind .* got int, str"),
    (np.ma.masked_equal([0, 1, 1], 0), "an array without a mask, got a masked array"),
    (np.array([], dtype=object), "shape"),
]


@st.composite
def labels(draw: Any, min_classes: int = 1, min_count: int = 1) -> np.ndarray:
    """Shuffled labels of up to four classes, each with `min_count` rows or more."""
    names = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    k = draw(st.integers(min_classes, 4))
    counts = draw(st.lists(st.integers(min_count, 25), min_size=k, max_size=k))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    return rng.permutation(np.repeat(names[:k], counts))


def counts_of(y: Any) -> dict[Any, int]:
    """Count by hand, without NumPy."""
    found: dict[Any, int] = {}
    for label in np.asarray(y).tolist():
        found[label] = found.get(label, 0) + 1
    return found
