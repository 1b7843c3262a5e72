from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from bmcourse import metrics

from .oracle import FEW, Scored, assert_same, quietly, scored

CURVES = [
    metrics.confusion_matrix_at_thresholds,
    metrics.roc_curve,
    metrics.precision_recall_curve,
    metrics.cumulative_gain_curve,
    metrics.lift_curve,
]


@FEW
@given(data=scored(), drop=st.booleans(), names=st.booleans())
def test_curves_equal_scikit_learn(data: Scored, drop: bool, names: bool) -> None:
    y = np.array(["ham", "spam"])[data.y_true] if names else data.y_true
    options = {"pos_label": "spam" if names else None, "sample_weight": data.weight}
    for name in ("roc_curve", "precision_recall_curve"):
        ours = getattr(metrics, name)(y, data.y_score, drop_intermediate=drop, **options)
        theirs = quietly(getattr(sk, name), y, data.y_score, drop_intermediate=drop, **options)
        for mine, other in zip(ours, theirs, strict=True):
            assert_same(mine, other)


@FEW
@given(data=scored())
def test_counts_are_those_of_a_slow_loop(data: Scored) -> None:
    weight = np.ones(len(data.y_true)) if data.weight is None else data.weight
    tns, fps, fns, tps, thresholds = metrics.confusion_matrix_at_thresholds(
        data.y_true, data.y_score, sample_weight=data.weight
    )
    assert set(thresholds) == set(data.y_score[weight > 0])
    for i, threshold in enumerate(thresholds):
        called = data.y_score >= threshold
        slow = [
            weight[(data.y_true == truth) & (called == call)].sum()
            for truth, call in [(0, False), (0, True), (1, False), (1, True)]
        ]
        assert_same([tns[i], fps[i], fns[i], tps[i]], slow)


@FEW
@given(data=scored())
def test_gain_and_lift_are_those_of_a_slow_loop(data: Scored) -> None:
    weight = np.ones(len(data.y_true)) if data.weight is None else data.weight
    found = weight * data.y_true
    share, gain = metrics.cumulative_gain_curve(
        data.y_true, data.y_score, sample_weight=data.weight
    )
    _, lift = metrics.lift_curve(data.y_true, data.y_score, sample_weight=data.weight)
    levels = np.unique(data.y_score[weight > 0])[::-1]
    taken = [data.y_score >= level for level in levels]
    assert_same(share[1:], [weight[t].sum() / weight.sum() for t in taken])
    if found.sum() == 0:
        assert np.isnan(gain).all()
        return
    assert_same(gain[1:], [found[t].sum() / found.sum() for t in taken])
    rate = found.sum() / weight.sum()
    assert_same(lift, [found[t].sum() / weight[t].sum() / rate for t in taken])


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize(
    ("y_true", "y_score", "options", "message"),
    [
        ([0, 1], [0.1, np.nan], {}, "y_score must be an array of finite numbers, got nan"),
        ([0, 1], [0.1, np.inf], {}, "y_score must be an array of finite numbers"),
        ([0, 1], [0.1], {}, "y_true and y_score must be of the same length"),
        ([0, 1], ["a", "b"], {}, "y_score must be an array of numbers"),
        ([0, 1], [[0.1], [0.2]], {}, "y_score must be an array with 1 dimensions"),
        (["a", "b"], [0.1, 0.2], {}, "pos_label must be given"),
        ([1, 2], [0.1, 0.2], {}, "pos_label must be given"),
        ([1, 2], [0.1, 0.2], {"pos_label": 3}, "pos_label must be one of the classes"),
    ],
)
def test_bad_input_is_refused(curve, y_true, y_score, options, message) -> None:
    with pytest.raises(ValueError, match=message):
        curve(y_true, y_score, **options)
