"""The checker itself: how it compares, and what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.exercises.checker import Exercise, Mistake


def make(reference: Any, cases: list[tuple[Any, ...]], *mistakes: Mistake) -> Exercise:
    return Exercise("it", reference, lambda rng: cases, mistakes)


def test_the_smallest_failing_case_is_named() -> None:
    exercise = make(lambda x: x, [(1.0,), (2.0,), (3.0,)])
    verdict = exercise.judge(lambda x: x if x < 2 else 0)
    assert verdict.message == "for input 2.0, expected 2.0, received 0"


def test_numpy_scalars_are_shown_as_numbers() -> None:
    exercise = make(lambda x: np.int64(2), [(np.int64(3),)])
    assert exercise.judge(lambda x: np.False_).message == "for input 3, expected 2, received False"


def test_shapes_are_compared_before_values() -> None:
    exercise = make(lambda: np.zeros((2, 1)), [()])
    assert "expected shape (2, 1), received shape (2,)" in exercise.judge(np.zeros(2)).message


def test_answers_of_uneven_parts() -> None:
    exercise = make(lambda: (1.0, np.arange(3.0)), [()])
    assert exercise.judge((1.0, np.arange(3.0))).status == "right"
    assert exercise.judge((2.0, np.arange(3.0))).status == "wrong"
    assert "expected 2 values, received shape ()" in exercise.judge(5.0).message
    assert "expected 2 values, received 3 values" in exercise.judge((1, 2, 3)).message


def test_an_attempt_cannot_change_the_cases_of_others() -> None:
    cases = [(np.ones(2),)]

    def spoil(x: np.ndarray) -> float:
        x[:] = 0
        return 0.0

    exercise = make(lambda x: float(x.sum()), cases)
    assert exercise.judge(spoil).status == "wrong"
    assert cases[0][0].sum() == 2
    assert exercise.judge(lambda x: 2.0).status == "right"


def test_values_and_rounding() -> None:
    exercise = make(lambda: 0.25, [()], Mistake(lambda: 2.25, "Each error is a half."))
    assert exercise.judge(...).status == "blank"
    assert exercise.judge(0.25 + 1e-9).status == "right"
    assert exercise.judge(2.25).message == "Each error is a half."
    assert exercise.judge("0.25").status == "wrong"


@pytest.mark.parametrize("answer", [{"a": 1.0}, "text", [1.0, 2.0]])
def test_other_kinds_of_answers(answer: Any) -> None:
    exercise = make(lambda: answer, [()])
    assert exercise.judge(answer).status == "right"
    assert exercise.judge({"b": 1.0}).status == "wrong"


def test_a_body_that_is_not_written_yet_is_blank() -> None:
    def unwritten(x: float) -> float:
        raise NotImplementedError

    exercise = make(lambda x: x, [(1.0,), (2.0,)])
    assert exercise.judge(unwritten).status == "blank"
    assert exercise.judge(lambda x: 1 / 0).status == "wrong"
