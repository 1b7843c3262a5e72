"""The .npz format (Keras's mnist.npz): a zip archive of .npy files, read member by member."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import cast

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.npy import read_npy
from bmcourse.datasets.formats.streams import Bytes, reading


def decode_npz(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill the arrays `out` from the members of the same names in the one file given."""
    (path,) = files.values()
    with reading(path), zipfile.ZipFile(path) as archive:
        for name, values in out.items():
            member = f"{name}.npy"
            if member not in archive.namelist():
                raise DataError(f"lacks {member}")
            with archive.open(member) as stream:
                read_npy(cast(BufferedIOBase, stream), values)
