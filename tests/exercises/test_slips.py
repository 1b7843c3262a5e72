"""Slips in any exercise with numbers: what is named, and what is not."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import convolution_and_pooling, house_prices, metrics, three_frameworks
from bmcourse.exercises.answers import Raised, equal
from bmcourse.exercises.slips import numeric_slip

same = partial(equal, rtol=1e-6, atol=1e-9)
SIGN = "The size is right, the sign is not."
SHARE = "Right, but in per cent. Divide by 100."
ROUNDED = "Right, but rounded. Return all digits."


@pytest.mark.parametrize(
    ("expected", "answers", "hint"),
    [
        ([0.25, -2.0], [-0.25, 2.0], SIGN),
        ([np.array([1.0, -2.0]), np.zeros(2)], [[-1.0, 2.0], [0, 0]], SIGN),
        ([0.25, -2.0], [-0.25, -2.0], None),
        ([0.25, 0.5], [25, 50.0], SHARE),
        ([(0.25, 1.0), (0.0, 0.5)], [(25, 100), (0, 50)], SHARE),
        ([0.25, -3.0], [25, -300], SHARE),
        ([0.25, 1.5], [25, 150], None),
        ([0.12345, 0.98765], [0.12, 0.99], ROUNDED),
        ([0.12347, 0.98762], [0.1235, 0.9876], ROUNDED),
        ([np.array([0.123, 2.345])], [np.array([0.1, 2.3])], ROUNDED),
        ([0.12345, 0.98765], [0.12, 0.988], None),
        ([0.012, 0.023], [0.0, 0.0], None),
        ([0.51, 0.52], [0.5, 0.5], None),
        ([3.0, 6.0], [[3.0], np.array([2.0, 4.0])], "Those are the parts. Return their sum."),
        ([3.0, 6.0], [[1.0, 5.0], (4.0, 8.0)], "Those are the parts. Return their mean."),
        ([3.0, 6.0], [[1.0, 3.0], [2.0, 6.0]], "Return only the last of these numbers."),
        ([3.0, 6.0], [[3.0, 1.0], [2.0, 5.0]], None),
        ([3.0, 6.0], [[], []], None),
        ([3.0, 6.0], [-3.0, Raised("ValueError", "no")], None),
        ([3.0, 6.0], [None, -6.0], None),
        ([{"a": 1.0}], [{"a": -1.0}], None),
        ([1.0], [-1j], None),
    ],
)
def test_slips(expected: list[Any], answers: list[Any], hint: str | None) -> None:
    assert numeric_slip(expected, answers, same) == hint


def test_one_number_in_a_list_keeps_its_own_message() -> None:
    assert numeric_slip([3.0, 6.0], [[3.0], [6.0]], same) is None


def test_an_exercise_tells_them_after_its_own_hints() -> None:
    right = house_prices.r_squared.reference
    assert house_prices.r_squared.judge(lambda *c: round(right(*c), 3)).message == ROUNDED
    assert house_prices.r_squared.judge(lambda *c: -right(*c)).message == SIGN
    auc = metrics.auc_by_pairs
    assert auc.judge(lambda *c: 100 * auc.reference(*c)).message == SHARE
    moved = three_frameworks.without_zero_grad
    assert moved.judge(lambda *c: -moved.reference(*c)).message.startswith("The size is right. SGD")


def test_a_secret_answer_is_not_told() -> None:
    negative = [[0, 0, 0], [-1, 0, 0], [0, 0, 0]]
    assert SIGN not in convolution_and_pooling.move_right.judge(negative).message
