"""Fill arrays from streams that may be damaged or hostile."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bmcourse.datasets.errors import DataError

Bytes = npt.NDArray[np.uint8]

_CHUNK = 1 << 20
_DAMAGE = (
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,  # Pillow's word for a broken PNG chunk
    ValueError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn every way in which the file at `path` can be damaged into a `DataError`."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from error
    except _DAMAGE as error:
        what = str(error) or type(error).__name__
        raise DataError(f"{path.name} is damaged, of another kind or unreadable: {what}") from error


def fill(stream: io.BufferedIOBase, out: Bytes) -> None:
    """Read exactly `out.nbytes` bytes into the contiguous array `out`, to the stream's end.

    No more than that is read, whatever the stream claims or holds.

    Raises
    ------
    DataError
        If the stream is shorter or longer.
    """
    view = out.reshape(-1).data
    done = 0
    while done < len(view):
        got = stream.readinto(view[done : done + _CHUNK])
        if not got:
            raise DataError(f"must hold {len(view):,} bytes of values, ends after {done:,}")
        done += got
    if stream.read(1):
        raise DataError(f"must hold {len(view):,} bytes of values, got more")


def exactly(stream: io.BufferedIOBase, size: int) -> bytes:
    """Read `size` bytes, or raise `DataError` if the stream ends before."""
    data = stream.read(size)
    if len(data) != size:
        raise DataError(f"must have a header of {size} bytes, ends after {len(data)}")
    return data


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file for reading, through gzip if it begins like a gzip file."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked
        else:
            yield file


class Limited:
    """A stream that refuses to give more than `limit` bytes, against archives that swell."""

    def __init__(self, stream: io.BufferedIOBase, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._left = limit

    def read(self, size: int) -> bytes:
        """Read up to `size` bytes; raise `DataError` beyond the limit."""
        data = self._stream.read(min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise DataError(f"must unpack to at most {self._limit:,} bytes, got more")
        return data
