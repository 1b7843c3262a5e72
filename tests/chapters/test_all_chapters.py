"""What holds for every exercise and every quick question of every chapter."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bmcourse import chapters
from bmcourse.exercises import Exercise, Questions
from bmcourse.exercises.comparing import Raised, call
from bmcourse.tools import course

MOST_CHARACTERS = 500
MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(chapters.__path__, f"{chapters.__name__}.")
]
CHAPTERS = {m.__name__.split(".")[2]: m for m in MODULES if m.__name__.count(".") == 2}


def exercises(module: ModuleType) -> dict[str, Exercise]:
    return {name: thing for name, thing in vars(module).items() if isinstance(thing, Exercise)}


EXERCISES = [
    pytest.param(exercise, id=f"{chapter}-{name}")
    for chapter in CHAPTERS
    for name, exercise in exercises(
        importlib.import_module(f"{chapters.__name__}.{chapter}.exercises")
    ).items()
]
QUESTIONS = [pytest.param(chapter.questions, id=name) for name, chapter in CHAPTERS.items()]


def test_the_course_lists_these_chapters() -> None:
    assert {chapter.slug for chapter in course.chapters()} == {*CHAPTERS}


def test_a_chapter_offers_all_its_exercises() -> None:
    offered = {id(parameter.values[0]) for parameter in EXERCISES}
    for module in MODULES:
        assert {id(exercise) for exercise in exercises(module).values()} <= offered


def test_names_are_unique() -> None:
    count = Counter(parameter.values[0].name for parameter in EXERCISES)
    assert [name for name, times in count.items() if times > 1] == []


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
    assert len(exercise.wrong) >= 2
    for function, hint in exercise.wrong:
        with np.errstate(all="ignore"):  # a mistake may well divide by zero
            verdict = exercise.judge(function)
        assert (verdict.status, verdict.message) == ("wrong", hint)


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


@pytest.mark.parametrize("questions", QUESTIONS)
def test_questions_have_one_right_answer_and_feedback_to_each(questions: Questions) -> None:
    asked = questions.read()
    assert len(asked) == 3
    for question in asked:
        assert question["type"] in ("multiple_choice", "numeric")
        assert len([a for a in question["answers"] if a.get("correct")]) == 1
        assert all(len(a["feedback"]) > 10 for a in question["answers"])
        assert "$" not in question["question"]


def test_order_of_choices_is_steady_and_tells_nothing() -> None:
    places = []
    for chapter in CHAPTERS.values():
        assert chapter.questions.read() == chapter.questions.read()
        for question in chapter.questions.read():
            if question["type"] == "multiple_choice":
                places.append([bool(a.get("correct")) for a in question["answers"]].index(True))
    assert {0, 1, 2} <= set(places)
    assert max(places.count(place) for place in places) < 0.6 * len(places)
