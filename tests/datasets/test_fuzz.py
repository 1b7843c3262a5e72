"""More than 100,000 damaged or hostile files: each ends in the right arrays or in a DataError.

Honest files of every form are cut, flipped, spliced and given extreme numbers. Nothing else may
be raised, nothing hangs, and memory stays bounded: the readers never trust a size in a file.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bmcourse.datasets import DataError
from bmcourse.datasets.formats.decoding import decode
from bmcourse.datasets.formats.idx import read_idx
from bmcourse.datasets.formats.image_sheets import read_labels, read_sheet
from bmcourse.datasets.formats.npy import read_npy
from bmcourse.datasets.formats.streams import reading
from bmcourse.datasets.registry import read_registry
from bmcourse.datasets.tables.table import FOLDER, read_table

from . import toys

IMAGES = np.random.default_rng(1).integers(0, 256, (10, 6, 5), dtype=np.uint8)
LABELS = np.arange(10, dtype=np.uint8)
EXTREME = [b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00"]
STREAMS = 28_000
ARCHIVES = 300


def damaged(honest: bytes, rng: np.random.Generator) -> bytes:
    """One to four damages: a bit, a run, a cut, a repetition, an extreme number, noise."""
    data = bytearray(honest)
    for _ in range(rng.integers(1, 5)):
        place = int(rng.integers(0, len(data) + 1))
        size = int(rng.integers(1, 9))
        match rng.integers(0, 6):
            case 0:
                if place < len(data):
                    data[place] ^= 1 << int(rng.integers(0, 8))
            case 1:
                data[place : place + size] = rng.bytes(size)
            case 2:
                del data[place:]
            case 3:
                data[place:place] = data[: 4 * size]
            case 4:
                data[place : place + 4] = EXTREME[int(rng.integers(0, len(EXTREME)))]
            case 5:
                data += rng.bytes(size)
    return bytes(data)


def npy(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


READERS: dict[str, tuple[bytes, Callable[[bytes], None]]] = {
    "idx": (toys.idx(IMAGES), lambda data: read_idx(io.BytesIO(data), np.empty_like(IMAGES))),
    "npy": (npy(IMAGES), lambda data: read_npy(io.BytesIO(data), np.empty_like(IMAGES))),
    "png": (
        toys.png(IMAGES.reshape(10, 30)),
        lambda data: read_sheet(io.BytesIO(data), np.empty_like(IMAGES)),
    ),
    "labels": (
        b"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
        lambda data: read_labels(data, np.empty_like(LABELS)),
    ),
}


@pytest.mark.filterwarnings("ignore:Reading `.npy` or `.npz` file required additional header")
@pytest.mark.parametrize("form", READERS)
@pytest.mark.slow
def test_streams(form: str) -> None:
    honest, read = READERS[form]
    rng = np.random.default_rng(len(honest))
    messages = []
    for _ in range(STREAMS):
        try:
            with reading(Path(f"file.{form}")):
                read(damaged(honest, rng))
        except DataError as error:
            messages.append(str(error))
    assert all(message.startswith(f"file.{form}") for message in messages)
    assert 0.5 * STREAMS < len(messages) < STREAMS  # both outcomes were met


@pytest.mark.parametrize("form", ["npz", "idx", "idx-tgz", "sheets-tgz", "cifar-binary"])
def test_whole_files(form: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Through the digest: what comes out is the published data, or nothing."""
    bench = request.getfixturevalue("tint" if form in ("sheets-tgz", "cifar-binary") else "gray")
    spec = read_registry(bench.registry)[bench.name]
    source = next(s for s in spec.sources if s.form == form)
    honest = {name: bench.files[name] for name in source.files}
    rng = np.random.default_rng(7)
    paths = {name: tmp_path / name for name in honest}
    for _ in range(ARCHIVES):
        broken = str(rng.choice(sorted(honest)))
        for name, data in honest.items():
            paths[name].write_bytes(damaged(data, rng) if name == broken else data)
        try:
            arrays = decode(form, paths, spec.arrays)
        except DataError:
            continue
        assert all(np.array_equal(arrays[k], bench.arrays[k]) for k in bench.arrays)


def test_tables(tmp_path: Path) -> None:
    """A CSV file with anything changed is never read."""
    shutil.copy(FOLDER / "registry.toml", tmp_path)
    honest = (FOLDER / "yeast5.csv").read_bytes()
    rng = np.random.default_rng(3)
    for _ in range(ARCHIVES):
        data = damaged(honest, rng)
        if data.replace(b"\r\n", b"\n") == honest:
            continue
        (tmp_path / "yeast5.csv").write_bytes(data)
        with pytest.raises(DataError, match="SHA-256"):
            read_table("yeast5", tmp_path)
