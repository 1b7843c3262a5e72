"""Stored measurements of long benchmarks, which notebooks read; they travel with the package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bmcourse import checks

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Return the names of all stored results, each that of its script in ``benchmarks/``.

    Examples
    --------
    >>> "mnist_with_keras" in names()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def load(name: str) -> dict[str, Any]:
    """Return a stored result: what was measured, with its command, date and machine.

    Parameters
    ----------
    name : str
        One of `names()`.

    Raises
    ------
    ValueError
        If there is no result of that name.

    Examples
    --------
    >>> load("mnist_with_keras")["command"]
    'python benchmarks/mnist_with_keras.py'
    """
    checks.one_of("name", name, names())
    stored: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return stored
