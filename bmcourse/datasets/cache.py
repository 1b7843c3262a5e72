"""The user's cache: one folder a data set, one .npy file an array, one lock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from bmcourse.datasets.errors import CacheError, writing
from bmcourse.datasets.formats.npy import write_npy
from bmcourse.datasets.formats.streams import Bytes


@contextmanager
def locked(cache: Path, name: str) -> Iterator[Path]:
    """Hold the data set's lock, and yield a folder for unfinished downloads.

    A second kernel waits here until the first is done; the operating system
    frees the lock of a process that is killed. What an earlier call finished
    downloading, or left as a .part, is still in the folder.

    Raises
    ------
    CacheError
        If the cache folder cannot be written, now or by the caller's code.
    """
    incoming = cache / name / "incoming"
    lock = FileLock(cache / name / "lock")
    with writing(cache):
        (cache / name).mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        with writing(cache):
            incoming.mkdir(exist_ok=True)
            _sweep(incoming)
            yield incoming
    except CacheError:
        shutil.rmtree(incoming, ignore_errors=True)  # give a full disk its space back
        raise
    finally:
        with suppress(OSError):
            _sweep(incoming)
            incoming.rmdir()  # it stays if downloads to continue are in it
        lock.release()


def store(cache: Path, name: str, arrays: Mapping[str, Bytes]) -> None:
    """Write verified arrays to the cache; each file appears whole or not at all.

    Call it with the lock held. Downloads that are no longer needed are removed.

    Raises
    ------
    OSError
        If the cache folder cannot be written, or is full; `locked` explains it.
    """
    for key, values in arrays.items():
        final = cache / name / f"{key}.npy"
        unfinished = final.with_suffix(".npy.tmp")
        try:
            with unfinished.open("wb") as file:
                write_npy(file, values)
            os.replace(unfinished, final)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
    shutil.rmtree(cache / name / "incoming", ignore_errors=True)


def _sweep(incoming: Path) -> None:
    """Remove what killed processes left: folders of npm and pip, and temporary files of pooch."""
    for path in incoming.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith("tmp"):
            path.unlink()
