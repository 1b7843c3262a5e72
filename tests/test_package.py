"""The package as a whole: what importing it costs, and who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bmcourse"
HEAVY = {"tensorflow", "keras", "matplotlib", "torch", "pandas", "sklearn", "ipywidgets"}
MIDDLE = {"plots", "nn", "metrics", "imbalance", "datasets"}
SOCKETS = {"socket", "requests", "urllib", "http", "pooch", "ftplib"}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Full names of the modules that a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def part(path: Path) -> str:
    """First folder or module below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


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


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_downwards_only(path: Path) -> None:
    here, names = part(path), imported(path)
    ours = {name.split(".")[1] for name in names if name.startswith("bmcourse.")}
    top = {name.split(".")[0] for name in names}
    if here in MIDDLE | {"checks", "outputs"}:
        assert "widgets" not in ours
        assert not (ours & MIDDLE) - {here}
    if here == "checks":
        assert not ours
    if here == "nn":
        assert not top & {"keras", "tensorflow", "torch"}
    if here not in ("plots", "widgets"):
        assert "matplotlib" not in top
    if here != "widgets":
        assert not top & {"ipywidgets", "anywidget"}
    if here != "datasets":
        assert not top & SOCKETS


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 310
