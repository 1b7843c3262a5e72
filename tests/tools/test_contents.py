"""The course follows course.toml: a chapter is dropped, others renumbered, the rest runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bmcourse.tools import contents
from bmcourse.tools.course import ROOT, chapters
from bmcourse.tools.references import LINK, link, renumber

COPIED = ("bmcourse", "book", "notebooks", "tests", "course.toml", "conftest.py", "pyproject.toml")
NOT_COPIED = shutil.ignore_patterns("_build", "__pycache__", "vendor", ".ipynb_checkpoints")
# What a change of the list of chapters can break; the other tests do not know the chapters.
LEFT = (
    "tests/notebooks",
    "tests/test_setup.py",
    "tests/tools/test_course.py",
    "tests/site/test_book_sources.py",
    "tests/chapters/test_all_chapters.py::test_the_reference_is_right",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the checkout, without what is built."""
    root = tmp_path / "fork"
    root.mkdir()
    for name in (*COPIED, *(path.name for path in ROOT.glob("*.[mty]*"))):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=NOT_COPIED)
        else:
            shutil.copy(source, root / name)
    shutil.copytree(ROOT / ".ci", root / ".ci")
    return root


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)


def test_nothing_is_to_change() -> None:
    for page in contents.pages():
        text = page.read_text(encoding="utf-8")
        assert renumber(text, chapters()) == text
    assert contents.table(chapters()) in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_chapter_is_dropped_and_others_renumbered(copy: Path) -> None:
    """As the page *Teach with it* says: a line, a notebook, a folder, a file; then one command."""
    dropped, moved = chapters()[5], chapters()[9]
    toml = copy / "course.toml"
    text = toml.read_text(encoding="utf-8")
    text = re.sub(rf".*slug = \"{dropped.slug}\".*\n", "", text)
    line = re.search(rf".*slug = \"{moved.slug}\".*\n", text)
    assert line
    last = chapters()[-1].number + 1
    text = text.replace(line[0], "").rstrip().removesuffix("]")
    toml.write_text(f'{text}    {{ number = {last}, slug = "{moved.slug}" }},\n]\n', "utf-8")
    (copy / "notebooks" / dropped.path.name).unlink()
    shutil.rmtree(copy / "bmcourse" / "chapters" / dropped.slug)
    (copy / "tests" / "chapters" / f"test_{dropped.slug}.py").unlink()
    done = run(copy, "bmcourse", "contents")
    assert done.returncode == 0, done.stderr
    assert (copy / "notebooks" / f"{last}_{moved.slug}.ipynb").exists()
    readme = (copy / "README.md").read_text(encoding="utf-8")
    assert f"| {last} | [{moved.title}]" in readme
    assert dropped.path.name not in readme
    left = run(copy, "pytest", "-q", "-n0", "-p", "no:cacheprovider", *LEFT)
    assert left.returncode == 0, left.stdout[-3000:]


def test_a_line_without_a_notebook_is_named(copy: Path) -> None:
    (copy / "notebooks" / chapters()[2].path.name).unlink()
    done = run(copy, "bmcourse", "contents")
    assert done.returncode == 1
    assert "the notebook of losses must be one file, got 0 files" in done.stderr


def test_links_follow_the_numbers() -> None:
    every = chapters()
    text = link("Chapters 1, 2 and 4; chapter 3's figure", every)
    assert [match[0] for match in LINK.finditer(text)] == [
        "[1](01_from_neuron_to_mlp.ipynb)",
        "[2](02_losses.ipynb)",
        "[4](04_gradient_descent.ipynb)",
        "[chapter 3](03_backprop_by_hand.ipynb)",
    ]
    assert link(text, every) == text
    old = text.replace("](02_", "](12_").replace("[2]", "[12]")
    assert renumber(old, every) == text
