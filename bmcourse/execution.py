"""Execute a notebook from a fresh kernel and store it, so that a change gives a small diff."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import tomllib
from collections import Counter
from pathlib import Path

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
MINUTES_FILE = "minutes.toml"
MINUTES_LINE = re.compile(r"(?m)^\*\*Time:\*\* .*$")


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
    nbclient.exceptions.CellExecutionError
        If a cell raises an error.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    normalise(notebook)
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    begin = time.perf_counter()
    client.execute(env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"})
    minutes = (time.perf_counter() - begin) / 60
    _state_minutes(notebook, minutes)
    normalise(notebook, outputs=False)
    _write(path, _number_widgets(nbformat.writes(notebook)) + "\n")
    _record_minutes(path, minutes)
    return minutes


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
    seen: Counter[str] = Counter()
    for cell in notebook["cells"]:
        digest = hashlib.sha256(cell["source"].encode()).hexdigest()[:10]
        seen[digest] += 1
        cell["id"] = f"{digest}-{seen[digest]}"
        kept = {"tags", "jupyter", "mystnb", "nbgrader"}
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k in kept}
        if cell["cell_type"] == "code" and outputs:
            cell["outputs"], cell["execution_count"] = [], None


def read_minutes(folder: Path) -> dict[str, float]:
    """Read the measured minutes of every notebook in a folder, by its name."""
    path = folder / MINUTES_FILE
    if not path.exists():
        return {}
    return dict(tomllib.loads(path.read_text(encoding="utf-8"))["minutes"])


def _record_minutes(path: Path, minutes: float) -> None:
    table = {**read_minutes(path.parent), path.stem: round(minutes, 1)}
    head = "# Measured on a CPU with 2 cores by `python -m bmcourse execute`.\n[minutes]\n"
    rows = "".join(f"{name} = {table[name]}\n" for name in sorted(table))
    _write(path.parent / MINUTES_FILE, head + rows)


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


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
