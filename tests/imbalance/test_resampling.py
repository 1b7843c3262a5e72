from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from bmcourse import imbalance

from .oracle import FEW, NOT_LABELS, counts_of, labels

BOTH = [imbalance.random_oversample, imbalance.random_undersample]


@FEW
@given(y=labels(min_classes=2))
def test_oversampling_keeps_every_row_and_evens_the_classes(y: np.ndarray) -> None:
    rows = imbalance.random_oversample(y, np.random.default_rng(0))
    counts = counts_of(y)
    assert counts_of(y[rows]) == dict.fromkeys(counts, max(counts.values()))
    assert set(rows.tolist()) == set(range(len(y)))
    largest = [name for name, count in counts.items() if count == max(counts.values())]
    for name in largest:  # nothing of a largest class is repeated
        assert sorted(rows[y[rows] == name]) == np.flatnonzero(y == name).tolist()


@FEW
@given(y=labels(min_classes=2))
def test_undersampling_repeats_no_row_and_evens_the_classes(y: np.ndarray) -> None:
    rows = imbalance.random_undersample(y, np.random.default_rng(0))
    counts = counts_of(y)
    assert counts_of(y[rows]) == dict.fromkeys(counts, min(counts.values()))
    assert len(set(rows.tolist())) == len(rows)
    assert set(rows.tolist()) <= set(range(len(y)))


def test_every_row_is_drawn_alike() -> None:
    y = np.array([0] * 40 + [1] * 4)
    rng = np.random.default_rng(1)
    over = np.bincount(np.concatenate([imbalance.random_oversample(y, rng) for _ in range(500)]))
    assert over[:40].tolist() == [500] * 40
    np.testing.assert_allclose(over[40:] / 500, 10, rtol=0.05)
    kept = [imbalance.random_undersample(y, rng) for _ in range(2000)]
    under = np.bincount(np.concatenate(kept), minlength=44)
    np.testing.assert_allclose(under[:40] / 2000, 0.1, atol=0.03)


@pytest.mark.parametrize("function", BOTH)
def test_order_is_mixed_and_a_seed_repeats_it(function) -> None:
    y = [0] * 30 + [1] * 30
    one, two, other = (function(y, np.random.default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)
    assert 5 < np.sum(one[:30] >= 30) < 25


@pytest.mark.parametrize(
    "function",
    [
        *BOTH,
        lambda y, rng: imbalance.stratified_split(y, 0.5, rng)[0],
        lambda y, rng: imbalance.grouped_split(y, 0.5, rng)[0],
        lambda y, rng: imbalance.smote(np.arange(9.0)[:, np.newaxis], y, rng, 2)[0],
    ],
)
def test_a_whole_number_is_a_seed_and_nothing_else_is(function) -> None:
    y = [0] * 6 + [1] * 3
    for seed in (0, 42, np.int64(7)):
        np.testing.assert_array_equal(function(y, seed), function(y, np.random.default_rng(seed)))
    for wrong in (None, True, -1, 0.5, "0", np.random):
        with pytest.raises(ValueError, match=r"rng must be a .*Generator or a seed"):
            function(y, wrong)


@pytest.mark.parametrize("function", BOTH)
@pytest.mark.parametrize(
    ("y", "message"), [*NOT_LABELS, ([1, 1], "labels of at least two classes, got only 1")]
)
def test_bad_labels_are_refused(function, y, message) -> None:
    with pytest.raises(ValueError, match=message):
        function(y, np.random.default_rng(0))
