"""Hints: how usual mistakes are read, and which slips are named in every exercise."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import Exercise
from bmcourse.exercises.comparing import Raised, equal
from bmcourse.exercises.hints import numeric_slip, read_mistakes, usual_slip

same = partial(equal, rtol=1e-6, atol=1e-9)
ROWS = np.arange(40.0).reshape(4, 10)
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


def exercise(right: Any, **options: Any) -> Exercise:
    cases = [(0.12345, 2.0), (0.54321, 3.0)]
    return Exercise("it", right, lambda rng: cases, **options)


def test_an_exercise_tells_them_after_its_own_hints() -> None:
    product = exercise(lambda x, y: x * y, mistakes={"-x * y": "Not downhill."})
    assert product.judge(lambda x, y: round(x * y, 3)).message == ROUNDED
    assert product.judge(lambda x, y: -x * y).message == "Not downhill."
    assert exercise(lambda x, y: x * y).judge(lambda x, y: -x * y).message == SIGN
    assert exercise(lambda x, y: x / y).judge(lambda x, y: 100 * x / y).message == SHARE


def test_a_secret_answer_is_not_told() -> None:
    secret = Exercise("it", lambda: [1, -2], lambda rng: [()], instead="Think again.")
    assert secret.judge([-1, 2]).message == "Think again."


@pytest.mark.parametrize(
    ("expected", "answers", "hint"),
    [
        ([1.0, 2.0], [None, None], "Your function returned nothing (None). End it with `return`."),
        ([1.0, 2.0], [None, 2.0], None),
        ([0.5, 0.25], ["50.0%", "25.0%"], "Return a number, not a text."),
        ([0.5, 0.25], ["50.0%", 0.25], None),
        (["yes"], ["no"], None),
        (
            [{"dX": ROWS, "db": 1.0}],
            [(ROWS, 1.0)],
            "The numbers are right. Return them in a dictionary with the keys dX and db.",
        ),
        ([{"dX": ROWS, "db": 1.0}], [(ROWS, 2.0)], None),
        (
            [(1, 2, 3), (4, 5, 6)],
            [(2, 3, 1), (5, 6, 4)],
            "The values are right, but their order is not.",
        ),
        ([(1, 2, 3), (4, 5, 6)], [(2, 3, 1), (6, 5, 4)], None),
        ([(1, 2), (4, 5)], [(2, 1), (4, 5, 6)], None),
    ],
)
def test_slips_of_every_exercise(expected: list[Any], answers: list[Any], hint: str | None) -> None:
    assert usual_slip(expected, answers, same) == hint


def half(x: float) -> float:
    return x / 2


def test_mistakes_are_read_with_the_names_of_the_reference() -> None:
    def reference(x: float, y: float, *, turned: bool = False) -> float:
        return y / x if turned else x / y

    rows = {"reference(x, y, turned=True)": "a", half: "b", "[n * SCALE for n in (x, y)]": "c"}
    with pytest.raises(ValueError, match=r"known names only, got reference in 'ref"):
        read_mistakes(rows, reference)  # local names are out of its reach: only those of the module
    (first, _), (second, _) = read_mistakes({"half(x) + y": "a", half: "b"}, reference)
    assert (first(1, 2), second) == (2.5, half)
    [(third, hint)] = read_mistakes({"[n * len(SIGN) for n in (x, y)]": "c"}, reference)
    assert (third(1, 0), hint) == ([len(SIGN), 0], "c")


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("x +", "must be an expression, got 'x \\+'"),
        ("x = 3", "must be an expression"),
        ("x * scale", "known names only, got scale in 'x \\* scale'"),
        ("[a for b in x]", "got a in"),
        ("(lambda s: s + t)(x)", "got t in"),
    ],
)
def test_a_mistake_that_cannot_be_read_is_an_error(expression: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_mistakes({expression: "hint"}, lambda x: x)


def test_the_order_of_mistakes_is_kept() -> None:
    both = {"x": "The first.", "1 * x": "The second."}
    assert (
        Exercise("it", lambda x: -x, lambda rng: [(1.0,)], both).judge(abs).message == "The first."
    )
