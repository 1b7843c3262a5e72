"""CIFAR-10's binary version: records of one label and the red, green and blue planes."""

from __future__ import annotations

from collections.abc import Mapping
from io import BufferedIOBase
from pathlib import Path

import numpy as np

from bmcourse.datasets.formats.streams import Bytes, fill
from bmcourse.datasets.formats.tarball import Reader, visit

BATCHES = 5


def decode_cifar_binary(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the six batches in cifar-10-binary.tar.gz, one batch at a time."""
    (path,) = files.values()
    readers = {"test_batch": _reader(out["x_test"], out["y_test"])}
    for k, (x, y) in enumerate(batches(out["x_train"], out["y_train"]), start=1):
        readers[f"data_batch_{k}"] = _reader(x, y)
    limit = 2 * sum(values.nbytes for values in out.values()) + (1 << 20)
    members = {f"cifar-10-batches-bin/{name}.bin": reader for name, reader in readers.items()}
    visit(path, members, limit=limit)


def batches(x: Bytes, y: Bytes) -> list[tuple[Bytes, Bytes]]:
    """Cut the training set into its five batches, as views."""
    return list(zip(np.split(x, BATCHES), np.split(y, BATCHES), strict=True))


def _reader(x: Bytes, y: Bytes) -> Reader:
    n, height, width, channels = x.shape

    def read(stream: BufferedIOBase, size: int) -> None:
        records = np.empty((n, 1 + height * width * channels), np.uint8)
        fill(stream, records)
        y[:] = records[:, 0]
        planes = records[:, 1:].reshape(n, channels, height, width)
        x[:] = planes.transpose(0, 2, 3, 1)  # (n, height, width, channels)

    return read
