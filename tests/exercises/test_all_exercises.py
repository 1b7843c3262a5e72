"""Every exercise of every chapter, all ways: blank, right, each mistake, something else."""

from __future__ import annotations

import importlib
import pkgutil
from functools import partial
from typing import Any

import numpy as np
import pytest

import bmcourse.exercises
from bmcourse.exercises.answers import Raised, call
from bmcourse.exercises.checker import Exercise

MOST_CHARACTERS = 500
MODULES = [
    name
    for _, name, _ in pkgutil.iter_modules(bmcourse.exercises.__path__)
    if name not in ("checker", "quiz")
]
EXERCISES = [
    pytest.param(thing, id=f"{module}-{name}")
    for module, name, thing in {
        id(thing): (module, name, thing)
        for module in MODULES
        for name, thing in vars(importlib.import_module(f"bmcourse.exercises.{module}")).items()
        if isinstance(thing, Exercise)
    }.values()
]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_blank_attempts_are_not_wrong(exercise: Exercise) -> None:
    for blank in (..., None, lambda *_: None, lambda *_: ...):
        assert exercise.judge(blank).status == "blank"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_reference_is_right(exercise: Exercise) -> None:
    cases = list(exercise.cases(np.random.default_rng(0)))
    assert cases
    assert not any(isinstance(call(exercise.reference, case), Raised) for case in cases)
    assert exercise.judge(exercise.reference).status == "right"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_mistake_gets_its_own_hint(exercise: Exercise) -> None:
    assert len(exercise.mistakes) >= 2
    for mistake in exercise.mistakes:
        with np.errstate(all="ignore"):  # a mistake may well divide by zero
            verdict = exercise.judge(mistake.function)
        assert (verdict.status, verdict.message) == ("wrong", mistake.hint)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_any_other_answer_gets_the_failing_case(exercise: Exercise) -> None:
    verdict = exercise.judge(lambda *_: {"something": "else"})
    assert verdict.status == "wrong"
    assert "expected" in verdict.message or "missing" in verdict.message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_forgotten_return_is_named(exercise: Exercise) -> None:
    def forgetful(*case: object) -> None:
        exercise.reference(*case)

    verdict = exercise.judge(forgetful)
    assert verdict.status == "wrong"
    assert "return" in verdict.message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_any_result_leads_to_a_message(exercise: Exercise, strange_answers: dict[str, Any]) -> None:
    for name, strange in strange_answers.items():
        for answer in (strange, [strange, strange], {"dW": strange}):
            verdict = exercise.judge(partial(_same_for_all, answer))
            assert verdict.status == "wrong", name
            assert 10 < len(verdict.message) < MOST_CHARACTERS, name


def _same_for_all(answer: Any, *_: Any) -> Any:
    return answer


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_right_answer_in_a_wrapping_gets_a_short_message(exercise: Exercise) -> None:
    def wrapped(*case: object) -> object:
        return [exercise.reference(*case)]

    def spoilt(*case: object) -> object:
        return _spoil(exercise.reference(*case))

    for attempt in (wrapped, spoilt):
        verdict = exercise.judge(attempt)
        assert verdict.status == "wrong"
        assert 10 < len(verdict.message) < MOST_CHARACTERS


def _spoil(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: _spoil(value) for key, value in answer.items()}
    if isinstance(answer, (tuple, list)):
        return [_spoil(value) for value in answer]
    return np.asarray(answer, dtype=float) + 1234.5


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_error_in_the_attempt_is_reported(exercise: Exercise) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    verdict = exercise.judge(broken)
    assert verdict.status == "wrong"
    assert "ZeroDivisionError: oops" in verdict.message
