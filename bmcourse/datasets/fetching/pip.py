"""Fetch a package archive through pip, which knows the learner's own mirror."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.fetching.client import run

DOWNLOAD_SECONDS = 900.0


def pip_command() -> list[str]:
    """Return the command line that starts pip.

    Raises
    ------
    DataError
        If this Python has none.
    """
    if find_spec("pip") is None:
        raise DataError("needs pip: run python -m ensurepip")
    return [sys.executable, "-m", "pip"]


def pip_download(
    package: str,
    file: str,
    sha256: str,
    folder: Path,
    command: Sequence[str] | None = None,
    *,
    seconds: float = DOWNLOAD_SECONDS,
) -> Path:
    """Put the archive of `package` (``name==version``) into `folder` and return its path.

    pip itself compares the archive with the SHA-256 digest and refuses another one. Nothing is
    installed. A wheel is only copied. For a source archive pip asks the package's setup.py for
    its name and version, which runs it: after the digest was verified, so it is the file that we
    know.

    Parameters
    ----------
    package : str
    file : str
        The archive's name; one that ends in ``.whl`` is a wheel.
    sha256 : str
    folder : Path
        An empty folder.
    command : sequence of str or None
        The command line that starts pip; None for this Python's own.

    Raises
    ------
    DataError
        If pip is missing, fails, or is too slow.
    OSError
        If the folder cannot be written, or is full.
    """
    pip = list(command) if command else pip_command()
    requirement = folder / "requirements.txt"
    requirement.write_text(f"{package} --hash=sha256:{sha256}\n", encoding="utf-8")
    kind = "--only-binary" if file.endswith(".whl") else "--no-binary"
    name = package.partition("==")[0]  # build tools of a source archive may come as wheels
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir"]
    patience = ["--retries", "1", "--timeout", "15"]
    what = ["--no-deps", "--require-hashes", kind, name, "-r", str(requirement), "-d", str(folder)]
    run("pip", [*pip, "download", *what, *quiet, *patience], folder, seconds)
    if not (folder / file).is_file():
        raise DataError(f"pip must leave the file {file}")
    return folder / file
