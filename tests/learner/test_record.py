"""What a learner solved is kept, whatever happens to the file."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import bmcourse
from bmcourse.exercises import Exercise
from bmcourse.learner import record

ROOT = Path(bmcourse.__file__).parents[1]


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = tmp_path / "folder" / "progress.jsonl"
    monkeypatch.setenv("BMCOURSE_PROGRESS", str(chosen))
    return chosen


@pytest.fixture
def in_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmcourse.exercises.exercise.in_notebook", lambda: True)


@pytest.mark.usefixtures("in_notebook")
def test_a_right_answer_is_noted_once(file: Path) -> None:
    double = Exercise("double", lambda x: 2 * x, lambda rng: [(1.0,)])
    double.check(lambda x: 0)
    assert record.solved() == set()
    double.check(lambda x: x + x)
    double.check(lambda x: x + x)
    assert record.solved() == {"double"}
    assert file.read_text().count("double") == 1


@pytest.mark.usefixtures("in_notebook")
def test_our_own_solutions_do_not_count() -> None:
    def double_solution(x: float) -> float:
        return 2 * x

    Exercise("double", lambda x: 2 * x, lambda rng: [(1.0,)]).check(double_solution)
    assert record.solved() == set()


def test_outside_a_notebook_nothing_is_written(file: Path) -> None:
    Exercise("double", lambda x: 2 * x, lambda rng: [(1.0,)]).check(lambda x: x + x)
    assert not file.exists()


def test_a_line_cut_short_costs_that_line_only(file: Path) -> None:
    record.note("first")
    content = file.read_bytes()
    file.write_bytes(content + content[: len(content) // 2])
    record.note("second")
    file.write_bytes(file.read_bytes() + b"\xff\xfe[1]\n7\n")
    assert record.solved() == {"first", "second"}


def test_many_at_once_lose_nothing() -> None:
    names = [f"exercise {n}" for n in range(40)]
    threads = [threading.Thread(target=record.note, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert record.solved() == set(names)


def test_unwritable_folder_is_said_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BMCOURSE_PROGRESS", str(tmp_path / "file" / "progress.jsonl"))
    record.note("first")
    assert "could not be noted" in capsys.readouterr().out


def test_questions_noted_under_the_number_of_a_chapter_still_count(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"solved": "02_losses, question 1"}\n{"solved": "10_fold, way"}\n')
    assert record.solved() == {"losses, question 1", "10_fold, way"}


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("BMCOURSE_PROGRESS", "~/p.jsonl")
    record.note("first")
    assert (home / "p.jsonl").exists()
    assert [*here.iterdir()] == []


HOMELESS = """
import os, pwd
pwd.getpwuid = {}.__getitem__  # as for a user who has no entry: KeyError
from bmcourse.learner import record
record.note("first")
print(record.solved())
from bmcourse.tools import progress_report
print(progress_report.report().splitlines()[-1])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows always has a profile")
@pytest.mark.parametrize("given", ["", "~/p.jsonl"])
def test_no_home_stops_nothing(tmp_path: Path, given: str) -> None:
    home = {"HOME", "XDG_DATA_HOME", "BMCOURSE_PROGRESS"}
    environment = {name: value for name, value in os.environ.items() if name not in home}
    run = subprocess.run(
        [sys.executable, "-c", HOMELESS],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT), "BMCOURSE_PROGRESS": given},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    told, solved, kept = run.stdout.splitlines()
    assert "could not be noted: no home folder; let BMCOURSE_PROGRESS name" in told
    assert solved == "set()"
    assert kept.startswith("Nothing can be kept: no home folder")
    assert [*tmp_path.iterdir()] == []
