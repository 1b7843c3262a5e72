"""What a learner solved is kept, whatever happens to the file."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest

from bmcourse.__main__ import main
from bmcourse.editions import NOTEBOOKS
from bmcourse.exercises import progress, quiz, welcome
from bmcourse.exercises.checker import Exercise

CHAPTERS = sorted(file.stem for file in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = tmp_path / "folder" / "progress.jsonl"
    monkeypatch.setenv("BMCOURSE_PROGRESS", str(chosen))
    return chosen


@pytest.fixture
def in_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmcourse.exercises.checker.in_notebook", lambda: True)


def line_of(text: str, chapter: str) -> list[str]:
    return next(line for line in text.splitlines() if line.startswith(chapter)).split()


def test_begins_with_nothing(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert main(["progress"]) == 0
    out = capsys.readouterr().out
    assert line_of(out, "00_welcome")[1:] == ["0", "of", "2", "0", "of", "3"]
    assert str(file) in out
    assert not file.exists()


@pytest.mark.usefixtures("in_notebook")
def test_right_answers_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    def mine(sizes: list[int]) -> int:
        return welcome.dense_parameters.reference(sizes)

    welcome.dense_parameters.check(lambda sizes: 0)
    assert progress.solved() == set()
    welcome.dense_parameters.check(mine)
    welcome.dense_parameters.check(mine)
    progress.record(progress.question("00_welcome", 2))
    capsys.readouterr()
    main(["progress"])
    out = capsys.readouterr().out
    assert line_of(out, "00_welcome")[1:] == ["1", "of", "2", "1", "of", "3"]
    assert line_of(out, "01_")[1] == "0"


@pytest.mark.usefixtures("in_notebook")
def test_our_own_solutions_do_not_count() -> None:
    def double_solution(x: float) -> float:
        return 2 * x

    Exercise("double", lambda x: 2 * x, lambda rng: [(1.0,)]).check(double_solution)
    assert progress.solved() == set()


def test_outside_a_notebook_nothing_is_written(file: Path) -> None:
    welcome.dense_parameters.check(welcome.dense_parameters.reference)
    assert not file.exists()


def test_a_line_cut_short_costs_that_line_only(file: Path) -> None:
    progress.record("first")
    content = file.read_bytes()
    file.write_bytes(content + content[: len(content) // 2])
    progress.record("second")
    file.write_bytes(file.read_bytes() + b"\xff\xfe[1]\n7\n")
    assert progress.solved() == {"first", "second"}


def test_many_at_once_lose_nothing() -> None:
    names = [f"exercise {n}" for n in range(40)]
    threads = [threading.Thread(target=progress.record, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.solved() == set(names)


def test_unwritable_folder_is_said_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BMCOURSE_PROGRESS", str(tmp_path / "file" / "progress.jsonl"))
    progress.record("first")
    assert "could not be noted" in capsys.readouterr().out


def test_names_are_unique() -> None:
    count = Counter(name for chapter in CHAPTERS for name in progress.exercises(chapter))
    assert [name for name, times in count.items() if times > 1] == []
    assert all(len(quiz.questions(chapter)) == 3 for chapter in CHAPTERS)
