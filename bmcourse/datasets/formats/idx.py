"""The IDX format of the original MNIST files.

Two zero bytes, the type of the values (8: uint8), the number of dimensions,
each length as four bytes (big-endian), then the values in C order.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BufferedIOBase
from pathlib import Path

import numpy as np

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.streams import Bytes, exactly, fill, opened, reading
from bmcourse.datasets.formats.tarball import Reader, visit

STEMS = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def read_idx(stream: BufferedIOBase, out: Bytes) -> None:
    """Fill `out` from an IDX stream of uint8 values of the same shape.

    Raises
    ------
    DataError
        If the header announces anything else, or the length is wrong.

    Examples
    --------
    >>> import io
    >>> out = np.empty(2, np.uint8)
    >>> read_idx(io.BytesIO(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])), out)
    >>> out
    array([7, 9], dtype=uint8)
    """
    magic = exactly(stream, 4)
    expected = bytes([0, 0, 8, out.ndim])
    if magic != expected:
        raise DataError(f"must begin with bytes {expected.hex()}, got {magic.hex()}")
    shape = tuple(np.frombuffer(exactly(stream, 4 * out.ndim), ">u4").tolist())
    if shape != out.shape:
        raise DataError(f"must announce the shape {out.shape}, got {shape}")
    fill(stream, out)


def decode_idx(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the four IDX files, each plain or packed with gzip."""
    for name, stem in STEMS.items():
        path = files[f"{stem}.gz"]
        with reading(path), opened(path) as stream:
            read_idx(stream, out[name])


def decode_idx_tgz(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the plain IDX files under package/data/ in an npm archive."""

    def reader(name: str) -> Reader:
        return lambda stream, size: read_idx(stream, out[name])

    (path,) = files.values()
    readers = {f"package/data/{stem}": reader(name) for name, stem in STEMS.items()}
    visit(path, readers, limit=_limit(out))


def _limit(out: Mapping[str, Bytes]) -> int:
    return 2 * sum(values.nbytes for values in out.values()) + (1 << 20)
