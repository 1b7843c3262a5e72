"""Build the book: `python book/build.py`.

Fetches the pinned static files of ``assets.toml`` through npm when they are missing,
checks their SHA-256, and runs Jupyter Book with warnings as errors. Once the files are
there, the build needs no network. The exit status is 1 on any warning.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from bmcourse.datasets import DataError
from bmcourse.datasets.fetching.npm import pack
from bmcourse.tools.course import chapters

BOOK = Path(__file__).resolve().parent
ROOT = BOOK.parent
HTML = BOOK / "_build" / "html"
TOC = BOOK / "_build" / "toc.yml"
PAGES = {
    "Use it and trust it": ["book/run", "book/teach", "book/tested", "book/changes"],
    "Look it up": ["book/notation", "book/glossary", "book/bibliography"],
}


def asset_folder(package: str, published: bool) -> Path:
    """Return where the files of an npm package are kept."""
    parent = BOOK / ("_static/vendor" if published else "_build/vendor")
    return parent / package.rpartition("/")[2]


def digest(folder: Path) -> str:
    """Return one SHA-256 over the names and contents of all files below `folder`."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        total.update(f"{name}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def unpack(archive: Path, asset: dict[str, Any], target: Path) -> None:
    """Copy the wanted files of an npm archive, and nothing else, to `target`."""
    with tarfile.open(archive) as tar:
        for member in tar:
            name = member.name.removeprefix("package/")
            wanted = any(fnmatch(name, pattern) for pattern in asset["files"])
            if not wanted or ".." in Path(name).parts or not member.isfile():
                continue
            path = target / name.removeprefix(asset["strip"])
            path.parent.mkdir(parents=True, exist_ok=True)
            content = tar.extractfile(member)
            assert content is not None  # a regular file always has one
            path.write_bytes(content.read())


def ensure_asset(package: str) -> Path:
    """Return the folder with the verified files of `package`, fetching them if need be.

    Raises
    ------
    SystemExit
        If npm fails, or if the files are not those whose SHA-256 is pinned.
    """
    asset = tomllib.loads((BOOK / "assets.toml").read_text(encoding="utf-8"))[package]
    folder = asset_folder(package, asset["published"])
    if folder.is_dir() and digest(folder) == asset["sha256"]:
        return folder
    spec = f"{package}@{asset['version']}"
    print(f"fetching {spec}", flush=True)
    with tempfile.TemporaryDirectory() as work:
        try:
            archive = pack(spec, Path(work))
        except DataError as error:
            raise SystemExit(
                f"npm could not fetch {spec} ({error}); connect once, then the build is offline"
            ) from error
        fresh = Path(work, "files")
        unpack(archive, asset, fresh)
        if (received := digest(fresh)) != asset["sha256"]:
            raise SystemExit(f"{spec}: expected SHA-256 {asset['sha256']}, received {received}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(fresh, folder)
    return folder


def contents() -> dict[str, Any]:
    """Return the book's contents: the parts and chapters of ``course.toml``, then our pages."""
    parts: dict[str, list[str]] = {}
    for chapter in chapters(ROOT):
        parts.setdefault(chapter.part, []).append(f"notebooks/{chapter.name}")
    listed = [
        {"caption": title, "chapters": [{"file": file} for file in files]}
        for title, files in {**parts, **PAGES}.items()
    ]
    return {"format": "jb-book", "root": "book/intro", "parts": listed}


def build() -> int:
    """Fetch what is missing, build the book, and return the exit status."""
    assets = tomllib.loads((BOOK / "assets.toml").read_text(encoding="utf-8"))
    for package, asset in assets.items():
        if asset["published"]:
            ensure_asset(package)
    shutil.rmtree(HTML, ignore_errors=True)
    TOC.parent.mkdir(exist_ok=True)
    TOC.write_text(json.dumps(contents(), indent=1), encoding="utf-8")  # JSON is YAML, too
    jupyter_book = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    files = "--config book/_config.yml --toc book/_build/toc.yml --path-output book"
    options = f"{files} --all -W -n --keep-going".split()
    status = subprocess.run([*jupyter_book, "build", ".", *options], cwd=ROOT).returncode
    print(f"book: {HTML / 'index.html'}" if status == 0 else "book: failed, see the warnings above")
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(build())
