"""Comparing answers: what is the same, and what never raises an error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.exercises.comparing import Raised, call, equal, numbers


def same(left: Any, right: Any) -> bool:
    found = [equal(*pair, rtol=1e-6, atol=1e-9) for pair in ((left, right), (right, left))]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (0.25, np.array(0.25 + 1e-9)),
        ([1, 2.0], np.array([1.0, 2.0])),
        ((1.0, np.arange(3)), [1.0, [0, 1, 2]]),
        ([np.zeros((2, 3)), np.ones((4, 1))], [np.zeros((2, 3)), np.ones((4, 1))]),
        ({"a": [1.0]}, {"a": np.ones(1)}),
        (float("nan"), np.float64("nan")),
        ("text", "text"),
        ({1, 2}, {2, 1}),
        (True, 1),
        (Raised("IndexError", "no 3 in 12"), Raised("IndexError", "no 9 in 7")),
    ],
)
def test_the_same(left: Any, right: Any) -> None:
    assert same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (0.25, 0.2501),
        (0.25, [0.25]),
        (0.25, (0.25,)),
        (0.25, np.array([0.25])),
        (3, "3"),
        (np.array([1.0, 2.0]), ["1", "2"]),
        (np.array([1.0, 2.0]), np.array(["1", "2"])),
        (np.array([np.nan]), np.array([None])),
        (float("nan"), None),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, [1]),
        (np.zeros((2, 1)), np.zeros(2)),
        (1.0, 1.0 + 1j),
        (Raised("ValueError", "no"), Raised("IndexError", "no")),
        (Raised("ValueError", "no"), "ValueError: no"),
    ],
)
def test_not_the_same(left: Any, right: Any) -> None:
    assert not same(left, right)


def test_nothing_raises(strange_answers: dict[str, Any]) -> None:
    for name, strange in strange_answers.items():
        numbers(strange)
        for other in (1.0, np.ones(2), (1.0, 2.0), {"a": np.ones(2)}, "text", None):
            assert not same(strange, other), name


def test_an_error_is_an_answer() -> None:
    first = call(lambda x: x[5], ([1],))
    assert str(first) == "IndexError: list index out of range"
    assert same(first, call(lambda x: x[7], ([1, 2],)))
    assert not same(first, call(lambda x: x[5], ((1,),)))  # a tuple's text is another one
