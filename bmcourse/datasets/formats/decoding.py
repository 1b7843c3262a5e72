"""From the files of one published form to verified arrays, and where a folder holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from bmcourse.datasets.errors import DataError, IncompleteError, MissingError
from bmcourse.datasets.formats.cifar_binary import decode_cifar_binary
from bmcourse.datasets.formats.idx import decode_idx, decode_idx_tgz
from bmcourse.datasets.formats.image_sheets import decode_sample, decode_sheets_tgz
from bmcourse.datasets.formats.model_files import (
    decode_encoder_whl,
    decode_gguf_sample,
    decode_gguf_whl,
    decode_whole_file,
)
from bmcourse.datasets.formats.npy import read_npy
from bmcourse.datasets.formats.npz import decode_npz
from bmcourse.datasets.formats.streams import Bytes, reading
from bmcourse.datasets.formats.text_archives import (
    decode_lines_sdist,
    decode_mail_tgz,
    decode_reviews_whl,
    decode_text_sample,
)
from bmcourse.datasets.registry import Arrays, Source

Decoder = Callable[[Mapping[str, Path], Mapping[str, Bytes]], None]
"""Fills the arrays given from the files given, in place."""


def decode_npy(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from one .npy file each: the form of the cache."""
    for name, values in out.items():
        path = files[f"{name}.npy"]
        with reading(path), path.open("rb") as stream:
            read_npy(stream, values)


DECODERS: Mapping[str, Decoder] = {
    "cifar-binary": decode_cifar_binary,
    "encoder-whl": decode_encoder_whl,
    "gguf": decode_whole_file,
    "gguf-sample": decode_gguf_sample,
    "gguf-whl": decode_gguf_whl,
    "idx": decode_idx,
    "idx-tgz": decode_idx_tgz,
    "lines-sdist": decode_lines_sdist,
    "mail-tgz": decode_mail_tgz,
    "npy": decode_npy,
    "npz": decode_npz,
    "reviews-whl": decode_reviews_whl,
    "sample": decode_sample,
    "sheets-tgz": decode_sheets_tgz,
    "text-sample": decode_text_sample,
    "zip": decode_whole_file,
}


def decode(form: str, files: Mapping[str, Path], arrays: Arrays) -> dict[str, Bytes]:
    """Read the files of one form into new arrays, verify them and make them read-only.

    Parameters
    ----------
    form : str
        A key of `DECODERS`.
    files : mapping of the registry's file name to path
    arrays : mapping of array name to ArraySpec

    Raises
    ------
    DataError
        If a file is damaged, or an array differs from its SHA-256 digest.
    """
    out = {name: np.empty(spec.shape, np.uint8) for name, spec in arrays.items()}
    DECODERS[form](files, out)
    for name, values in out.items():
        received = hashlib.sha256(values.reshape(-1).data).hexdigest()
        if received != arrays[name].sha256:
            files_read = ", ".join(path.name for path in files.values())
            raise DataError(
                f"{name} in {files_read} must have the SHA-256 digest "
                f"{arrays[name].sha256}, got {received}"
            )
        values.flags.writeable = False
    return out


def npy_source(arrays: Arrays) -> Source:
    """Describe the form of the cache: one .npy file an array."""
    return Source("npy", {f"{name}.npy": "" for name in arrays})


def find(folder: Path, source: Source) -> dict[str, Path]:
    """Find the files of one form in a folder; a .gz may lie there unpacked.

    Raises
    ------
    MissingError
        If none is there.
    IncompleteError
        If only some are.
    """
    files = {}
    for name in source.files:
        for path in (folder / name, folder / name.removesuffix(".gz")):
            if path.is_file():
                files[name] = path
                break
    lacking = [name for name in source.files if name not in files]
    if not files:
        raise MissingError(f"{folder.name} holds no {' or '.join(lacking)}")
    if lacking:
        raise IncompleteError(f"{folder.name} lacks {', '.join(lacking)}")
    return files
