"""Read chosen members of a .tar.gz in one pass; nothing is ever extracted to disk."""

from __future__ import annotations

import gzip
import re
import tarfile
from collections.abc import Callable, Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import Any, cast

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.streams import Limited, reading

Reader = Callable[[BufferedIOBase, int], None]
"""Called with a member's stream and its size in bytes."""


def visit(path: Path, readers: Mapping[str, Reader], *, limit: int) -> None:
    """Hand each member named in `readers` to its reader; pass over all others.

    Parameters
    ----------
    path : Path
        A tar archive packed with gzip.
    readers : mapping of member name to function
    limit : int
        The most bytes the whole archive may unpack to.

    Raises
    ------
    DataError
        If a member is missing, comes twice or is no plain file, or if the
        archive is damaged or larger than `limit`.
    """
    wanted = dict(readers)
    with reading(path), gzip.open(path) as unpacked:
        source = cast(Any, Limited(unpacked, limit))
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for member in archive:
                if member.name not in readers:
                    continue
                _read(archive, member, wanted.pop(member.name, None))
        if wanted:
            raise DataError("lacks " + ", ".join(wanted))


def matching(path: Path, pattern: re.Pattern[str], *, limit: int) -> dict[str, bytes]:
    """Return the content of each member whose whole name matches the pattern.

    Parameters
    ----------
    path : Path
        A tar archive packed with gzip.
    pattern : compiled pattern
    limit : int
        The most bytes the whole archive may unpack to.

    Raises
    ------
    DataError
        If such a member comes twice or is no plain file, or if the archive is damaged or larger
        than `limit`.
    """
    found: dict[str, bytes] = {}

    def reader(name: str) -> Reader | None:
        def read(stream: BufferedIOBase, size: int) -> None:
            found[name] = stream.read(size)

        return None if name in found else read

    with reading(path), gzip.open(path) as unpacked:
        source = cast(Any, Limited(unpacked, limit))
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for member in archive:
                if pattern.fullmatch(member.name):
                    _read(archive, member, reader(member.name))
    return found


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo, reader: Reader | None) -> None:
    if reader is None:
        raise DataError(f"holds {member.name} twice")
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        raise DataError(f"{member.name} must be a plain file")
    try:
        reader(cast(BufferedIOBase, stream), member.size)
    except DataError as error:
        raise DataError(f"{member.name}: {error}") from error
