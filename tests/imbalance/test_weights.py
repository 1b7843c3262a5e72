from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

from bmcourse import imbalance

from .oracle import FEW, NOT_LABELS, counts_of, labels


@FEW
@given(y=labels())
def test_weights_equal_scikit_learn(y: np.ndarray) -> None:
    ours = imbalance.class_weights(y)
    names = np.unique(y)
    assert list(ours) == names.tolist()
    theirs = compute_class_weight("balanced", classes=names, y=y)
    np.testing.assert_allclose(list(ours.values()), theirs, rtol=1e-12)
    np.testing.assert_allclose(
        imbalance.sample_weights(y), compute_sample_weight("balanced", y), rtol=1e-12
    )


@FEW
@given(y=labels())
def test_each_class_weighs_alike_and_the_mean_is_one(y: np.ndarray) -> None:
    weights = imbalance.sample_weights(y)
    sums = [weights[y == name].sum() for name in counts_of(y)]
    np.testing.assert_allclose(sums, len(y) / len(sums))
    assert weights.mean() == pytest.approx(1)


def test_labels_of_a_pandas_column() -> None:
    y = pd.Series(["good"] * 3 + ["bad"])
    assert imbalance.class_weights(y) == {"bad": 2.0, "good": pytest.approx(2 / 3)}
    names = np.array([np.str_("good"), "bad", "good", "good"], dtype=object)
    assert imbalance.class_weights(names) == {"bad": 2.0, "good": pytest.approx(2 / 3)}


def test_whole_numbers_among_objects_are_labels() -> None:
    y = np.array([np.int64(1), 1, 0, True], dtype=object)
    assert imbalance.class_weights(y) == {0: 2.0, 1: pytest.approx(2 / 3)}


def test_a_single_class_weighs_one() -> None:
    assert imbalance.class_weights([7, 7, 7]) == {7: 1.0}
    assert imbalance.sample_weights([7, 7, 7]).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("y", "message"), NOT_LABELS)
def test_bad_labels_are_refused(y, message) -> None:
    for function in (imbalance.class_weights, imbalance.sample_weights):
        with pytest.raises(ValueError, match=message):
            function(y)
