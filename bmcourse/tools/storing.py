"""Execute a notebook from a fresh kernel and store it, so that a change gives a small diff."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bmcourse.tools import notebook_file
from bmcourse.tools.course import MINUTES, minutes, slug_of

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
MINUTES_LINE = re.compile(r"(?m)^\*\*Time:\*\* .*$")


class FailedCellError(RuntimeError):
    """A cell of a notebook raised an error, so the notebook was not stored."""


def execute(path: Path, *, timeout: float = 1200) -> float:
    """Execute a notebook in a fresh kernel, store its outputs and its measured time.

    The time goes into `minutes.toml` beside the notebook and into the line that begins with
    ``**Time:**`` in its first cell. Nothing is written if a cell fails.

    Parameters
    ----------
    path : Path
        The notebook.
    timeout : float
        Longest time for one cell, in seconds.

    Returns
    -------
    float
        Minutes from the start of the kernel to the end of the last cell.

    Raises
    ------
    FailedCellError
        If a cell raises an error; the message names the notebook, the cell and the error.
    ValueError
        If the file is no notebook.
    OSError
        If the file cannot be read or written.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (nbformat.ValidationError, ValueError, AttributeError, KeyError) as error:
        raise ValueError(f"{path} must be a notebook (.ipynb), got another kind of file") from error
    normalise(notebook)
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    begin = time.perf_counter()
    try:
        client.execute(env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"})
    except CellExecutionError as error:
        raise FailedCellError(_failure(path, notebook, error)) from error
    measured = (time.perf_counter() - begin) / 60
    _state_minutes(notebook, measured)
    normalise(notebook, outputs=False)
    notebook_file.write(path, _number_widgets(nbformat.writes(notebook)) + "\n")
    _record_minutes(path, measured)
    return measured


def normalise(notebook: dict, *, outputs: bool = True) -> None:
    """Keep only the metadata that readers or tests need; derive the cells' ids from their text.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place.
    outputs : bool
        Also drop outputs and execution counts.
    """
    widgets = notebook["metadata"].get("widgets")
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    if widgets and not outputs:
        notebook["metadata"]["widgets"] = widgets
    notebook["nbformat_minor"] = 5
    name_cells(notebook["cells"])
    for cell in notebook["cells"]:
        kept = {"tags", "jupyter", "mystnb", "nbgrader"}
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k in kept}
        if cell["cell_type"] == "code" and outputs:
            cell["outputs"], cell["execution_count"] = [], None


def name_cells(cells: Sequence[notebook_file.Cell]) -> None:
    """Derive each cell's id from its text, so that the same text has the same id."""
    seen: Counter[str] = Counter()
    for cell in cells:
        digest = hashlib.sha256(notebook_file.source(cell).encode()).hexdigest()[:10]
        seen[digest] += 1
        cell["id"] = f"{digest}-{seen[digest]}"


def _failure(path: Path, notebook: dict, error: Any) -> str:
    """Say which cell failed, as JupyterLab numbers it, with its text and the error's last line."""
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    failed = [any(o["output_type"] == "error" for o in cell["outputs"]) for cell in code]
    number = failed.index(True) + 1
    cell = code[number - 1]
    printed = "".join(o["text"] for o in cell["outputs"] if o["output_type"] == "stream")
    head = f"{path.name}, cell In [{number}]: {error.ename}: {error.evalue}"
    return f"{head}\n\n{notebook_file.source(cell)}\n{printed}".rstrip()


def _record_minutes(path: Path, measured: float) -> None:
    table = {**minutes(path.parent), slug_of(path): round(measured, 1)}
    head = "# Measured on a CPU with 2 cores by `python -m bmcourse execute`.\n[minutes]\n"
    rows = "".join(f"{slug} = {table[slug]}\n" for slug in sorted(table))
    notebook_file.write(path.parent / MINUTES, head + rows)


def _state_minutes(notebook: dict, minutes: float) -> None:
    line = f"**Time:** {minutes:.1f} minutes to run on 2 CPU cores (measured)."
    first = notebook["cells"][0]
    first["source"] = MINUTES_LINE.sub(line, first["source"])


def _number_widgets(text: str) -> str:
    """Replace the random ids of widgets by numbers: first those shown, then what they refer to."""
    import nbformat

    notebook = json.loads(text)
    widgets = notebook["metadata"].get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    order = dict.fromkeys(
        re.findall(r'"model_id": "([0-9a-f]{32})"', json.dumps(notebook["cells"]))
    )
    waiting = list(order)
    while waiting:
        state = json.dumps(widgets.get(waiting.pop(0), {}), sort_keys=True)
        found = [i for i in re.findall(r"IPY_MODEL_([0-9a-f]{32})", state) if i not in order]
        order.update(dict.fromkeys(found))
        waiting += found
    for number, random_id in enumerate([*order, *(i for i in widgets if i not in order)]):
        text = text.replace(random_id, f"{number:032x}")
    return str(nbformat.writes(nbformat.reads(text, as_version=4)))
