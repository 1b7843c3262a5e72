"""Read a file that ships with the package, and verify it against ``registry.toml``."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from bmcourse.datasets.errors import DataError

FOLDER = Path(__file__).parent


def registry(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what is known of each set: title, licence, citation, digests of its files."""
    with (folder / "registry.toml").open("rb") as file:
        return tomllib.load(file)


def read(name: str, sha256: str, folder: Path = FOLDER) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.
    """
    path = folder / name
    if not path.is_file():
        raise DataError(f"{path} is missing. Install bmcourse again.")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataError(
            f"{name} must have the SHA-256 {sha256}, got {found}. "
            "Put the published file back, or install bmcourse again."
        )
    return content
