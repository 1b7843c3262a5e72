"""The record of the last whole test run, which the book shows."""

from __future__ import annotations

import json
import os
import platform
import time
from collections import Counter
from pathlib import Path
from typing import Any

START = time.time()
PLACE = Path("build", "last_run.json")  # below the root of the checkout


def keep(reporter: Any, root: Path, claims: Counter[str]) -> None:
    """Write what the page "How the course is tested" says of the last whole run."""
    counts = {kind: len(reporter.getreports(kind)) for kind in ("passed", "failed", "skipped")}
    errors = len(reporter.getreports("error"))
    version = platform.python_version()
    run = {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": f"{os.cpu_count()} CPU cores with {platform.system()} and Python {version}",
        **counts,
        "failed": counts["failed"] + errors,
        "minutes": (time.time() - START) / 60,
        "claims": sum(claims.values()),
        "notebooks": len(claims),
    }
    path = root / PLACE
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(run), encoding="utf-8")
