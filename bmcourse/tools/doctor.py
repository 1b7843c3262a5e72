"""The doctor: look at this machine, say whether the course can run, and what to do if not."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bmcourse.tools.course import ROOT

REQUIRED = ("tensorflow", "keras", "numpy", "matplotlib", "pandas", "jupyterlab", "ipywidgets")
LEAST_MEMORY = 4.0  # GB; the largest notebook needs about 2


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and what to do if it is not well."""

    level: Literal["ok", "note", "problem"]
    subject: str
    state: str
    advice: str = ""

    def __str__(self) -> str:
        mark = {"ok": "✓", "note": "·", "problem": "✗"}[self.level]
        advice = f"\n    → {self.advice}" if self.advice else ""
        return f"{mark} {self.subject}: {self.state}{advice}"


def examine() -> Iterator[Finding]:
    """Look at everything, one finding after the other."""
    yield python_version(sys.version_info[:2])
    yield from packages(ROOT / "constraints.txt")
    yield Finding("ok", "CPU", f"{os.cpu_count()} threads, {platform.machine()}")
    yield memory()
    yield from threads()
    yield graphics()
    yield from data()


def python_version(version: tuple[int, ...]) -> Finding:
    """Check the version of Python against the supported range."""
    state = ".".join(map(str, version))
    if (3, 11) <= version < (3, 14):
        return Finding("ok", "Python", state)
    advice = "make a virtual environment with Python 3.11, 3.12 or 3.13"
    return Finding("problem", "Python", f"{state} is not supported", advice)


def packages(constraints: Path) -> Iterator[Finding]:
    """Compare the installed packages with the tested versions."""
    if not constraints.exists():
        yield Finding("note", "packages", "no constraints.txt here: versions are not compared")
        return
    install = 'python -m pip install -c constraints.txt -e ".[test,world]"'
    pinned = read_constraints(constraints.read_text(encoding="utf-8"))
    for name in REQUIRED:
        if _installed(name) is None:
            yield Finding("problem", name, "not installed", install)
    installed = {name: found for name in pinned if (found := _installed(name)) is not None}
    different = {
        name: (pinned[name], found)
        for name, found in installed.items()
        if found.split("+")[0] != pinned[name]
    }
    for name, (version, found) in different.items():
        level: Literal["problem", "note"] = "problem" if name in REQUIRED else "note"
        yield Finding(level, name, f"{found}, but the course is tested with {version}", install)
    if not different:
        yield Finding("ok", "packages", f"{len(installed)} installed, each in its tested version")


def read_constraints(text: str) -> dict[str, str]:
    """Read the lines ``name==version`` of a constraints file."""
    return dict(re.findall(r"(?m)^([\w.-]+)==([\w.]+)", text))


def memory() -> Finding:
    """Compare the machine's memory with what the largest notebook needs."""
    import psutil

    total, free = (n / 2**30 for n in psutil.virtual_memory()[:2])
    state = f"{total:.1f} GB, {free:.1f} free"
    if free >= LEAST_MEMORY:
        return Finding("ok", "memory", state)
    advice = f"the longer notebooks want {LEAST_MEMORY:.0f} GB free: close other programs"
    return Finding("note", "memory", state, advice)


def graphics() -> Finding:
    """Say which device Keras computes on, and why it is not a GPU if it is not."""
    if _installed("tensorflow") is None or _installed("keras") is None:
        return Finding("note", "GPU", "not looked for: TensorFlow is not installed")
    from bmcourse.runtime import silenced_stderr

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with silenced_stderr():
        import tensorflow as tf

        found = tf.config.list_physical_devices("GPU")
        built = tf.test.is_built_with_cuda()
    if found:
        return Finding("ok", "GPU", f"{len(found)} in use by TensorFlow")
    why = "TensorFlow sees none" if built else "this build of TensorFlow is for the CPU"
    return Finding("note", "GPU", f"none ({why}); the course runs on the CPU")


def threads() -> Iterator[Finding]:
    """Check ``BMCOURSE_THREADS``, if it is set."""
    stated = os.environ.get("BMCOURSE_THREADS", "")
    if stated and not (stated.isdecimal() and int(stated) > 0):
        advice = "unset BMCOURSE_THREADS, or set it to a whole number of at least 1"
        yield Finding("problem", "BMCOURSE_THREADS", repr(stated), advice)


def data() -> Iterator[Finding]:
    """Say for every data set where it is, and whether it is complete and verified."""
    from bmcourse import datasets

    offline = os.environ.get("BMCOURSE_OFFLINE")
    for name in datasets.names():
        status = datasets.status(name)
        if status.verified:
            yield Finding("ok", name, f"complete and verified, in {status.place}")
        elif not status.advice:
            yield Finding("note", name, f"{status.problem}, in {status.place}")
        elif os.environ.get("BMCOURSE_DATA") and "BMCOURSE_DATA" in status.advice:
            yield Finding("problem", name, status.problem, status.advice)
        else:
            first = "unset BMCOURSE_OFFLINE, then run" if offline else "run"
            advice = f"for the full set, {first}: python -m bmcourse data {name}"
            instead = "the sample works" if status.has_sample else "its chapters run without it"
            yield Finding("note", name, f"{status.problem}; {instead}", advice)


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
