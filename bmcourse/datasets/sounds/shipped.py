"""Read the arrays of a file that ships with the package, verified against ``registry.toml``."""

from __future__ import annotations

import hashlib
import io
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from bmcourse.datasets.errors import DataError

FOLDER = Path(__file__).parent


def read(name: str, folder: Path = FOLDER) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what the registry says of a set, and its arrays; text as a tuple of lines.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.
    """
    with (folder / "registry.toml").open("rb") as file:
        about = tomllib.load(file)[name]
    path = folder / about["file"]
    if not path.is_file():
        raise DataError(f"{path} is missing. Install bmcourse again.")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != about["sha256"]:
        raise DataError(
            f"{path.name} must have the SHA-256 {about['sha256']}, got {found}. "
            "Put the published file back, or install bmcourse again."
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        held: dict[str, Any] = {key: arrays[key] for key in arrays.files}
    for key in about["text"]:
        held[key] = tuple(held[key].tobytes().decode("utf-8").split("\n"))
    return about, held
