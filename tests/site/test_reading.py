"""What the book reads out of a notebook, and what its front page is made of."""

from __future__ import annotations

import base64
import doctest
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "_ext"


@pytest.fixture(scope="module")
def extension() -> Iterator[Any]:
    """Import extensions of the book, which import one another by their plain names."""
    pytest.importorskip("sphinx", reason="jupyter-book is a dev extra")
    before = set(sys.modules)
    sys.path.insert(0, str(EXTENSIONS))

    def load(name: str) -> ModuleType:
        return __import__(name)

    yield load
    sys.path.remove(str(EXTENSIONS))
    for name in {path.stem for path in EXTENSIONS.glob("*.py")} - before:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", sorted(path.stem for path in EXTENSIONS.glob("*.py")))
def test_the_examples_of_the_extensions_are_true(extension: Any, name: str) -> None:
    if name == "formulas":
        pytest.importorskip("sphinxcontrib.katex", reason="sphinxcontrib-katex is a dev extra")
    found = doctest.testmod(extension(name))
    assert found.failed == 0


def output(colour: str, caption: str) -> dict[str, Any]:
    """Return a figure's stored output, as `plots.show` makes it."""
    file = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(file, "WEBP", lossless=True)
    data = base64.b64encode(file.getvalue()).decode()
    image = f'<img alt="a {colour} box" width="20" style="x" src="data:image/webp;base64,{data}">'
    markup = f"<figure>{image}<figcaption><em>{caption}</em></figcaption></figure>"
    return {"data": {"text/html": markup}}


def cell(source: str, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a code cell."""
    return {
        "cell_type": "code",
        "source": source,
        "outputs": list(outputs),
        "metadata": {"tags": list(tags)},
    }


def test_the_first_figure_opens_a_chapter_unless_another_is_tagged(extension: Any) -> None:
    stored = extension("stored")
    cells = [cell("a", output("white", "one &amp; a half")), cell("b", output("black", "two"))]
    found = stored.opening_picture({"cells": cells})
    assert (found.caption, found.alt, found.width) == ("one & a half", "a white box", 20)
    assert found.is_chart
    cells[1]["metadata"]["tags"].append("opening")
    found = stored.opening_picture({"cells": cells})
    assert found.caption == "two"
    assert not found.is_chart
    assert stored.opening_picture({"cells": [cell("a")]}) is None


def test_a_photograph_is_no_chart(extension: Any) -> None:
    """Its colours must not be turned round: half white is not yet paper."""
    stored = extension("stored")
    file = io.BytesIO()
    half = Image.new("RGB", (40, 20), "white")
    half.paste("black", (0, 0, 20, 20))
    half.save(file, "WEBP", lossless=True)
    assert not stored.Picture(file.getvalue(), "half", "", 20).is_chart


def test_minutes_to_read_count_words_and_code_but_neither_solutions_nor_drawing(
    extension: Any,
) -> None:
    stored = extension("stored")
    prose = {"cell_type": "markdown", "source": "word " * 1600, "metadata": {}}
    assert stored.minutes_to_read({"cells": [prose]}) == 10
    line, hidden = "x = 1\n" * 60, "plots.show(a)\n" * 600
    cells = [prose, cell(line), cell(hidden), cell("y\n" * 600, tags=("solution",))]
    assert stored.minutes_to_read({"cells": cells}) == 15


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(x):\n    ...\n\n\nexercises.f.check(f)", True),
        ("answer = ...\nexercises.f.check(answer)", True),
        ("def f_solution(x):\n    return x\n\n\nexercises.f.check(f_solution)", False),
        ("print('...')", False),
        ("blank = ...\nclaims.equal('a', 1, 1)", False),
    ],
)
def test_an_exercise_is_a_stub_that_is_checked(extension: Any, source: str, expected: bool) -> None:
    assert extension("stored").is_exercise({"source": source}) is expected


def test_a_page_says_below_the_heading_where_its_exercises_can_be_answered(extension: Any) -> None:
    page = extension("chapter_page")
    cells = [
        {"cell_type": "markdown", "source": [line, "\n", "\n", "**Exercise 1.** Add."]}
        for line in ("## Exercises", "## Recap")
    ]
    page.lead_to_the_machine({"cells": cells})
    heading, said, exercise = cells[0]["source"].split("\n\n")
    assert (heading, exercise) == ("## Exercises", "**Exercise 1.** Add.")
    assert "](../book/run.md)" in said
    assert cells[1]["source"][0] == "## Recap"


def test_a_widgets_module_becomes_a_plain_script(extension: Any) -> None:
    front = extension("front")
    module = "export function f() {}\nfunction render() {}\nexport default { render };\n"
    script = front.plain_script(module, {"layers": [1]})
    assert "export" not in script
    assert '"layers": [1]' in script
    errors = pytest.importorskip("sphinx.errors")
    with pytest.raises(errors.ExtensionError, match="no default export"):
        front.plain_script("function render() {}", {})


def test_the_front_page_has_the_network_of_chapter_0(extension: Any) -> None:
    front = extension("front")
    chapter, network = front.stored_network(EXTENSIONS.parents[1])
    assert chapter.number == 0
    shapes = [(layer["inputs"], layer["units"]) for layer in network["layers"]]
    assert shapes == [(784, 64), (64, 10)]
    assert "A network of 50,890 weights" in front.network_markup(chapter, network)


def test_the_address_of_the_site_comes_from_the_build(
    extension: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharing = extension("sharing")
    monkeypatch.delenv("BMCOURSE_SITE", raising=False)
    monkeypatch.setenv("GITHUB_REPOSITORY", "Someone/course")
    assert sharing.site() == "https://someone.github.io/course/"
    monkeypatch.setenv("BMCOURSE_SITE", "https://course.example")
    assert sharing.site() == "https://course.example/"
    monkeypatch.delenv("BMCOURSE_SITE")
    monkeypatch.delenv("GITHUB_REPOSITORY")
    assert sharing.site() == ""
