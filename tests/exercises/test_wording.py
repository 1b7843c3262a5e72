"""What the learner reads: short, and only of what is wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises.comparing import Raised, equal
from bmcourse.exercises.wording import difference, given, kind, shown

same = partial(equal, rtol=1e-6, atol=1e-9)
WIDE = np.arange(40.0).reshape(4, 10)


def moved(array: np.ndarray, place: tuple[int, ...], by: float) -> np.ndarray:
    changed = array.copy()
    changed[place] += by
    return changed


@pytest.mark.parametrize(
    ("expected", "received", "told"),
    [
        (0.5, [0.5], "expected one number, received a list with one number"),
        (0.5, (0.5,), "expected one number, received a tuple with one number"),
        (0.5, np.array([0.5]), "expected one number, received an array of shape (1,)"),
        (0.5, np.array(0.25), "expected 0.5, received 0.25"),
        (0.5, {1}, "expected one number, received a value of the type set"),
        (0.5, None, "expected one number, received nothing (None)"),
        (0.5, 0.50000049, "expected 0.5, received 0.50000049"),
        (np.zeros(2), np.zeros((1, 2)), "expected shape (2,), received (1, 2)"),
        (np.zeros(2), "no", "expected an array of shape (2,), received a text"),
        (
            np.zeros(2),
            [np.zeros(2), np.zeros(3)],
            "expected an array of shape (2,), received a list with 2 arrays",
        ),
        (np.zeros(2), [0, 1], "expected [0., 0.], received [0, 1]"),
        (WIDE, moved(WIDE, (2, 3), 0.25), "expected 23 at [2, 3], received 23.25"),
        (WIDE, moved(WIDE, (0, 1), np.nan), "expected 1 at [0, 1], received nan"),
        ((1.0, 2.0), (1.0, 2.5), "expected (1.0, 2.0), received (1.0, 2.5)"),
        ((1.0, 2.0), 1.0, "expected a tuple with 2 numbers, received one number"),
        (
            (1.0, 2.0),
            np.ones(3),
            "expected a tuple with 2 numbers, received an array of shape (3,)",
        ),
        ((1.0, 2.0), [1.0], "expected 2 numbers, received 1"),
        ([WIDE, WIDE], [WIDE, WIDE.T], "value 2: expected shape (4, 10), received (10, 4)"),
        ({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 3.0}, "b: expected 2.0, received 3.0"),
        (
            {"a": 1.0, "b": np.zeros(2), "c": 3.0},
            {"a": 2.0, "b": np.zeros((1, 2)), "c": 3.0},
            "a: expected 1.0, received 2.0; b: expected shape (2,), received (1, 2)",
        ),
        ({"dX": 1.0, "dW": 1.0}, {"dx": 1.0, "dW": 1.0}, "the key dX is missing (you have dx)"),
        ({"a": 1.0, "b": 1.0, "c": 1.0}, {"c": 1.0}, "the keys a and b are missing"),
        ({"a": 1.0}, {"a": 1.0, "z": 2.0}, "return the key a only (you have z)"),
        ({"a": 1.0}, 1.0, "expected a dictionary with the key a, received one number"),
        (0.5, Raised("ValueError", "oh" * 500), "your code raised ValueError: " + "oh" * 94 + " …"),
    ],
)
def test_differences(expected: Any, received: Any, told: str) -> None:
    assert difference(expected, received, same) == told


def two(first: Any, second: Any = 0) -> None: ...


@pytest.mark.parametrize(
    ("attempt", "case", "told"),
    [
        (two, (1.0, [2, 1]), "for first = 1.0, second = [2, 1]: "),
        (two, (WIDE, [WIDE] * 3), "for first of shape (4, 10), second of length 3: "),
        (two, ("yes", np.int64(3)), "for first = 'yes', second = 3: "),
        (lambda *case: 0, (1.0, WIDE), "for input 1.0, an array of shape (4, 10): "),
        (two, (1, 2, 3), "for input 1, 2, 3: "),
        (max, (1.0,), "for input 1.0: "),
        (3.5, (), ""),
    ],
)
def test_the_input_has_the_learners_names(attempt: Any, case: tuple[Any, ...], told: str) -> None:
    assert given(attempt, case) == told


def test_numbers_of_the_input_are_shown_where_they_matter() -> None:
    case = (np.array([0.25, 0.5, 0.75, 1.25]), 2.0)
    assert given(two, case) == "for first = [0.25, 0.5 , 0.75, 1.25], second = 2.0: "
    assert given(two, case, values=False) == "for first of shape (4,), second = 2.0: "


def test_everything_can_be_named(strange_answers: dict[str, Any]) -> None:
    for name, strange in strange_answers.items():
        texts = [kind(strange), shown(strange), shown([strange, 1.0])]
        texts += [given(two, (strange,)), difference(np.ones(2), strange, same)]
        texts.append(difference((1.0, 2.0), [1.0, strange], same))
        assert all(0 < len(text) < 200 for text in texts), name
