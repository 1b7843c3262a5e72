from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmcourse import imbalance

from .oracle import FEW

rows = st.lists(st.lists(st.integers(-1, 2), min_size=2, max_size=2), min_size=1, max_size=12)


@FEW
@given(
    train=rows,
    test=rows,
    kind=st.sampled_from([np.int64, np.float32, np.float64]),
    other=st.sampled_from([np.int8, np.float64]),
)
def test_the_number_of_shared_rows_is_that_of_a_slow_loop(train, test, kind, other) -> None:
    shared = sum(row in train for row in test)
    left, right = np.array(train, kind), np.array(test, other)
    if shared == 0:
        imbalance.assert_no_leakage(left, right)
        return
    with pytest.raises(imbalance.LeakageError, match=f"^{shared} of {len(test)} test row"):
        imbalance.assert_no_leakage(left, right)


def test_the_message_names_rows_and_groups() -> None:
    train, test = np.array([[0.0], [1], [2]]), np.array([[1.0], [3], [1], [4]])
    groups = (["a", "b", "c"], ["b", "d", "b", "c"])
    message = (
        "2 of 4 test rows are also in the training rows; "
        "2 of 3 test groups are also among the training groups"
    )
    with pytest.raises(imbalance.LeakageError, match=f"^{re.escape(message)}$"):
        imbalance.assert_no_leakage(train, test, groups)


def test_a_changed_copy_is_found_by_its_group_only() -> None:
    train, test = np.eye(3), np.eye(3) * 0.5
    imbalance.assert_no_leakage(train, test)
    imbalance.assert_no_leakage(train, test, ([1, 2, 3], [4, 5, 6]))
    with pytest.raises(imbalance.LeakageError, match=r"^1 of 3 test groups is also among"):
        imbalance.assert_no_leakage(train, test, ([1, 2, 3], [3, 4, 5]))


def test_signed_zeros_are_equal_nan_equals_nan_and_images_count() -> None:
    for value in (0.0, np.nan):
        with pytest.raises(imbalance.LeakageError, match="1 of 1 test row is"):
            imbalance.assert_no_leakage([[1.0, value]], [[1.0, -value]])
    images = np.random.default_rng(0).integers(0, 255, (6, 4, 4), dtype=np.uint8)
    imbalance.assert_no_leakage(images[:4], images[4:])
    with pytest.raises(imbalance.LeakageError, match="2 of 4 test rows are"):
        imbalance.assert_no_leakage(images[:4], images[2:])


@pytest.mark.parametrize(
    ("train", "test", "groups", "message"),
    [
        (np.zeros((2, 3)), np.ones((2, 4)), None, "train and test must be rows of the same shape"),
        ([], [[1.0]], None, "train must be an array that is not empty"),
        ([["a"]], [["b"]], None, "train must be an array of numbers"),
        (np.ma.masked_equal([[1]], 1), [[2]], None, "train must be an array without a mask"),
        ([[0]], [[1]], ([1, 2], [3]), "groups of train and train must be of the same length"),
        ([[0]], [[1]], ([1], [3, 4]), "groups of test and test must be of the same length"),
        ([[0]], [[1]], ([1],), "groups must be a pair, of the training .* got 1 items"),
        ([[0]], [[1]], ([1], ["1"]), "groups must be numbers on both sides, or strings on both"),
    ],
)
def test_bad_input_is_refused(train, test, groups, message) -> None:
    with pytest.raises(ValueError, match=message):
        imbalance.assert_no_leakage(train, test, groups)
