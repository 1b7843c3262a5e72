"""An exercise itself: how it judges, and what it says."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from bmcourse.exercises import Exercise


def make(reference: Any, cases: list[tuple[Any, ...]], mistakes: Any = None) -> Exercise:
    return Exercise("it", reference, lambda rng: cases, mistakes or {})


def test_the_smallest_failing_case_is_named() -> None:
    exercise = make(lambda x: x, [(1.0,), (2.0,), (3.0,)])
    verdict = exercise.judge(lambda x: x if x < 2 else 0)
    assert verdict.message == "for x = 2.0: expected 2.0, received 0"


def test_numpy_scalars_are_shown_as_numbers() -> None:
    exercise = make(lambda x: np.int64(2), [(np.int64(3),)])
    assert exercise.judge(lambda x: np.False_).message == "for x = 3: expected 2, received False"


def test_shapes_are_compared_before_values() -> None:
    exercise = make(lambda: np.zeros((2, 1)), [()])
    assert exercise.judge(np.zeros(2)).message == "expected shape (2, 1), received (2,)"


def test_answers_of_uneven_parts() -> None:
    exercise = make(lambda: (1.0, np.arange(3.0)), [()])
    assert exercise.judge((1.0, np.arange(3.0))).status == "right"
    assert exercise.judge((2.0, np.arange(3.0))).status == "wrong"
    assert exercise.judge(5.0).message == "expected a tuple with 2 values, received one number"
    assert exercise.judge((1, 2, 3)).message == "expected 2 values, received 3"
    told = exercise.judge((1.0, np.zeros(3))).message
    assert told == "value 2: expected [0., 1., 2.], received [0., 0., 0.]"


def test_a_secret_answer_is_not_shown() -> None:
    exercise = Exercise("it", lambda: [[7, 8]], lambda rng: [()], instead="Think of the weather.")
    assert exercise.judge([[7, 8]]).status == "right"
    for wrong in ([[7, 9]], np.zeros((1, 2)), [[8, 7]]):
        assert exercise.judge(wrong).message == "Think of the weather."
    assert exercise.judge([1, 2]).message == "expected shape (1, 2), received a list with 2 numbers"
    assert exercise.judge(lambda: 1 / 0).message.startswith("your code raised ZeroDivisionError")
    for wrong in ([[7, 9]], [[7], 8], [7], "7", {"a": 7}, lambda: print(7)):
        assert not {*"78"} & {*exercise.judge(wrong).message}


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
    exercise = make(lambda: 0.25, [()], {"2.25": "Each error is a half."})
    assert exercise.judge(...).status == "blank"
    assert exercise.judge(0.25 + 1e-9).status == "right"
    assert exercise.judge(2.25).message == "Each error is a half."
    assert exercise.judge("0.25").status == "wrong"


@pytest.mark.parametrize("answer", [{"a": 1.0}, "text", [1.0, 2.0]])
def test_other_kinds_of_answers(answer: Any) -> None:
    exercise = make(lambda: answer, [()])
    assert exercise.judge(answer).status == "right"
    assert exercise.judge({"b": 1.0}).status == "wrong"


def test_a_mistake_may_raise_an_error() -> None:
    def third(values: list[int]) -> int:
        return values[0] + values[1] + values[2]

    cases = [([1, 2],), ([1, 2, 3],), ([1, 2, 3, 4],)]
    exercise = make(sum, cases, {third: "The list may have any length."})
    assert exercise.judge(lambda v: v[1] + v[0] + v[2]).message == "The list may have any length."
    assert exercise.judge(lambda v: v[0] + v[1] + v[-1]).message.startswith("for v = [1, 2]: exp")
    other = exercise.judge(
        lambda v: third(v) if len(v) != 3 else 0
    )  # raises where the mistake does
    assert other.message == "for v = [1, 2]: your code raised IndexError: list index out of range"
    assert "ValueError" in exercise.judge(lambda v: third(v) if len(v) > 2 else int("x")).message


def test_the_hints_own_warnings_are_not_shown(recwarn: pytest.WarningsRecorder) -> None:
    exercise = make(lambda x: x, [(np.ones(2),)], {"x / 0": "You divided by 0."})
    assert exercise.judge(lambda x: x + 1).status == "wrong"
    assert not recwarn


def empty(x: float) -> None: ...


def passing(x: float) -> None:
    pass


def described(x: float) -> None:
    """Only say what it does."""


def described_dots(x: float) -> None:
    """Say what it does."""
    ...


def dots_returned(x: float) -> Any:
    answer = ...
    return answer


@pytest.mark.parametrize("body", [empty, passing, described, described_dots, dots_returned])
def test_an_empty_body_is_blank(body: Any) -> None:
    exercise = make(lambda x: x, [(1.0,), (2.0,)])
    assert exercise.judge(body).status == "blank"


def printing(x: float) -> None:
    print(x)


def computing(x: float) -> None:
    x = 2 * x  # and no return


def looping(x: float) -> None:
    for _ in range(2):
        pass


@pytest.mark.parametrize("body", [printing, computing, looping, print, partial(printing)])
def test_a_forgotten_return_is_not_blank(body: Any) -> None:
    exercise = make(lambda x: x, [(1.0,), (2.0,)])
    told = "Your function returned nothing (None). End it with `return`."
    assert exercise.judge(body).message == told


def test_a_return_on_some_paths_only() -> None:
    exercise = make(lambda x: x, [(1.0,), (2.0,)])
    verdict = exercise.judge(lambda x: x if x < 2 else None)
    assert verdict.message == "for x = 2.0: expected one number, received nothing (None)"


def test_a_body_that_is_not_written_yet_is_blank() -> None:
    def unwritten(x: float) -> float:
        raise NotImplementedError

    exercise = make(lambda x: x, [(1.0,), (2.0,)])
    assert exercise.judge(unwritten).status == "blank"
    assert exercise.judge(lambda x: 1 / 0).status == "wrong"


def test_a_solution_of_ours_does_not_read_as_the_learners(capsys: Any) -> None:
    def double_solution(x: float) -> float:
        return 2 * x

    def wrong_solution(x: float) -> float:
        return x

    exercise = make(lambda x: 2 * x, [(1.0,)])
    for attempt in (double_solution, lambda x: x + x, wrong_solution):
        exercise.check(attempt)
    ours, theirs, wrong = capsys.readouterr().out.splitlines()
    assert ours == "✓ it: our solution is right"
    assert theirs == "✓ it: right"
    assert wrong == "✗ it: for x = 1.0: expected 2.0, received 1.0"


def single(x: np.ndarray) -> np.ndarray:
    return (np.float32(100) + x.astype(np.float32)) - np.float32(100)


SINGLE = make(lambda x: x, [(np.linspace(-2, 2, 7),), (np.linspace(0.1, 3, 400),)])


def test_float32_is_accurate_enough() -> None:
    assert SINGLE.judge(single).status == "right"
    assert SINGLE.judge(lambda x: single(x) * np.float32(1.0001)).status == "wrong"


def test_numbers_that_were_computed_in_float32_are_recognised() -> None:
    told = "Right to about five digits only. Did you compute in float32? Compute in float64."
    assert SINGLE.judge(lambda x: single(x).tolist()).message == told
    assert SINGLE.judge(lambda x: x + 4e-6).message != told


def test_a_message_shows_an_entry_that_fails() -> None:
    right = np.r_[np.full(30, 1e6), np.full(30, 1.0)]  # a gap of 0.5 is nothing there, much here
    exercise = make(lambda: right, [()])
    gaps = np.zeros(60)
    gaps[[3, 40]] = 0.5, 0.3
    assert exercise.judge(right + gaps).message == "expected 1 at [40], received 1.3"


def test_an_approximation_is_asked_about() -> None:
    exercise = make(lambda x: np.exp(x), [(0.1,), (0.2,)])
    near = exercise.judge(lambda x: 1 + x + x**2 / 2)
    assert near.message.endswith("is that an approximation, or a simulation?")
    for wrong in (lambda x: 1 + 2 * x, lambda x: np.exp(x) if x < 0.15 else 1.21):
        assert "approximation" not in exercise.judge(wrong).message
