from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from bmcourse import imbalance

from .oracle import FEW, NOT_LABELS, counts_of, labels

shares = st.floats(0.02, 0.98)


def assert_every_row_once(train: np.ndarray, test: np.ndarray, n: int) -> None:
    assert sorted([*train.tolist(), *test.tolist()]) == list(range(n))


@FEW
@given(y=labels(min_count=2), share=shares, seed=st.integers(0, 99))
def test_each_class_keeps_its_share(y: np.ndarray, share: float, seed: int) -> None:
    train, test = imbalance.stratified_split(y, share, np.random.default_rng(seed))
    assert_every_row_once(train, test, len(y))
    on_test = counts_of(y[test])
    for name, count in counts_of(y).items():
        assert 1 <= on_test[name] <= count - 1
        wanted = min(max(count * share, 1), count - 1)
        assert abs(on_test[name] - wanted) <= 0.5


def test_counts_are_scikit_learns() -> None:
    y = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [700, 200, 100]))
    ours = imbalance.stratified_split(y, 0.3, np.random.default_rng(0))
    theirs = train_test_split(np.arange(1000), test_size=0.3, stratify=y, random_state=0)
    for a, b in zip(ours, theirs, strict=True):
        assert counts_of(y[a]) == counts_of(y[b])


@FEW
@given(groups=labels(min_classes=2), share=shares, seed=st.integers(0, 99))
def test_no_group_stands_on_both_sides(groups: np.ndarray, share: float, seed: int) -> None:
    train, test = imbalance.grouped_split(groups, share, np.random.default_rng(seed))
    assert_every_row_once(train, test, len(groups))
    assert len(train) > 0
    assert len(test) > 0
    assert not set(groups[train].tolist()) & set(groups[test].tolist())


def test_grouped_rows_come_close_to_the_share() -> None:
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 300, 2000)
    largest = np.bincount(groups).max()
    for share in (0.1, 0.25, 0.5):
        _, test = imbalance.grouped_split(groups, share, rng)
        assert abs(len(test) - 2000 * share) <= largest / 2


def test_every_row_is_tested_as_often_and_a_seed_repeats_the_split() -> None:
    y, groups = np.repeat([0, 1], [30, 10]), np.repeat(np.arange(20), 2)
    rng = np.random.default_rng(0)
    for split, labels_ in ((imbalance.stratified_split, y), (imbalance.grouped_split, groups)):
        drawn = [split(labels_, 0.3, rng)[1] for _ in range(1000)]
        times = np.bincount(np.concatenate(drawn), minlength=40) / 1000
        np.testing.assert_allclose(times, 0.3, atol=0.06)
        one, two = (split(labels_, 0.3, np.random.default_rng(8)) for _ in range(2))
        np.testing.assert_array_equal(one[1], two[1])


@pytest.mark.parametrize(("y", "message"), NOT_LABELS)
def test_bad_labels_are_refused(y, message) -> None:
    for split in (imbalance.stratified_split, imbalance.grouped_split):
        with pytest.raises(ValueError, match=message):
            split(y, 0.5, np.random.default_rng(0))


@pytest.mark.parametrize("share", [0, 1, -0.1, 20, np.nan])
def test_bad_shares_are_refused(share) -> None:
    for split in (imbalance.stratified_split, imbalance.grouped_split):
        with pytest.raises(ValueError, match="test_size must be"):
            split([0, 0, 1, 1], share, np.random.default_rng(0))


def test_what_cannot_be_split_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="at least 2 rows of each class, got 1 row of class 1"):
        imbalance.stratified_split([0, 0, 1], 0.5, rng)
    with pytest.raises(ValueError, match="groups must be at least two groups, got only a"):
        imbalance.grouped_split(["a", "a"], 0.5, rng)
