from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from bmcourse import metrics

from .oracle import FEW, Case, assert_same, cases, quietly

RATIOS = {
    "precision_score": {},
    "recall_score": {},
    "f1_score": {},
    "fbeta_score": {"beta": 0.5},
}
policies = st.sampled_from([0.0, 1.0, np.nan])


@FEW
@given(
    case=cases(),
    average=st.sampled_from(["macro", "micro", "weighted", None]),
    policy=policies,
    subset=st.booleans(),
)
def test_averages_equal_scikit_learn(
    case: Case, average: str | None, policy: float, subset: bool
) -> None:
    labels = case.classes[[2, 0]] if subset else None
    for name, more in RATIOS.items():
        options = {"average": average, "sample_weight": case.weight, "labels": labels, **more}
        ours = getattr(metrics, name)(case.y_true, case.y_pred, zero_division=policy, **options)
        theirs = quietly(
            getattr(sk, name), case.y_true, case.y_pred, zero_division=policy, **options
        )
        assert_same(ours, theirs)


@FEW
@given(case=cases(max_classes=2), policy=policies, positive=st.integers(0, 1))
def test_binary_equals_scikit_learn(case: Case, policy: float, positive: int) -> None:
    label = case.classes[positive].item()
    options = {"pos_label": label, "sample_weight": case.weight, "zero_division": policy}
    for name, more in RATIOS.items():
        ours = getattr(metrics, name)(case.y_true, case.y_pred, **options, **more)
        theirs = quietly(getattr(sk, name), case.y_true, case.y_pred, **options, **more)
        assert_same(ours, theirs)


@FEW
@given(case=cases(max_classes=2), policy=policies)
def test_specificity_is_the_recall_of_the_other_class(case: Case, policy: float) -> None:
    options = {"sample_weight": case.weight, "zero_division": policy}
    positive, negative = case.classes[1].item(), case.classes[0].item()
    ours = metrics.specificity_score(case.y_true, case.y_pred, pos_label=positive, **options)
    args = (case.y_true, case.y_pred)
    assert_same(ours, quietly(sk.recall_score, *args, pos_label=negative, **options))


@FEW
@given(case=cases())
def test_specificity_of_many_classes(case: Case) -> None:
    ours = metrics.specificity_score(
        case.y_true, case.y_pred, average=None, sample_weight=case.weight, zero_division=0
    )
    tables = quietly(
        sk.multilabel_confusion_matrix, case.y_true, case.y_pred, sample_weight=case.weight
    )
    negative = tables[:, 0].sum(axis=1)
    expected = np.divide(tables[:, 0, 0], negative, out=0.0 * negative, where=negative != 0)
    assert_same(ours, expected)


@pytest.mark.parametrize("name", ["precision_score", "recall_score", "specificity_score"])
def test_bad_options_are_refused(name: str) -> None:
    score = getattr(metrics, name)
    with pytest.raises(ValueError, match=r"average must be one of .* for more than two classes"):
        score([0, 1, 2], [0, 1, 2])
    with pytest.raises(ValueError, match="average must be one of"):
        score([0, 1], [0, 1], average="samples")
    with pytest.raises(ValueError, match="pos_label must be one of the classes"):
        score(["a", "b"], ["a", "b"])
    for policy in (0.5, "warn", None, [0]):
        with pytest.raises(ValueError, match="zero_division must be 0, 1 or nan"):
            score([0, 1], [0, 1], zero_division=policy)


def test_negative_beta_is_refused() -> None:
    with pytest.raises(ValueError, match="beta must be a finite number at least 0"):
        metrics.fbeta_score([0, 1], [0, 1], beta=-1)


def test_a_small_true_negative_beside_a_large_one_is_no_residue() -> None:
    # Class 0: of a weight of 1,000,001 the only true negative weighs 1.
    weight = [1e6, 1.0, 0.5]
    ours = metrics.specificity_score([0, 1, 1], [0, 1, 0], average=None, sample_weight=weight)
    assert_same(ours, [1 / 1.5, 1.0])
    counts = metrics.class_counts([0, 1, 1], [0, 1, 0], sample_weight=weight)
    assert_same(counts.true_negative, [1.0, 1e6])


def test_fractions_that_round_leave_no_negatives_behind() -> None:
    y_true, y_pred = [0, 0, 1, 2, 0], [0, 1, 0, 0, 2]  # every sample has to do with class 0
    for weight in np.random.default_rng(0).random((200, 5)):
        counts = metrics.class_counts(y_true, y_pred, sample_weight=weight)
        assert counts.true_negative[0] == 0
