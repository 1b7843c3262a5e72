"""The package as a whole: what importing it costs, and who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bmcourse"
HEAVY = {"tensorflow", "keras", "matplotlib", "torch", "pandas", "sklearn", "ipywidgets"}
SOCKETS = {"socket", "requests", "urllib", "http", "pooch", "ftplib"}
# Rooms from the top down. A file may import from lower rows and from its own room.
ROWS = [
    {"__main__"},
    {"tools", "testing"},
    {"chapters"},
    {"exercises", "recipes", "widgets"},
    {
        "learner",
        "plots",
        "nn",
        "sound",
        "text",
        "metrics",
        "imbalance",
        "datasets",
        "weights",
        "results",
    },
    {"claims", "outputs", "runtime"},
    {"checks", "logs", "__init__"},
]
LEVEL = {room: level for level, row in enumerate(ROWS) for room in row}
# Rooms of one row that do know each other, and why.
NEIGHBOURS = {
    ("exercises", "widgets"): "quick questions are shown by a widget",
    ("claims", "outputs"): "a claim is shown",
    ("datasets", "sound"): "recordings ship as the codes of a telephone",
    ("runtime", "outputs"): "the start of a notebook is shown",
}
FILES = sorted(PACKAGE.rglob("*.py"))
EVERY = pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))


def name_of(path: Path) -> str:
    """Full name of a file as a module."""
    parts = ["bmcourse", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


MODULES = {name_of(path): path for path in FILES}


def imported(path: Path) -> set[str]:
    """Full names of the modules that a file imports anywhere in it, also inside functions.

    Imports for type checkers alone count, too: they tie two files together as firmly.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in MODULES else node.module for name in full}
    return names


def room(name: str) -> str:
    """First folder or module below the package."""
    return name.split(".")[1] if "." in name else "__init__"


def test_importing_is_quick_and_light() -> None:
    code = (
        "import sys, time; begin = time.perf_counter(); import bmcourse; "
        "print(time.perf_counter() - begin, *sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    seconds = min(float(run.stdout.split()[0]) for run in runs)
    assert seconds < 0.3
    assert not HEAVY & set(runs[0].stdout.split())


def allowed(here: str, there: str) -> bool:
    """Say whether a file of one room may import from another."""
    return here == there or LEVEL[here] < LEVEL[there] or (here, there) in NEIGHBOURS


@EVERY
def test_imports_go_downwards_only(path: Path) -> None:
    here, names = room(name_of(path)), imported(path)
    ours = {room(name) for name in names if name.split(".")[0] == "bmcourse"}
    assert sorted(there for there in ours if not allowed(here, there)) == []


@EVERY
def test_heavy_packages_stay_in_their_rooms(path: Path) -> None:
    here, top = room(name_of(path)), {name.split(".")[0] for name in imported(path)}
    if here in ("nn", "sound", "text"):
        assert not top & {"keras", "tensorflow", "torch"}
    if here not in ("plots", "widgets"):
        assert "matplotlib" not in top
    if here != "widgets":
        assert not top & {"ipywidgets", "anywidget"}
    if here != "datasets":
        assert not top & SOCKETS


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """Return modules that need each other, in a circle; nothing if there are none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_two_files_import_each_other() -> None:
    graph = {name: imported(path) & MODULES.keys() - {name} for name, path in MODULES.items()}
    assert cycle(graph) == []


def test_a_cycle_is_found() -> None:
    assert len(cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()})) == 3


@pytest.mark.parametrize(
    ("here", "there", "may"),
    [
        ("chapters", "exercises", True),
        ("exercises", "chapters", False),
        ("nn", "metrics", False),
        ("datasets", "tools", False),
        ("checks", "outputs", False),
        ("exercises", "widgets", True),
        ("widgets", "exercises", False),
    ],
)
def test_the_rule_itself(here: str, there: str, may: bool) -> None:
    assert allowed(here, there) is may


def test_an_import_inside_a_function_counts(tmp_path: Path) -> None:
    file = tmp_path / "file.py"
    file.write_text("def f():\n    from bmcourse.tools import doctor\n", encoding="utf-8")
    assert imported(file) == {"bmcourse.tools.doctor"}
