from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from bmcourse import metrics

from .oracle import FEW, Scored, assert_same, quietly, scored, weights_of

averages = st.sampled_from(["macro", "micro", "weighted", None])


@st.composite
def tables(draw: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Three or four classes, all present, and probabilities with ties."""
    k = draw(st.integers(3, 4))
    n = draw(st.integers(k, 20))
    more = draw(st.lists(st.integers(0, k - 1), min_size=n - k, max_size=n - k))
    steps = draw(st.lists(st.integers(1, 5), min_size=n * k, max_size=n * k))
    table = np.array(steps, float).reshape(n, k)
    return (
        np.array([*range(k), *more]),
        table / table.sum(axis=1, keepdims=True),
        weights_of(draw, n),
    )


@FEW
@given(data=scored(), names=st.booleans())
def test_areas_of_two_classes_equal_scikit_learn(data: Scored, names: bool) -> None:
    y = np.array(["ham", "spam"])[data.y_true] if names else data.y_true
    ours = metrics.roc_auc_score(y, data.y_score, sample_weight=data.weight)
    theirs = quietly(sk.roc_auc_score, y, data.y_score, sample_weight=data.weight)
    assert_same(ours, theirs)
    options = {"pos_label": "spam" if names else 1, "sample_weight": data.weight}
    ours = metrics.average_precision_score(y, data.y_score, **options)
    assert_same(ours, quietly(sk.average_precision_score, y, data.y_score, **options))


@FEW
@given(data=tables(), average=averages)
def test_areas_of_many_classes_equal_scikit_learn(data: Any, average: Any) -> None:
    y, table, weight = data
    names = np.array(["ape", "bee", "cat", "dog"])[y]
    options = {"average": average, "sample_weight": weight}
    ours = metrics.roc_auc_score(names, table, multi_class="ovr", **options)
    assert_same(ours, quietly(sk.roc_auc_score, names, table, multi_class="ovr", **options))
    ours = metrics.average_precision_score(names, table, **options)
    assert_same(ours, quietly(sk.average_precision_score, names, table, **options))


@FEW
@given(data=scored())
def test_auc_is_the_chance_that_a_positive_scores_above_a_negative(data: Scored) -> None:
    up, down = data.y_score[data.y_true == 1], data.y_score[data.y_true == 0]
    ours = metrics.roc_auc_score(data.y_true, data.y_score)
    if not len(up) or not len(down):
        assert np.isnan(ours)
        return
    pairs = up[:, None] - down
    assert_same(ours, np.mean((pairs > 0) + 0.5 * (pairs == 0)))


def test_a_million_rows_equal_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 1_000_000)
    score = np.round(rng.normal(size=y.size) + y, 4)
    for name in ("roc_auc_score", "average_precision_score"):
        assert_same(getattr(metrics, name)(y, score), getattr(sk, name)(y, score))


@pytest.mark.parametrize(
    ("y_true", "y_score", "options", "message"),
    [
        ([0, 1], [0.1, np.nan], {}, "y_score must be an array of finite numbers"),
        ([0, 1], [0.1], {}, "y_true and y_score must be of the same length"),
        ([0, 1, 2], [0.1, 0.2, 0.3], {}, "y_score must be an array of shape"),
        ([0, 1, 2], np.eye(3), {}, 'multi_class must be "ovr"'),
        ([0, 1, 2], np.eye(3) * 2, {"multi_class": "ovr"}, r"y_score must be probabilities"),
        ([0, 1, 2], np.eye(3) / 2, {"multi_class": "ovr"}, "y_score must be rows that sum to 1"),
        ([0, 1, 1], np.eye(3), {"multi_class": "ovr"}, "y_score must be an array with 2 columns"),
        ([0, 1], [0.1, 0.2], {"labels": [1, 0]}, "labels must be sorted"),
        ([0, 1], [0.1, 0.2], {"labels": [1, 2]}, "labels must be all the classes"),
        ([0, 1], [0.1, 0.2], {"average": "binary"}, "average must be one of"),
    ],
)
def test_bad_input_is_refused(y_true, y_score, options, message) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.roc_auc_score(y_true, y_score, **options)


@pytest.mark.parametrize("name", ["roc_auc_score", "average_precision_score"])
def test_two_columns_of_two_classes_are_refused_as_in_scikit_learn(name: str) -> None:
    y, p = np.array([0, 0, 0, 1]), np.array([0.1, 0.6, 0.2, 0.5])
    both = np.stack([1 - p, p], axis=1)
    more = {"multi_class": "ovr"} if name == "roc_auc_score" else {}
    with pytest.raises(ValueError):  # noqa: PT011 - only that it refuses, too
        getattr(sk, name)(y, both, **more)
    for average in ("macro", "micro", "weighted", None):
        with pytest.raises(ValueError, match=r"y_score must be .* take y_score\[:, 1\]"):
            getattr(metrics, name)(y, both, average=average, **more)
    assert_same(getattr(metrics, name)(y, both[:, 1]), getattr(sk, name)(y, p))


def test_average_precision_refuses_an_unknown_positive_class() -> None:
    with pytest.raises(ValueError, match="pos_label must be one of the classes"):
        metrics.average_precision_score(["a", "b"], [0.1, 0.2])
