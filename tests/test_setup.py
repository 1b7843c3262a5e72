"""pyproject.toml, constraints.txt and environment.yml say the same; the README's commands too."""

from __future__ import annotations

import ast
import gzip
import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bmcourse.tools import contents
from bmcourse.tools.course import chapters, minutes
from bmcourse.tools.doctor import read_constraints

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = read_constraints((ROOT / "constraints.txt").read_text(encoding="utf-8"))
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = [
    Requirement(text)
    for text in PROJECT["dependencies"] + [line for extra in EXTRAS.values() for line in extra]
    if not text.startswith("bmcourse")
]
INSTALL = "python -m pip install -c constraints.txt -e "


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda r: r.name)
def test_every_requirement_has_a_pin_in_its_range(requirement: Requirement) -> None:
    assert PINS[requirement.name.lower()] in requirement.specifier
    assert any(s.operator == ">=" for s in requirement.specifier)
    assert any(s.operator == "<" for s in requirement.specifier)


@pytest.mark.parametrize("packed", [gzip.compress(b"a"), gzip.compress(b"b")])
def test_bytes_are_no_part_of_a_test_s_name(packed: bytes, request: pytest.FixtureRequest) -> None:
    """They hold the second of their making: two workers would collect different tests."""
    assert gzip.decompress(packed) in (b"a", b"b")
    assert re.fullmatch(r".*\[packed[01]\]", request.node.name)


def test_test_files_have_names_of_their_own() -> None:
    """Pytest refuses two files that import as one module; folders with __init__.py are packages."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        folder, name = path.parent, path.stem
        while (folder / "__init__.py").is_file():
            folder, name = folder.parent, f"{folder.name}.{name}"
        found.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert [files for files in found.values() if len(files) > 1] == []


def test_constraints_hold_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert not line or line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.]+( ;.*)?", line)


def test_environment_refers_to_the_same_files() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "-c constraints.txt" in text
    assert "-e ." in text
    python = re.search(r"- python=([\d.]+)", text)
    assert python
    assert f"{python.group(1)}.0" in Requirement(f"python{PROJECT['requires-python']}").specifier
    listed = set(re.findall(r"(?m)^  - ([\w-]+)", text))
    assert listed == {"conda-forge", "python", "pip"}


def test_the_readme_has_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```\n(python -m pip install .+)\n```", readme)
    assert commands == [
        INSTALL + ". ; python -m bmcourse open",
        INSTALL + '".[test,world]" ; python -m pytest',
    ]


def test_the_readme_lists_the_chapters() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert contents.table(chapters()) in readme


def test_no_chapter_takes_longer_than_the_readme_says() -> None:
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    stated = re.search(r"each chapter runs from top to bottom in less than (\d+) minutes", readme)
    assert stated
    assert max(minutes().values()) < float(stated[1])


def test_extras_of_chapters_are_declared() -> None:
    assert {chapter.extra for chapter in chapters()} <= {"", *EXTRAS}


def test_every_file_of_the_package_is_installed_with_it() -> None:
    package = ROOT / "bmcourse"
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    patterns = data["setuptools"]["package-data"]["bmcourse"]
    listed = {path for pattern in patterns for path in package.glob(pattern)}
    files = {p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert {p.relative_to(package) for p in files - listed if p.suffix != ".py"} == set()


def test_ci_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script


@pytest.mark.parametrize("name", ["numpy", "keras", "nbval"])
def test_this_environment_is_the_tested_one(name: str) -> None:
    assert metadata.version(name) == PINS[name]


def third_party_imports() -> dict[str, str]:
    """Top-level modules that the package or a notebook imports, and one place of each.

    `bmcourse.testing` is left out: it is loaded by pytest alone.
    """
    found: dict[str, str] = {}
    package = ROOT / "bmcourse"
    files = [p for p in package.rglob("*.py") if (package / "testing") not in p.parents]
    sources = {str(path): path.read_text(encoding="utf-8") for path in files}
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        sources[str(path)] = "\n".join(code)
    for place, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            found.update({name.split(".")[0]: place for name in names})
    ours = {"bmcourse", "__future__"} | set(sys.stdlib_module_names)
    return {name: place for name, place in found.items() if name not in ours}


def test_every_import_is_a_declared_dependency() -> None:
    extras = PROJECT["optional-dependencies"]
    judges = ("gguf", "tokenizers")  # shown where they are there
    shown = [text for text in extras["test"] if text.startswith(judges)]
    optional = [*extras["pytorch"], *extras["world"], *shown]
    declared = {Requirement(text).name.lower() for text in [*PROJECT["dependencies"], *optional]}
    providers = metadata.packages_distributions()
    missing = {
        module: place
        for module, place in third_party_imports().items()
        if not {name.lower() for name in providers.get(module, [module])} & declared
    }
    assert missing == {}
