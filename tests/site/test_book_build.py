"""The pieces of the book's build: verified assets, anchors like Lab's, numbers of chapters."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
import tarfile
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from bmcourse.testing import last_run

BOOK = Path(__file__).resolve().parents[2] / "book"
FILES = {"package/dist/a.js": b"one", "package/dist/sub/b.js": b"two", "package/readme.md": b"no"}


def load(path: Path) -> ModuleType:
    """Import a module that belongs to no package."""
    spec = importlib.util.spec_from_file_location(f"book_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the build of an empty book, with an npm that packs FILES and counts its calls."""
    archive = tmp_path / "source.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in {**FILES, "package/dist/sub/../../../../escape.js": b"bad"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    npm = tmp_path / "npm.py"
    npm.write_text(
        "import pathlib, shutil, sys\n"
        "if sys.argv[1] != 'pack': sys.exit()\n"
        f"shutil.copy({str(archive)!r}, 'thing.tgz')\n"
        f"with pathlib.Path({str(tmp_path / 'calls')!r}).open('a') as calls: calls.write('x')\n",
        encoding="utf-8",
    )
    module = load(BOOK / "build.py")
    monkeypatch.setattr(module, "BOOK", tmp_path)
    command = "bmcourse.datasets.fetching.npm.npm_command"
    monkeypatch.setattr(command, lambda: [sys.executable, str(npm)])
    pin(tmp_path, "d0")
    return module


def pin(folder: Path, digest: str) -> None:
    """Write the list of assets with one package."""
    text = 'version = "1.0.0"\nfiles = ["dist/a.js", "dist/sub/*"]\nstrip = "dist/"\n'
    asset = f'["@scope/thing"]\n{text}published = true\nsha256 = "{digest}"\n'
    (folder / "assets.toml").write_text(asset, encoding="utf-8")


def test_wrong_files_are_refused_with_both_digests(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"expected SHA-256 d0, received [0-9a-f]{64}"):
        build.ensure_asset("@scope/thing")
    assert not (tmp_path / "_static").exists()


def test_files_are_fetched_once_and_replaced_when_spoilt(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        build.ensure_asset("@scope/thing")
    pin(tmp_path, str(refused.value).split()[-1])
    folder = build.ensure_asset("@scope/thing")
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {"a.js", "sub/b.js"}
    calls = (tmp_path / "calls").stat().st_size
    build.ensure_asset("@scope/thing")
    assert (tmp_path / "calls").stat().st_size == calls
    (folder / "a.js").write_bytes(b"bad")
    build.ensure_asset("@scope/thing")
    assert (folder / "a.js").read_bytes() == b"one"
    assert (tmp_path / "calls").stat().st_size == calls + 1


def test_nothing_is_written_outside_the_target(build: ModuleType, tmp_path: Path) -> None:
    asset = {"files": ["dist/sub/*"], "strip": "dist/"}
    build.unpack(tmp_path / "source.tgz", asset, tmp_path / "one" / "two" / "three")
    assert [path.name for path in tmp_path.rglob("*.js")] == ["b.js"]


def test_a_failing_npm_is_named(build: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bmcourse.datasets.fetching.npm.npm_command", lambda: [sys.executable, "-c", "exit(1)"]
    )
    with pytest.raises(SystemExit, match=r"could not fetch @scope/thing@1\.0\.0"):
        build.ensure_asset("@scope/thing")


@pytest.fixture(scope="module")
def contents() -> ModuleType:
    """Give the book's Sphinx extension for its contents."""
    pytest.importorskip("sphinx", reason="jupyter-book is a dev extra")
    return load(BOOK / "_ext" / "contents.py")


def test_anchors_are_those_of_jupyterlab(contents: ModuleType) -> None:
    assert contents.heading_slug("2. Four axes, not three") == "2.-Four-axes,-not-three"


@pytest.mark.parametrize(
    ("name", "title", "expected"),
    [
        ("00_welcome", "Welcome", "0. Welcome"),
        ("08_mnist_with_keras", "MNIST with Keras", "8. MNIST with Keras"),
        ("02_losses", "2 Losses", "2 Losses"),
    ],
)
def test_chapters_take_their_number_from_the_file(
    contents: ModuleType, name: str, title: str, expected: str
) -> None:
    assert contents.numbered(name, title) == expected


def test_a_theme_that_changed_is_noticed(tmp_path: Path) -> None:
    errors = pytest.importorskip("sphinx.errors", reason="jupyter-book is a dev extra")
    own_host = load(BOOK / "_ext" / "own_host.py")

    sheet = tmp_path / "theme.css"
    sheet.write_text("a{}", encoding="utf-8")
    with pytest.raises(errors.ExtensionError, match=r"nothing to change in theme\.css"):
        own_host.rewrite(sheet, lambda text: text)


def test_the_book_shows_the_last_run(tmp_path: Path) -> None:
    """What `pytest` leaves is what the page on tests reads."""
    pytest.importorskip("sphinx", reason="jupyter-book is a dev extra")
    tested = load(BOOK / "_ext" / "tested.py")
    assert "without running the tests" in tested.last_run(tmp_path)
    reports = {"passed": [1, 2, 3], "failed": [4], "skipped": [], "error": []}
    reporter = SimpleNamespace(getreports=reports.__getitem__)
    last_run.keep(reporter, tmp_path, Counter({"a.ipynb": 5}))
    said = tested.last_run(tmp_path)
    assert "3 tests passed, 1 failed and 0 were skipped" in said
    assert "5 claims were executed in 1 notebooks" in said


def test_the_published_book_is_built_after_the_tests_in_the_same_job() -> None:
    workflow = (BOOK.parent / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    steps = re.findall(r"(?m)^      - run: (.+?)(?: *#.*)?$", workflow)
    assert steps[-2:] == ["python -m pytest", "python book/build.py"]
    assert workflow.count("runs-on:") == 1
