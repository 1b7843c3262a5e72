"""The class edition: no solution in it, every exercise graded, and it runs where it lies."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from bmcourse import results
from bmcourse.__main__ import main
from bmcourse.chapters.welcome import exercises
from bmcourse.tools import notebook_file
from bmcourse.tools.class_edition import exercise_cells, write_class_edition
from bmcourse.tools.course import Chapter, chapters

EVERY = pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.slug)


def code(cells: list[dict[str, Any]]) -> list[str]:
    return [notebook_file.source(c) for c in cells if c["cell_type"] == "code"]


def solutions(chapter: Chapter) -> list[str]:
    cells = notebook_file.read(chapter.path)["cells"]
    return code([c for c in cells if "solution" in c["metadata"].get("tags", [])])


def test_it_holds_no_solution(tmp_path: Path) -> None:
    target = tmp_path / "class"
    written = write_class_edition(target)
    assert [path.name for path in written] == [chapter.path.name for chapter in chapters()]
    for path, chapter in zip(written, chapters(), strict=True):
        ours = solutions(chapter)
        assert len(ours) >= 2
        text = path.read_text(encoding="utf-8")
        assert "_solution(" not in text
        assert '"solution"' not in text
        cells = code(notebook_file.read(path)["cells"])
        assert len(cells) == len(code(notebook_file.read(chapter.path)["cells"])) - len(ours)
        assert not set(cells) & set(ours)


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    with pytest.raises(ValueError, match="target must be a folder that does not exist yet"):
        write_class_edition(tmp_path / "class")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["student", str(tmp_path / "class")]) == 0
    assert "notebooks without solutions" in capsys.readouterr().out
    assert main(["student", str(tmp_path / "class")]) == 1
    assert "must be a folder" in capsys.readouterr().err


@pytest.mark.parametrize("alone", [False, True])
def test_every_exercise_can_be_graded(alone: bool, tmp_path: Path) -> None:
    options = ["--exercises-only"] if alone else []
    assert main(["student", "--nbgrader", *options, str(tmp_path / "class")]) == 0
    for chapter in chapters():
        count = len(solutions(chapter))
        marked = notebook_file.read(tmp_path / "class" / chapter.path.name)
        marks = [c["metadata"].get("nbgrader") for c in marked["cells"]]
        points = [mark["points"] for mark in marks if mark and mark["grade"]]
        assert points == [1] * count
        names = [mark["grade_id"] for mark in marks if mark]
        assert len(set(names)) == len(names) == 2 * count


@EVERY
def test_the_exercises_alone_run_without_the_chapter(chapter: Chapter) -> None:
    """Blanks and solutions need nothing but the imports that the edition keeps."""
    cells = exercise_cells(notebook_file.read(chapter.path)["cells"])
    names: dict[str, Any] = {"__name__": "edition"}
    for text in code(cells):
        exec(compile(text, chapter.slug, "exec"), names)
    kept = {alias for text in code(cells)[:1] for alias in _modules(text)}
    assert not kept & {"tensorflow", "torch", "matplotlib"}


def test_blanks_inside_the_text_come_first_with_what_they_ask() -> None:
    (path,) = [c.path for c in chapters() if c.slug == "convolution_and_pooling"]
    cells = exercise_cells(notebook_file.read(path)["cells"])
    kinds = [cell["cell_type"] for cell in cells[2:5]]
    assert kinds == ["markdown", "code", "code"]
    assert "Dilation" in notebook_file.source(cells[2])
    assert "def dilated_size(n, k, dilation):" in notebook_file.source(cells[3])
    assert notebook_file.is_solution(cells[4])
    assert notebook_file.source(cells[5]).startswith("## Exercises")


def _modules(text: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.slow
def test_an_edition_runs_elsewhere(tmp_path: Path) -> None:
    write_class_edition(tmp_path / "class")
    path = next((tmp_path / "class").glob("*_losses.ipynb"))
    resources = {"metadata": {"path": str(tmp_path / "class")}}
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()


@EVERY
def test_stored_results_are_read_from_the_package(
    chapter: Chapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = "\n".join(code(notebook_file.read(chapter.path)["cells"]))
    assert "../" not in source
    for name in re.findall(r'results\.load\("(\w+)"\)', source):
        assert results.load(name)["command"].startswith("python benchmarks/")


def test_a_grading_cell_fails_unless_the_answer_is_right() -> None:
    exercises.dense_parameters.require(exercises.dense_parameters.reference)
    with pytest.raises(AssertionError, match="not attempted yet"):
        exercises.dense_parameters.require(...)
    with pytest.raises(AssertionError, match=r"expected|bias"):
        exercises.dense_parameters.require(lambda sizes: 0)


def test_no_json_is_lost(tmp_path: Path) -> None:
    for path in write_class_edition(tmp_path / "class", exercises_only=True):
        nbformat.validate(json.loads(path.read_text(encoding="utf-8")))
