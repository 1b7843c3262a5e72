"""Mark the exercises of a notebook for nbgrader: a cell to fill in, and a cell that grades it."""

from __future__ import annotations

import re
from typing import Any

CHECK = re.compile(r"(?m)^([\w.]+)\.check\((\w+)\)\s*\Z")
BLANK = re.compile(r"(?m)^( *)((?:\w+ = )?\.\.\.)$")
Cell = dict[str, Any]


def mark_cells(cells: list[Cell]) -> list[Cell]:
    """Return the cells with nbgrader's metadata, and a grading cell after each exercise.

    Parameters
    ----------
    cells : list of dict
        Cells of a notebook without its solutions, as JSON. They are not changed.

    Returns
    -------
    list of dict
        Each cell that ends in ``exercises.NAME.check(ATTEMPT)`` is an autograded answer, its
        blank between nbgrader's solution marks; the new cell after it raises an error unless the
        attempt is right, and is worth one point.

    References
    ----------
    nbgrader's documentation, "Creating and grading assignments"; metadata schema version 3.

    Examples
    --------
    >>> blank = {"cell_type": "code", "id": "a", "metadata": {},
    ...          "source": "def f(x):\\n    ...\\n\\n\\nexercises.f.check(f)"}
    >>> [cell["source"].splitlines()[-1] for cell in mark_cells([blank])]
    ['exercises.f.check(f)', 'exercises.f.require(f)']
    """
    marked: list[Cell] = []
    for cell in cells:
        found = CHECK.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if not found:
            marked.append(cell)
            continue
        name = found[1].replace(".", "-")
        source = BLANK.sub(r"\1### BEGIN SOLUTION\n\1\2\n\1### END SOLUTION", found.string)
        metadata = {**cell["metadata"], **_answer(name)}
        marked.append({**cell, "metadata": metadata, "source": source})
        marked.append(_grader(found, name))
    return marked


def _answer(name: str) -> dict[str, Any]:
    kind = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}
    return {"nbgrader": {"grade_id": name, **kind}}


def _grader(found: re.Match[str], name: str) -> Cell:
    kind = {"grade": True, "locked": True, "schema_version": 3, "solution": False, "task": False}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"grade-{name}"[:64],
        "metadata": {"nbgrader": {"grade_id": f"grade-{name}", "points": 1, **kind}},
        "outputs": [],
        "source": f"{found[1]}.require({found[2]})",
    }
