"""Small trained networks that travel with the course, each verified before it is used.

What takes longer to train than a notebook may is trained by a script in ``benchmarks/``, which
stores the weights here. `registry.toml` says of each which script made it, with which seed, when
and on which machine, and the SHA-256 of its file. The files are ``.npz`` without pickles.
"""

from __future__ import annotations

import hashlib
import io
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

FOLDER = Path(__file__).parent
MOST_BYTES = 3_000_000  # a file
MOST_BYTES_TOGETHER = 12_000_000


@dataclass(frozen=True)
class Trained:
    """What the registry says of one trained network.

    Attributes
    ----------
    name : str
    sha256 : str
        Of its file, ``NAME.npz``.
    bytes : int
        Size of that file.
    script : str
        What trained it, such as ``"benchmarks/digits_cnn.py"``.
    seed : int
    date, machine : str
    network : str
        Which network it is, in words.
    """

    name: str
    sha256: str
    bytes: int
    script: str
    seed: int
    date: str
    machine: str
    network: str


def names(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the names of all stored networks.

    Examples
    --------
    >>> "digits_cnn" in names()
    True
    """
    return tuple(_registry(folder))


def about(name: str, folder: Path = FOLDER) -> Trained:
    """Return what the registry says of a network.

    Raises
    ------
    ValueError
        If there is no network of that name.

    Examples
    --------
    >>> about("digits_cnn").script
    'benchmarks/digits_cnn.py'
    """
    registry = _registry(folder)
    return registry[checks.one_of("name", name, tuple(registry))]


def load(name: str, folder: Path = FOLDER) -> dict[str, npt.NDArray[np.float32]]:
    """Return the verified weights of a network by their names, in the order of its layers.

    They are stored in half precision and returned in single precision.

    Raises
    ------
    ValueError
        If there is no network of that name, or if its file is not the one that was stored.

    Examples
    --------
    >>> weights = load("digits_cnn")
    >>> next(iter(weights.values())).shape
    (3, 3, 1, 32)
    """
    known = about(name, folder)
    path = folder / f"{name}.npz"
    content = path.read_bytes() if path.is_file() else b""
    found = hashlib.sha256(content).hexdigest()
    if found != known.sha256:
        advice = f"Run {known.script}, or install bmcourse again."
        checks.fail(path.name, f"the file with the SHA-256 {known.sha256}", f"{found}. {advice}")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {key: arrays[key].astype(np.float32) for key in arrays.files}


@lru_cache
def _registry(folder: Path) -> dict[str, Trained]:
    text = (folder / "registry.toml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)
    return {name: Trained(name, **row) for name, row in rows.items()}
