"""Which chapters there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bmcourse.tools.course import ROOT, chapters, find


def test_every_notebook_is_a_chapter_and_every_chapter_has_its_files() -> None:
    every = chapters()
    assert [c.path for c in every] == sorted((ROOT / "notebooks").glob("*.ipynb"))
    folders = {p.parent.name for p in (ROOT / "bmcourse" / "chapters").glob("*/__init__.py")}
    assert {chapter.slug for chapter in every} == folders


def test_every_chapter_says_what_it_asks_and_needs() -> None:
    for chapter in chapters():
        assert chapter.title
        assert chapter.question.endswith("?")
        assert chapter.needs


@pytest.mark.parametrize("wanted", ["3", "03", "03_back", "backprop_by"])
def test_find(wanted: str) -> None:
    assert find(wanted).name == "03_backprop_by_hand"


@pytest.mark.parametrize("wanted", ["", "77", "../03", "x", "backprop"])
def test_find_refuses(wanted: str) -> None:
    with pytest.raises(ValueError, match="chapter must be a number, or the beginning of one name"):
        find(wanted)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["{ number = 2, slug = 'b' }", "{ number = 1, slug = 'a' }"], "rising, each once"),
        (["{ number = 1, slug = 'a' }", "{ number = 1, slug = 'b' }"], "rising, each once"),
        (["{ number = 1, slug = 'a' }", "{ number = 2, slug = 'a' }"], "slugs"),
        (["{ slug = 'a' }"], "a number and a slug"),
        (["{ number = '1', slug = 'a' }"], "a number and a slug"),
        (["{ number = 1, slug = '../a' }"], "a number and a slug"),
    ],
)
def test_bad_lines_are_refused(lines: list[str], expected: str, tmp_path: Path) -> None:
    text = f"[[part]]\ntitle = 'One'\nchapters = [{', '.join(lines)}]\n"
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=expected):
        chapters(tmp_path)


def test_a_package_without_its_checkout_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Get the repository of the course"):
        chapters(tmp_path)
