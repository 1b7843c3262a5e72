"""Run a package client (npm, pip) that the learner has: quietly, and with an end."""

from __future__ import annotations

import errno
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil

from bmcourse.datasets.errors import DataError

FULL = ("ENOSPC", "No space left on device")
ERROR = re.compile(r"(npm )?err(or)?\b", re.IGNORECASE)


def run(name: str, command: Sequence[str], folder: Path, seconds: float) -> None:
    """Run a client's command in `folder`, to its end or for `seconds` at most.

    Raises
    ------
    DataError
        If it does not start, fails, or is too slow; the client's first error is in the message.
    OSError
        If the disk is full.
    """
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        try:
            process = psutil.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        except OSError as error:
            raise DataError(f"{name} does not start: {error}") from error
    try:
        status = process.wait(seconds)
    except psutil.TimeoutExpired as error:
        raise DataError(f"{name} gave no answer within {seconds:g} seconds") from error
    finally:
        _end(process)
    if status == 0:
        return
    said = log.read_text("utf-8", "replace")
    if any(words in said for words in FULL):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    raise DataError(f"{name} fails: {_first_error(said)}")


def _end(process: psutil.Popen) -> None:
    """End the client and the processes it started, if they still run."""
    try:
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=5)


def _first_error(said: str) -> str:
    lines = [line.strip()[:200] for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if ERROR.match(line)]
    return next(iter(errors + lines), "it says nothing")
