"""Five rare digits: what is drawn, how the gap is filled, how answers are judged and stored."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from bmcourse.recipes.generative import minority

LABELS = np.tile(np.arange(10), 60)


def test_rows_are_drawn_once_and_in_the_right_numbers() -> None:
    draw = minority.draw_rows(LABELS, np.random.default_rng(0), rare=5, common=40, validation=15)
    every = np.concatenate([draw.training, draw.more, draw.validation])
    assert len(np.unique(every)) == len(every)
    is_rare = np.isin(np.arange(10), minority.RARE)
    np.testing.assert_array_equal(np.bincount(LABELS[draw.training]), np.where(is_rare, 5, 40))
    np.testing.assert_array_equal(
        np.bincount(LABELS[draw.more], minlength=10), np.where(is_rare, 5, 0)
    )
    np.testing.assert_array_equal(np.bincount(LABELS[draw.validation]), np.where(is_rare, 5, 15))


def test_another_seed_draws_other_images() -> None:
    sizes = {"rare": 5, "common": 40, "validation": 15}
    a, b = (minority.draw_rows(LABELS, np.random.default_rng(k), **sizes) for k in (0, 1))
    assert set(a.training.tolist()) != set(b.training.tolist())


def test_too_few_images_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 75 images of digit 0"):
        minority.draw_rows(LABELS, np.random.default_rng(0), rare=5, common=60, validation=15)


def test_halving_averages_four_pixels() -> None:
    image = np.zeros((1, 28, 28, 1), np.float32)
    image[0, 0, 1], image[0, 27, 26] = 1, 0.5
    small = minority.halve(image)
    assert small.shape == (1, 14, 14, 1)
    assert small[0, 0, 0, 0] == 0.25
    assert small[0, 13, 13, 0] == 0.125
    assert small.sum() == pytest.approx(0.375)


def test_doubling_keeps_the_ink_and_the_size() -> None:
    small = np.zeros((1, 14, 14, 1), np.float32)
    small[0, 5, 6] = 0.8
    large = minority.double(small)
    assert large.shape == (1, 28, 28, 1)
    assert large.sum() == pytest.approx(4 * 0.8, rel=1e-6)
    assert large.max() <= 0.8
    assert np.unravel_index(large.argmax(), large.shape)[1:3] in {(10, 12), (10, 13), (11, 12)}


def test_gap_and_repeats() -> None:
    labels = np.array([0] * 8 + [1] * 2 + [2] * 4)
    assert minority.gap(labels)[:4].tolist() == [0, 6, 4, 8]
    labels = np.concatenate([labels, *[np.full(8, c) for c in range(3, 10)]])
    rows = minority.repeats(labels, np.random.default_rng(0))
    assert np.bincount(labels[rows], minlength=3)[:3].tolist() == [0, 6, 4]
    half = minority.repeats(labels, np.random.default_rng(0), 0.5)
    assert np.bincount(labels[half], minlength=3)[:3].tolist() == [0, 3, 2]


def test_balanced_accuracy_is_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    y, p = rng.integers(0, 10, 500), rng.integers(0, 10, 500)
    assert minority.balanced_accuracy(p, y) == pytest.approx(balanced_accuracy_score(y, p))
    assert minority.balanced_accuracy(np.where(y == 3, 3, 0), y, (1, 3)) == 0.5


def test_moved_thresholds_and_the_best_of_them() -> None:
    logits = np.zeros((4, 10))
    logits[:, 0] = 3.0
    logits[[0, 1], 1] = [2.0, -1.0]
    y = np.array([1, 0, 0, 0])
    assert minority.moved(logits, 0.0).tolist() == [0, 0, 0, 0]
    assert minority.moved(logits, 1.5).tolist()[0] == 1
    assert minority.moved(logits, 1.5).tolist()[1:] == [0, 0, 0]
    full = np.tile(np.arange(10), 3)
    exact = np.eye(10)[full] * 4 - 2 * np.isin(np.arange(10), minority.RARE)
    shifted = exact.copy()
    shifted[np.isin(full, minority.RARE)] -= 3 * np.isin(np.arange(10), minority.RARE)
    assert minority.best_offset(shifted, full, (0.0, 2.0, 4.0, 6.0, 20.0)) in {2.0, 4.0}
    assert len(y) == 4


def test_adjusted_logits_take_away_the_log_of_the_shares() -> None:
    labels = np.array([0] * 90 + [1] * 10 + [c for c in range(2, 10) for _ in range(5)])
    logits = np.full((1, 10), -50.0)
    logits[0, :2] = [2.0, 0.0]  # odds of 7.4 for the digit 0, which is nine times as frequent
    assert minority.adjusted(logits, labels).tolist() == [1]
    logits[0, 0] = 2.3  # odds of 10
    assert minority.adjusted(logits, labels).tolist() == [0]


def test_the_network_takes_halved_images() -> None:
    assert minority.network().output_shape == (None, 10)


def test_packing_brings_back_what_was_given() -> None:
    values = np.random.default_rng(0).integers(0, 256, 1_000)
    np.testing.assert_array_equal(minority.unpack(minority.pack(values)), values)


def test_answers_are_packed_beside_the_truth() -> None:
    rng = np.random.default_rng(0)
    truth, answers = rng.integers(0, 10, (2, 1_000))
    text = minority.pack_answers(answers, truth)
    np.testing.assert_array_equal(minority.unpack_answers(text, truth), answers)
    right = minority.pack_answers(truth, truth)
    assert len(right) < 40 < len(text)
