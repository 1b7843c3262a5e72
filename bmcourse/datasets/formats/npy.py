"""The .npy format: one header, then the bytes of one array. Pickles are refused."""

from __future__ import annotations

from io import BufferedIOBase

import numpy as np
from numpy.lib import format as npy_format

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.streams import Bytes, fill


def read_npy(stream: BufferedIOBase, out: Bytes) -> None:
    """Fill `out` from a .npy stream of the same shape, uint8, in C order.

    The header is checked before a single value is read, and only plain bytes
    are read after it: no pickle can be loaded.

    Raises
    ------
    DataError
        If the header announces anything else, or the length is wrong.
    """
    shape, fortran, dtype = _header(stream)
    if shape != out.shape or dtype != np.uint8 or (fortran and out.ndim > 1):
        order = "Fortran" if fortran else "C"
        raise DataError(
            f"must be uint8 of shape {out.shape} in C order, got {dtype} {shape} in {order} order"
        )
    fill(stream, out)


def _header(stream: BufferedIOBase) -> tuple[tuple[int, ...], bool, np.dtype]:
    try:
        version = npy_format.read_magic(stream)
        if version == (1, 0):
            return npy_format.read_array_header_1_0(stream)
        if version == (2, 0):
            return npy_format.read_array_header_2_0(stream)
    except Exception as error:  # whatever NumPy's parser meets in a damaged header
        raise DataError(f"header of the .npy format cannot be read: {error}") from error
    raise DataError(f"version of the .npy format must be 1.0 or 2.0, got {version}")


def write_npy(stream: BufferedIOBase, values: Bytes) -> None:
    """Write the contiguous array `values` as .npy, without copying it."""
    npy_format.write_array_header_1_0(stream, npy_format.header_data_from_array_1_0(values))
    stream.write(values.reshape(-1).data)
