from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from bmcourse import metrics

from .oracle import FEW, Case, assert_same, cases, quietly


@FEW
@given(case=cases(), normalize=st.sampled_from([None, "true", "pred", "all"]))
def test_confusion_matrix_equals_scikit_learn(case: Case, normalize: str | None) -> None:
    options = {"sample_weight": case.weight, "normalize": normalize}
    ours = metrics.confusion_matrix(case.y_true, case.y_pred, **options)
    theirs = quietly(sk.confusion_matrix, case.y_true, case.y_pred, **options)
    assert_same(ours, theirs)
    assert ours.dtype == theirs.dtype


@FEW
@given(case=cases(), order=st.permutations(range(4)), keep=st.integers(1, 4))
def test_labels_choose_and_order_the_classes(case: Case, order: list[int], keep: int) -> None:
    labels = case.classes[order[:keep]]
    if not set(labels.tolist()) & set(case.y_true.tolist()):
        return
    options = {"labels": labels, "sample_weight": case.weight}
    ours = metrics.confusion_matrix(case.y_true, case.y_pred, **options)
    assert_same(ours, quietly(sk.confusion_matrix, case.y_true, case.y_pred, **options))


@FEW
@given(case=cases())
def test_class_counts_equal_scikit_learn(case: Case) -> None:
    options = {"labels": case.classes, "sample_weight": case.weight}
    ours = metrics.class_counts(case.y_true, case.y_pred, **options)
    theirs = quietly(sk.multilabel_confusion_matrix, case.y_true, case.y_pred, **options)
    order = np.argsort(case.classes)  # scikit-learn keeps the order given, so do we
    assert ours.labels[order].tolist() == case.classes[order].tolist()
    stacked = [ours.true_negative, ours.false_positive, ours.false_negative, ours.true_positive]
    assert_same(np.stack(stacked, axis=1).reshape(-1, 2, 2), theirs)


@FEW
@given(case=cases(), normalize=st.booleans())
def test_accuracy_equals_scikit_learn(case: Case, normalize: bool) -> None:
    options = {"normalize": normalize, "sample_weight": case.weight}
    ours = metrics.accuracy_score(case.y_true, case.y_pred, **options)
    assert_same(ours, sk.accuracy_score(case.y_true, case.y_pred, **options))


@FEW
@given(case=cases())
def test_agreement_equals_scikit_learn(case: Case) -> None:
    args, options = (case.y_true, case.y_pred), {"sample_weight": case.weight}
    for name in ("balanced_accuracy_score", "matthews_corrcoef", "cohen_kappa_score"):
        assert_same(
            getattr(metrics, name)(*args, **options),
            quietly(getattr(sk, name), *args, **options),
        )
    for kind in ("linear", "quadratic"):
        ours = metrics.cohen_kappa_score(*args, weights=kind, **options)
        assert_same(ours, quietly(sk.cohen_kappa_score, *args, weights=kind, **options))
    adjusted = metrics.balanced_accuracy_score(*args, adjusted=True, **options)
    theirs = quietly(sk.balanced_accuracy_score, *args, adjusted=True, **options)
    # For one class scikit-learn divides by 0 and may return -inf; ours is NaN, as documented.
    assert_same(adjusted, theirs if np.isfinite(theirs) else np.nan)


def test_booleans_and_objects_are_labels() -> None:
    truth, guess = [True, False, True], [True, True, True]
    assert metrics.confusion_matrix(truth, guess).tolist() == [[0, 1], [0, 2]]
    names = np.array(["no", "yes", "no"], object)
    assert metrics.accuracy_score(names, names) == 1


@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "uint64", "float32"])
def test_any_type_of_number_is_a_label(kind: str) -> None:
    truth, guess = np.array([0, 100, 100], kind), np.array([0, 0, 100])
    assert metrics.confusion_matrix(truth, guess).tolist() == [[1, 0], [1, 1]]
    assert metrics.recall_score(truth, guess, pos_label=100) == 0.5


@pytest.mark.parametrize(
    ("y_true", "y_pred", "options", "message"),
    [
        ([0, 1], [0], {}, "y_true and y_pred must be of the same length"),
        ([], [], {}, "y_true must be an array of shape"),
        ([[0, 1]], [[0, 1]], {}, "y_true must be an array of shape"),
        ([0, 1], [0.3, 0.9], {}, "y_pred must be class labels .* got 0.3"),
        ([0, 1], [np.nan, 1], {}, "y_pred must be class labels .* got nan"),
        (np.array([None, "a"], object), ["a", "a"], {}, "y_true must be class labels of one kind"),
        (["a", "b"], [0, 1], {}, "y_true and y_pred must be labels of the same kind"),
        ([0, 1], [0, 1], {"sample_weight": [1]}, r"sample_weight must be an array of shape \(2\)"),
        ([0, 1], [0, 1], {"sample_weight": [1, -1]}, "sample_weight must be numbers of at least 0"),
        ([0, 1], [0, 1], {"sample_weight": [0, 0]}, "sample_weight must be above 0"),
        ([0, 1], [0, 1], {"sample_weight": [1, np.nan]}, "sample_weight must be .*finite"),
        ([0, 1], [0, 1], {"normalize": "rows"}, "normalize must be one of"),
        ([0, 1], [0, 1], {"labels": [5]}, "labels must be classes that occur"),
        ([0, 1], [0, 1], {"labels": [1, 1]}, "labels must be without repeats"),
    ],
)
def test_bad_input_is_refused(y_true, y_pred, options, message) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.confusion_matrix(y_true, y_pred, **options)
