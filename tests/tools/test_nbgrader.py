from __future__ import annotations

from bmcourse.tools.nbgrader import mark_cells

EXERCISE = "def g(x):\n    ...\n\n\nexercises.g.check(g)"


def code(source: str) -> dict:
    return {"cell_type": "code", "id": "x", "metadata": {"tags": ["a"]}, "source": source}


def test_only_cells_that_end_in_a_check_are_marked() -> None:
    words = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "exercises.f.check(f)"}
    cells = [
        words,
        code("x = 1"),
        code("exercises.f.check(f)\nx = 1"),
        code(EXERCISE),
    ]
    marked = mark_cells(cells)
    assert marked[:3] == cells[:3]
    answer, grader = marked[3:]
    assert answer["metadata"]["tags"] == ["a"]
    assert answer["metadata"]["nbgrader"]["solution"] is True
    marks = "    ### BEGIN SOLUTION\n    ...\n    ### END SOLUTION"
    assert answer["source"] == EXERCISE.replace("    ...", marks)
    assert grader["source"] == "exercises.g.require(g)"
    assert grader["metadata"]["nbgrader"]["grade"] is True
    assert "nbgrader" not in cells[3]["metadata"]
