"""Read a file that ships with the package, and verify it against its ``registry.toml``."""

from __future__ import annotations

import hashlib
import io
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from bmcourse.datasets.errors import DataError

RATINGS, SOUNDS, TEXTS = (Path(__file__).parent / name for name in ("ratings", "sounds", "texts"))


def registry(folder: Path) -> dict[str, Any]:
    """Return what is known of each set: title, licence, citation, digests of its files."""
    with (folder / "registry.toml").open("rb") as file:
        return tomllib.load(file)


def read(name: str, sha256: str, folder: Path) -> bytes:
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


def arrays(name: str, folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what the registry says of a set, and its arrays; text as a tuple of lines.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.
    """
    about = registry(folder)[name]
    content = read(about["file"], about["sha256"], folder)
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        held: dict[str, Any] = {key: file[key] for key in file.files}
    for key in about["text"]:
        held[key] = tuple(held[key].tobytes().decode("utf-8").split("\n"))
    return about, held
