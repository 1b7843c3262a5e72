"""Data that Hypothesis makes, and the comparison with scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KINDS = {
    "numbers from 0": np.array([0, 1, 2, 3]),
    "far apart": np.array([-7, 5, 10**9, 2**40]),
    "whole floats": np.array([-1.0, 0.0, 2.0, 5.0]),
    "strings": np.array(["ape", "bee", "cat", "a longer name"]),
}


class Case(NamedTuple):
    classes: np.ndarray
    y_true: np.ndarray
    y_pred: np.ndarray
    weight: np.ndarray | None


class Scored(NamedTuple):
    y_true: np.ndarray
    y_score: np.ndarray
    weight: np.ndarray | None


def weights_of(draw: Any, n: int) -> np.ndarray | None:
    kind = draw(st.sampled_from(["none", "whole", "fractions"]))
    if kind == "none":
        return None
    whole = np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    whole[0] += 1  # at least one sample counts
    # Eighths add up without rounding, so that 0 is 0 in whatever order they are summed.
    return whole if kind == "whole" else whole * 0.375


@st.composite
def cases(draw: Any, max_classes: int = 4) -> Case:
    classes = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    k, n = draw(st.integers(1, max_classes)), draw(st.integers(1, 30))
    codes = st.lists(st.integers(0, k - 1), min_size=n, max_size=n)
    return Case(classes, classes[draw(codes)], classes[draw(codes)], weights_of(draw, n))


@st.composite
def scored(draw: Any, probabilities: bool = False) -> Scored:
    """Truth of 0 and 1, often only one of them, and scores with many ties."""
    n = draw(st.integers(1, 40))
    y = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)))
    steps = np.array(draw(st.lists(st.integers(0, 20), min_size=n, max_size=n)))
    return Scored(y, steps / 20 if probabilities else steps * 0.7 - 3, weights_of(draw, n))


def quietly(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


def assert_same(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
