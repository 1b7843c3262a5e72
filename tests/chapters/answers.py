"""What a chapter's tests ask: what is said to a wrong answer, and which answers are right."""

from __future__ import annotations

from typing import Any

from bmcourse.exercises import Exercise, Questions


def message(exercise: Exercise, attempt: Any) -> str:
    verdict = exercise.judge(attempt)
    assert verdict.status == "wrong"
    return verdict.message


def right_answers(questions: Questions) -> list[Any]:
    """Of each question in turn: the text of the right choice, or the right number."""
    right = [next(a for a in q["answers"] if a.get("correct")) for q in questions.read()]
    return [answer.get("answer", answer.get("value")) for answer in right]
