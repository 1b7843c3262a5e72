"""What the learner has solved, told chapter by chapter."""

from __future__ import annotations

from pathlib import Path

import pytest

from bmcourse.__main__ import main
from bmcourse.chapters.welcome import exercises, questions
from bmcourse.learner import record


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = tmp_path / "folder" / "progress.jsonl"
    monkeypatch.setenv("BMCOURSE_PROGRESS", str(chosen))
    return chosen


def line_of(text: str, chapter: str) -> list[str]:
    return next(line for line in text.splitlines() if chapter in line).split()


def test_begins_with_nothing(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert main(["progress"]) == 0
    out = capsys.readouterr().out
    assert line_of(out, "welcome")[1:] == ["0", "of", "2", "0", "of", "3"]
    assert str(file) in out
    assert not file.exists()


def test_counts_what_is_solved(capsys: pytest.CaptureFixture[str]) -> None:
    record.note(exercises.dense_parameters.name)
    record.note(questions.names()[2])
    record.note("something else")
    main(["progress"])
    out = capsys.readouterr().out
    assert line_of(out, "welcome")[1:] == ["1", "of", "2", "1", "of", "3"]
    assert line_of(out, "losses")[1:] == ["0", "of", "4", "0", "of", "3"]
