"""Read the arrays of a file that ships with the package, verified against ``registry.toml``."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from bmcourse.datasets.texts import shipped

FOLDER = Path(__file__).parent


def read(name: str, folder: Path = FOLDER) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what the registry says of a set, and its arrays; text as a tuple of lines.

    Raises
    ------
    DataError
        If the file is missing, or is not the published one.
    """
    about = shipped.registry(folder)[name]
    content = shipped.read(about["file"], about["sha256"], folder)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        held: dict[str, Any] = {key: arrays[key] for key in arrays.files}
    for key in about["text"]:
        held[key] = tuple(held[key].tobytes().decode("utf-8").split("\n"))
    return about, held
