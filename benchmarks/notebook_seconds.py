"""Where do the seconds of the notebooks go? Run each from a fresh kernel and time every cell.

    python benchmarks/notebook_seconds.py [notebooks/08_mnist_with_keras.ipynb ...]

Nothing is written into the notebooks. Two clocks run: the one on the wall, which also counts what
other programs do, and the processor time of the kernel's process, user and system together. Each
kernel gets one thread, as in a test run with two workers. The result is stored; a
run of some notebooks replaces their rows alone.

A cell is filed under the first kind that fits: it starts the kernel (`runtime.start`, or nothing
but imports); it asks for data (`datasets.…`); it trains or predicts (a call in `TRAINING`); it
draws a figure (`plots.show`); it checks an exercise or asks questions; anything else is other
computing. The calls of a function that the notebook defines count where that function is called.
"""

from __future__ import annotations

import ast
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import nbformat
import psutil
from machine import store
from nbclient import NotebookClient

from bmcourse import results
from bmcourse.tools.course import chapters, slug_of

TRAINING = {"fit", "train", "predict", "evaluate", "apply_gradients", "train_on_batch"}
ONE_THREAD = dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "BMCOURSE_THREADS"), "1")
LONG = 1.0  # processor seconds from which a cell is listed by itself


def calls(tree: ast.AST) -> set[str]:
    """Name what is called in a piece of code: ``fit`` for ``model.fit()``, ``datasets.mnist``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            found |= {name, name.rsplit(".", 1)[-1]}
    return found


def reach(called: set[str], defined: dict[str, set[str]]) -> set[str]:
    """Add the calls of the notebook's own functions, and of those that they call."""
    reached = set(called)
    waiting = list(called)
    while waiting:
        more = defined.get(waiting.pop(), set()) - reached
        reached |= more
        waiting += more
    return reached


def kind_of(source: str, defined: dict[str, set[str]]) -> str:
    """File a cell; what it defines is added to `defined`, and is not called yet."""
    tree = ast.parse(source)
    if all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in tree.body):
        return "start"
    run = ast.Module([], [])
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            defined[statement.name] = calls(statement)
        else:
            run.body.append(statement)
    called = reach(calls(run), defined)
    kinds = {
        "start": "runtime.start" in called,
        "data": any(name.startswith("datasets.") for name in called),
        "training": bool(called & TRAINING),
        "figures": "plots.show" in called,
        "exercises": "questions.ask" in called or any(n.startswith("exercises.") for n in called),
    }
    return next((kind for kind, fits in kinds.items() if fits), "other")


def clocks(process: psutil.Process) -> tuple[float, float]:
    """Read processor seconds, with those of ended children, and seconds on the wall."""
    times = process.cpu_times()
    spent = times.user + times.system + times.children_user + times.children_system
    return spent, time.perf_counter()


def measure(path: Path) -> dict[str, Any]:
    """Run one notebook and sum its seconds by kind, processor first, wall second."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=1200,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    defined: dict[str, set[str]] = {}
    kinds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    long: list[list[object]] = []
    before: list[tuple[float, float]] = []

    def begins(cell: Any, cell_index: int) -> None:
        if not before:  # the kernel is up, and nothing has run in it
            add("start", clocks(process())[0], time.perf_counter() - begin)
        before[:] = [clocks(process())]

    def ends(cell: Any, cell_index: int, execute_reply: Any) -> None:
        now = clocks(process())
        spent, wall = now[0] - before[0][0], now[1] - before[0][1]
        kind = kind_of(cell["source"], defined)
        add(kind, spent, wall)
        if spent >= LONG:
            label = f"In [{execute_reply['content']['execution_count']}]"
            long.append([label, kind, round(spent, 1), round(wall, 1)])

    def add(kind: str, spent: float, wall: float) -> None:
        kinds[kind][0] += spent
        kinds[kind][1] += wall

    def process() -> psutil.Process:
        return psutil.Process(client.km.provisioner.pid)

    client.on_cell_execute, client.on_cell_executed = begins, ends
    begin = time.perf_counter()
    client.execute(env={**os.environ, **ONE_THREAD, "PYDEVD_DISABLE_FILE_VALIDATION": "1"})
    total = [round(sum(each[i] for each in kinds.values()), 1) for i in (0, 1)]
    rounded = {kind: [round(s, 1) for s in each] for kind, each in sorted(kinds.items())}
    return {"total": total, "kinds": rounded, "long_cells": long}


def main() -> None:
    paths = [Path(name).resolve() for name in sys.argv[1:]] or [c.path for c in chapters()]
    name = Path(__file__).stem
    keeps = name in results.names() and sys.argv[1:]
    rows = results.load(name)["notebooks"] if keeps else {}
    about = "processor seconds, then seconds on the wall; each kernel on one thread"
    for path in paths:
        rows[slug_of(path)] = measure(path)
        print(path.stem, rows[slug_of(path)]["total"], flush=True)
        store(__file__, {"unit": about, "notebooks": dict(sorted(rows.items()))})


if __name__ == "__main__":
    main()
