"""Copies for Colab: whole notebooks whose first code cell installs the course."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from bmcourse.tools import colab
from bmcourse.tools.course import chapters

ADDRESS = "https://github.com/someone/course"


def test_each_copy_installs_the_course_first_and_is_the_chapter_otherwise(tmp_path: Path) -> None:
    written = colab.write(ADDRESS, tmp_path / "new")
    assert [path.name for path in written] == [chapter.path.name for chapter in chapters()]
    for chapter, path in list(zip(chapters(), written, strict=True))[::9]:
        copy, own = nbformat.read(path, 4), nbformat.read(chapter.path, 4)
        nbformat.validate(copy)
        code = [cell for cell in copy.cells if cell.cell_type == "code"]
        assert f'"bmcourse @ git+{ADDRESS}"' in code[0].source
        rest = [cell.source for cell in copy.cells if cell is not code[0]]
        assert rest == [cell.source for cell in own.cells]
        assert not any(cell.outputs for cell in code)


def test_what_is_no_repository_and_a_folder_with_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="HOST/OWNER/NAME"):
        colab.write("somewhere", tmp_path / "a")
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ValueError, match="empty folder"):
        colab.write(ADDRESS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
