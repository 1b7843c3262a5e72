"""A learner's copies: made for every chapter, kept up to date, never overwritten."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bmcourse.__main__ import main, to_type
from bmcourse.tools import notebook_file, pages
from bmcourse.tools.course import ROOT, chapters, find
from bmcourse.tools.open_lab import describe
from bmcourse.tools.working_copies import copies, refresh, start, working_folder


def cells(path: Path) -> list[dict[str, Any]]:
    return list(notebook_file.read(path)["cells"])


def change(path: Path, cell: int, **values: Any) -> None:
    """Do to a notebook what a learner's JupyterLab does."""
    notebook = notebook_file.read(path)
    notebook["cells"][cell].update(values)
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small checkout of its own: two chapters, glossary and notation."""
    root = tmp_path / "course"
    for folder in ("notebooks", "book"):
        (root / folder).mkdir(parents=True)
    line = "[[part]]\ntitle = 'One'\nchapters = ["
    for chapter in chapters()[1:3]:
        shutil.copy(chapter.path, root / "notebooks")
        line += f"{{ number = {chapter.number}, slug = '{chapter.slug}' }}, "
    (root / "course.toml").write_text(line + "]\n", encoding="utf-8")
    for page in pages.PAGES:
        shutil.copy(ROOT / "book" / page, root / "book")
    return root


def test_the_folder_holds_copies_and_pages_alone(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my"
    changes = refresh(folder, root=course)
    names = ["01_from_neuron_to_mlp.ipynb", "02_losses.ipynb", "glossary.md", "notation.md"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert [chapter.slug for chapter in changes.new] == ["from_neuron_to_mlp", "losses"]
    assert not any(cell.get("outputs") for cell in cells(folder / names[0]))
    again = refresh(folder, root=course)
    assert (again.new, again.updated, again.newer_edition) == ([], [], [])


def test_an_update_never_touches_what_the_learner_wrote(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my"
    refresh(folder, root=course)
    written, run = folder / "01_from_neuron_to_mlp.ipynb", folder / "02_losses.ipynb"
    change(written, 4, source="my own answer")
    change(run, 1, execution_count=1)
    kept = [written.read_bytes(), run.read_bytes()]
    for chapter in chapters(course):
        change(chapter.path, 0, source="# A new edition")
    changes = refresh(folder, root=course)
    assert [written.read_bytes(), run.read_bytes()] == kept
    assert [c.slug for c in changes.newer_edition] == ["from_neuron_to_mlp", "losses"]
    assert "python -m bmcourse start 02" in describe(changes, folder)


def test_a_copy_that_nobody_worked_on_is_replaced(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my"
    refresh(folder, root=course)
    copy = folder / "02_losses.ipynb"
    opened = notebook_file.read(copy)  # JupyterLab saves on opening: other metadata, other layout
    opened["metadata"]["language_info"]["version"] = "3.12.1"
    copy.write_text(json.dumps(opened), encoding="utf-8")
    change(course / "notebooks" / "02_losses.ipynb", 0, source="# A new edition")
    changes = refresh(folder, root=course)
    assert [chapter.slug for chapter in changes.updated] == ["losses"]
    assert notebook_file.source(cells(copy)[0]) == "# A new edition"


def test_a_renumbered_chapter_keeps_its_copy(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my"
    refresh(folder, root=course)
    toml = course / "course.toml"
    toml.write_text(toml.read_text().replace("number = 2", "number = 5"), encoding="utf-8")
    (course / "notebooks" / "02_losses.ipynb").rename(course / "notebooks" / "05_losses.ipynb")
    assert refresh(folder, root=course).new == []
    assert copies(find("5", course), folder) == [folder / "02_losses.ipynb"]


def test_pages_that_the_learner_changed_stay(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my"
    refresh(folder, root=course)
    glossary, notation = folder / "glossary.md", folder / "notation.md"
    assert "```{glossary}" not in glossary.read_text(encoding="utf-8")
    assert "**accuracy**: The share of examples" in glossary.read_text(encoding="utf-8")
    notation.write_text("my own words", encoding="utf-8")
    for page in pages.PAGES:
        (course / "book" / page).write_text("# New\n", encoding="utf-8")
    refresh(folder, root=course)
    assert glossary.read_text(encoding="utf-8").startswith("# New\n")
    assert notation.read_text(encoding="utf-8") == "my own words"


def test_one_more_copy_never_touches_an_older_one(tmp_path: Path) -> None:
    first = start("08", tmp_path)
    original = cells(find("08").path)
    assert [c["source"] for c in cells(first)] == [c["source"] for c in original]
    first.write_text("mine", encoding="utf-8")
    second, third = (start("08", tmp_path) for _ in range(2))
    assert [second.name, third.name] == [f"08_mnist_with_keras-{n}.ipynb" for n in (2, 3)]
    assert first.read_text(encoding="utf-8") == "mine"


def test_copies_for_a_class_have_no_solutions(tmp_path: Path) -> None:
    start("03", tmp_path, solutions=False)
    refresh(tmp_path, solutions=False)
    notebooks = sorted(tmp_path.glob("*.ipynb"))
    assert len(notebooks) == len(chapters())
    for path in notebooks:
        assert "_solution(" not in path.read_text(encoding="utf-8")


def test_they_lie_where_the_learner_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BMCOURSE_WORK", raising=False)
    monkeypatch.chdir(tmp_path)
    assert working_folder() == tmp_path / "my"
    monkeypatch.setenv("BMCOURSE_WORK", str(tmp_path / "elsewhere"))
    assert working_folder() == tmp_path / "elsewhere"


def test_a_fresh_copy_is_announced_with_the_older_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BMCOURSE_WORK", raising=False)
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


def test_an_unknown_chapter_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["start", "77"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("chapter must be a number, or the beginning of one name")
    assert said[1].strip() == "00_welcome"  # one name a line


def test_a_path_with_spaces_can_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert to_type(tmp_path / "my course" / "a.ipynb") == f'"{Path("my course", "a.ipynb")}"'
    assert to_type(tmp_path.parent / "a.ipynb").strip('"') == str(tmp_path.parent / "a.ipynb")
