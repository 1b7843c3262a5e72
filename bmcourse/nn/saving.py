"""Save and load named arrays: one npz file, no pickle, never half written."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from bmcourse import checks
from bmcourse.checks import Array


def save_arrays(path: str | os.PathLike[str], arrays: dict[str, Array]) -> None:
    """Write named arrays to `path`; an interruption leaves the old file whole.

    Parameters
    ----------
    path : path
        Taken as it is, no suffix is added.
    arrays : dict of str to ndarray
    """
    target = Path(path)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def load_arrays(path: str | os.PathLike[str], into: dict[str, Array]) -> None:
    """Read named arrays from `path` into arrays of the same names and shapes.

    Parameters
    ----------
    path : path
    into : dict of str to ndarray
        Changed in place, all of them or none.

    Raises
    ------
    ValueError
        If the file is not an npz file, or a name or a shape differs.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            loaded = dict(file)
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"path must be an npz file without pickles, got {path}") from error
    if loaded.keys() != into.keys():
        checks.fail("arrays in the file", _names(into.keys()), _names(loaded.keys()))
    for name, values in into.items():
        checks.array(f"{name} in the file", loaded[name], shape=values.shape)
    for name, values in into.items():
        values[...] = loaded[name]


def _names(names: object) -> str:
    return ", ".join(sorted(names)) or "none"  # type: ignore[call-overload]
