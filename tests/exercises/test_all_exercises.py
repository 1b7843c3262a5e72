"""Every exercise of every chapter, all ways: blank, right, each mistake, something else."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pytest

import bmcourse.exercises
from bmcourse.exercises.checker import Exercise, _call

MODULES = [
    name
    for _, name, _ in pkgutil.iter_modules(bmcourse.exercises.__path__)
    if name not in ("checker", "quiz")
]
EXERCISES = [
    pytest.param(thing, id=f"{module}-{name}")
    for module in MODULES
    for name, thing in vars(importlib.import_module(f"bmcourse.exercises.{module}")).items()
    if isinstance(thing, Exercise)
]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_blank_attempts_are_not_wrong(exercise: Exercise) -> None:
    for blank in (..., None, lambda *_: None, lambda *_: ...):
        assert exercise.judge(blank).status == "blank"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_reference_is_right(exercise: Exercise) -> None:
    cases = list(exercise.cases(np.random.default_rng(0)))
    assert cases
    assert not any(type(_call(exercise.reference, case)).__name__ == "_Raised" for case in cases)
    assert exercise.judge(exercise.reference).status == "right"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_mistake_gets_its_own_hint(exercise: Exercise) -> None:
    assert len(exercise.mistakes) >= 2
    for mistake in exercise.mistakes:
        verdict = exercise.judge(mistake.function)
        assert (verdict.status, verdict.message) == ("wrong", mistake.hint)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_any_other_answer_gets_the_failing_case(exercise: Exercise) -> None:
    verdict = exercise.judge(lambda *_: "something else")
    assert verdict.status == "wrong"
    assert "expected" in verdict.message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_error_in_the_attempt_is_reported(exercise: Exercise) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    verdict = exercise.judge(broken)
    assert verdict.status == "wrong"
    assert "ZeroDivisionError: oops" in verdict.message
