"""What a run was: digests of data and code, the state of git, the versions of the packages."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PACKAGE = Path(__file__).parents[2]
PACKAGES = ("numpy", "scipy", "scikit-learn")


def digest(*arrays: npt.ArrayLike) -> str:
    """Return the SHA-256 of arrays: their kinds, their shapes and all their bytes, in order.

    Examples
    --------
    >>> digest(np.zeros(3)) == digest(np.zeros(3)), digest(np.zeros(3)) == digest(np.zeros((3, 1)))
    (True, False)
    """
    total = hashlib.sha256()
    for each in arrays:
        array = np.ascontiguousarray(each)
        array = array.astype(array.dtype.newbyteorder("<"))  # the same on every processor
        total.update(f"{array.dtype.str} {np.shape(each)} ".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def code_digest(folder: Path = PACKAGE) -> str:
    """Return the SHA-256 of all Python files below `folder`, with their names.

    Unlike a commit it also sees what has been changed and not committed.
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes().replace(b"\r\n", b"\n")  # git on Windows ends lines its own way
        total.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode())
        total.update(content)
    return total.hexdigest()


def git_state(folder: Path = PACKAGE) -> str:
    """Return the commit, with "changed" behind it if files differ from it; "no git" without one."""
    git = shutil.which("git")
    if git is None:
        return "no git"
    commands = (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
    said = []
    for words in commands:
        call = [git, "-C", str(folder), *words]
        done = subprocess.run(call, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            return "no git"
        said.append(done.stdout.strip())
    return said[0][:12] + (" changed" if said[1] else "")


@cache
def surroundings() -> dict[str, Any]:
    """Return the code and the versions under which this process runs."""
    return {
        "code": code_digest(),
        "git": git_state(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: metadata.version(name) for name in PACKAGES},
    }


def as_text(value: Any) -> str:
    """Return one text for one value: JSON with sorted keys, so that equal records are equal texts.

    Examples
    --------
    >>> as_text({"b": 1, "a": 0.5})
    '{"a":0.5,"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def identity(config: dict[str, Any], seed: int, data: str, around: dict[str, Any]) -> str:
    """Return twelve characters that are the same for two runs with the same record."""
    return hashlib.sha256(as_text([config, seed, data, around]).encode()).hexdigest()[:12]
