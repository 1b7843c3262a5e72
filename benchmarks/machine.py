"""Store a benchmark's result or weights with the date, the kind of machine and the command."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import platform
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import results, weights


def processor() -> str:
    """Name the processor's model, for example ``AMD EPYC``."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    return found.group(1) if found else platform.processor() or platform.machine()


def store(script: str, result: dict[str, object]) -> Path:
    """Write ``bmcourse/results/<script>.json``, whole or not at all, and print it."""
    path = results.FOLDER / (Path(script).stem + ".json")
    about = {
        "command": " ".join(["python", f"benchmarks/{Path(script).name}", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    text = json.dumps({**about, **result}, indent=1)
    write(path, f"{text}\n".encode())
    print(text)
    return path


def stored(script: str) -> dict[str, Any]:
    """Read what `store` wrote for a script before; nothing if there is none."""
    path = results.FOLDER / (Path(script).stem + ".json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def store_weights(
    script: str, arrays: Mapping[str, npt.NDArray[np.floating]], *, seed: int, network: str
) -> Path:
    """Write ``bmcourse/weights/<script>.npz`` in half precision, and its line in the registry.

    Raises
    ------
    ValueError
        If the file would be too large to travel with the course.
    """
    path = weights.FOLDER / (Path(script).stem + ".npz")
    stream = io.BytesIO()
    halves = {name: np.asarray(values, np.float16) for name, values in arrays.items()}
    np.savez_compressed(stream, allow_pickle=False, **halves)
    content = stream.getvalue()
    if len(content) > weights.MOST_BYTES:
        raise ValueError(f"{path.name}: {len(content):,} bytes, but {weights.MOST_BYTES:,} at most")
    registry = weights.FOLDER / "registry.toml"
    rows = tomllib.loads(registry.read_text(encoding="utf-8")) if registry.exists() else {}
    rows[path.stem] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "script": f"benchmarks/{Path(script).name}",
        "seed": seed,
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "network": network,
    }
    lines = ["# Written by the scripts in benchmarks/. One table a network.\n"]
    for name, row in sorted(rows.items()):
        lines += [f"\n[{name}]\n", *(f"{key} = {json.dumps(row[key])}\n" for key in row)]
    write(path, content)
    write(registry, "".join(lines).encode())
    return path


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def machine() -> str:
    """Describe this machine, without its name."""
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()}"
