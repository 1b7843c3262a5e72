from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from bmcourse import editions
from bmcourse.__main__ import _to_type, main
from bmcourse.chapters.welcome import exercises


def code(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


@pytest.mark.parametrize("chapter", ["3", "03", "03_back"])
def test_find(chapter: str) -> None:
    assert editions.find(chapter).stem == "03_backprop_by_hand"


@pytest.mark.parametrize("chapter", ["", "77", "../03", "x"])
def test_find_refuses(chapter: str) -> None:
    with pytest.raises(ValueError, match="chapter must be the beginning of one of 00_welcome"):
        editions.find(chapter)


def test_a_working_copy_never_touches_an_older_one(tmp_path: Path) -> None:
    first = editions.start("08", target=tmp_path)
    assert code(first) == code(editions.find("08"))
    assert all(not c.get("outputs") for c in json.loads(first.read_text("utf-8"))["cells"])
    first.write_text("mine", encoding="utf-8")
    second, third = (editions.start("08", target=tmp_path) for _ in range(2))
    assert [second.name, third.name] == [f"08_mnist_with_keras-{n}.ipynb" for n in (2, 3)]
    assert first.read_text(encoding="utf-8") == "mine"


def test_a_fresh_copy_is_announced_with_the_older_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my"
    for name in ("start", "copies"):
        monkeypatch.setattr(editions, name, partial(getattr(editions, name), target=folder))
    stems = (f"08_mnist_with_keras{ending}" for ending in ("", "-2", "-3"))
    first, second, third = (str(Path("my", f"{stem}.ipynb")) for stem in stems)
    said = []
    for _ in range(3):
        assert main(["start", "08"]) == 0
        said.append(capsys.readouterr().out.splitlines())
    assert said[0] == [f"A fresh copy: {first}", f"Open it with: python -m jupyterlab {first}"]
    assert said[1][0] == f"You already have {first}."
    assert said[2][0] == f"You already have {first} and {second}."
    assert said[2][1:] == [f"A fresh copy: {third}", f"Open it with: python -m jupyterlab {third}"]


def test_a_path_with_spaces_can_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _to_type(tmp_path / "my course" / "a.ipynb") == f'"{Path("my course", "a.ipynb")}"'
    assert _to_type(tmp_path.parent / "a.ipynb").strip('"') == str(tmp_path.parent / "a.ipynb")


def test_the_student_edition_holds_no_solution(tmp_path: Path) -> None:
    target = tmp_path / "class"
    written = editions.student(target)
    originals = sorted(editions.NOTEBOOKS.glob("*.ipynb"))
    assert [p.name for p in written] == [p.name for p in originals]
    for path, original in zip(written, originals, strict=True):
        solutions = [
            "".join(c["source"])
            for c in json.loads(original.read_text(encoding="utf-8"))["cells"]
            if "solution" in c["metadata"].get("tags", [])
        ]
        assert len(solutions) >= 2
        text = path.read_text(encoding="utf-8")
        assert "_solution(" not in text
        assert '"solution"' not in text
        assert len(code(path)) == len(code(original)) - len(solutions)
        assert not set(code(path)) & set(solutions)


def test_the_student_edition_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    with pytest.raises(ValueError, match="target must be a folder that does not exist yet"):
        editions.student(tmp_path / "class")


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["student", str(tmp_path / "class")]) == 0
    assert "notebooks without solutions" in capsys.readouterr().out
    assert main(["student", str(tmp_path / "class")]) == 1
    assert "must be a folder" in capsys.readouterr().err
    assert main(["start", "77"]) == 1
    assert "chapter must be" in capsys.readouterr().err


def test_every_exercise_can_be_graded(tmp_path: Path) -> None:
    assert main(["student", "--nbgrader", str(tmp_path / "class")]) == 0
    for original in sorted(editions.NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(original.read_text(encoding="utf-8"))["cells"]
        solutions = sum("solution" in cell["metadata"].get("tags", []) for cell in cells)
        marked = json.loads((tmp_path / "class" / original.name).read_text(encoding="utf-8"))
        marks = [c["metadata"].get("nbgrader") for c in marked["cells"]]
        points = [mark["points"] for mark in marks if mark and mark["grade"]]
        assert points == [1] * solutions
        names = [mark["grade_id"] for mark in marks if mark]
        assert len(set(names)) == len(names) == 2 * solutions


def test_a_grading_cell_fails_unless_the_answer_is_right() -> None:
    exercises.dense_parameters.require(exercises.dense_parameters.reference)
    with pytest.raises(AssertionError, match="not attempted yet"):
        exercises.dense_parameters.require(...)
    with pytest.raises(AssertionError, match=r"expected|bias"):
        exercises.dense_parameters.require(lambda sizes: 0)
