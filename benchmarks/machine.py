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

RESULTS = Path(__file__).parent / "results"


def processor() -> str:
    """Name the processor's model, for example ``AMD EPYC``."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    return found.group(1) if found else platform.processor() or platform.machine()


def store(script: str, result: dict[str, object]) -> Path:
    """Write ``results/<script>.json`` and print it."""
    path = RESULTS / (Path(script).stem + ".json")
    path.parent.mkdir(exist_ok=True)
    about = {
        "command": " ".join(["python", f"benchmarks/{Path(script).name}", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    text = json.dumps({**about, **result}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    print(text)
    return path
