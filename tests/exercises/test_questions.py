"""Quick questions: read, asked, and noted when solved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bmcourse.exercises import Questions
from bmcourse.learner import record
from bmcourse.widgets.quick_questions import QuickQuestions


@pytest.fixture
def questions(tmp_path: Path) -> Questions:
    folder = tmp_path / "sums"
    folder.mkdir()
    choices = [{"answer": f"{n}", "correct": n == 2, "feedback": "No."} for n in range(9)]
    asked = [{"question": f"{n}?", "type": "multiple_choice", "answers": choices} for n in (1, 2)]
    number = {"question": "3?", "type": "numeric", "answers": [{"type": "default"}]}
    (folder / "questions.json").write_text(json.dumps([*asked, number]), encoding="utf-8")
    return Questions(str(folder / "__init__.py"))


def test_choices_are_shuffled_the_same_way_each_time(questions: Questions) -> None:
    texts = [[a["answer"] for a in question["answers"]] for question in questions.read()[:2]]
    assert texts == [[a["answer"] for a in q["answers"]] for q in questions.read()[:2]]
    assert texts[0] != texts[1]
    assert all(sorted(order) == [*"012345678"] != order for order in texts)


def test_right_answers_reach_the_record(
    questions: Questions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BMCOURSE_PROGRESS", str(tmp_path / "progress.jsonl"))
    shown: list[QuickQuestions] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    questions.ask()
    assert "3 quick questions" in capsys.readouterr().out
    assert shown[0].questions == questions.read()
    shown[0].solved = [0]
    shown[0].solved = [0, 2]
    assert record.solved() == {"sums, question 1", "sums, question 3"}
