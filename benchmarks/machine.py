"""Store a benchmark's result with the date, the kind of machine and the command."""

from __future__ import annotations

import datetime
import json
import os
import platform
import re
import sys
from pathlib import Path

import numpy as np

from bmcourse.results import FOLDER


def processor() -> str:
    """Name the processor's model, for example ``AMD EPYC``."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    return found.group(1) if found else platform.processor() or platform.machine()


def store(script: str, result: dict[str, object]) -> Path:
    """Write ``bmcourse/results/<script>.json``, whole or not at all, and print it."""
    path = FOLDER / (Path(script).stem + ".json")
    about = {
        "command": " ".join(["python", f"benchmarks/{Path(script).name}", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    text = json.dumps({**about, **result}, indent=1)
    part = path.with_name(path.name + ".part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)
    print(text)
    return path
