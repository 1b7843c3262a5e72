"""Damaged and hostile archives end in a DataError: nothing is run, unpacked or swollen."""

import io
import struct
import tarfile
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest

from bmcourse.datasets import DataError
from bmcourse.datasets.formats.decoding import decode
from bmcourse.datasets.registry import read_registry

from . import toys


def attempt(bench, tmp_path, form, data, name="file"):
    """Decode one archive of the synthetic set."""
    folder = tmp_path / "in"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    arrays = decode(form, {name: path}, read_registry(bench.registry)[bench.name].arrays)
    assert [entry.name for entry in folder.iterdir()] == [name]
    return arrays


def gray_tgz(bench, **changes):
    members = toys.idx_tgz_members(bench.arrays)
    members.update({f"package/data/{name}": data for name, data in changes.items()})
    return members


IMAGES = "package/data/train-images-idx3-ubyte"


def special(kind, target=""):
    info = tarfile.TarInfo(IMAGES)
    info.type, info.linkname = kind, target
    return info


def test_members_elsewhere_are_never_unpacked(gray, tmp_path):
    outside = {"../../outside": b"x", "/outside-of-the-course": b"x"}
    data = toys.tgz({**outside, **gray_tgz(gray)})
    arrays = attempt(gray, tmp_path, "idx-tgz", data)
    assert (arrays["x_train"] == gray.arrays["x_train"]).all()
    assert not list(tmp_path.rglob("*outside*"))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_wanted_member_must_be_a_plain_file(gray, tmp_path, kind):
    members = gray_tgz(gray)
    del members[IMAGES]
    data = toys.tgz({special(kind, "/etc/hostname"): b"", **members})
    with pytest.raises(DataError, match="must be a plain file"):
        attempt(gray, tmp_path, "idx-tgz", data)


def test_member_twice(gray, tmp_path):
    second = tarfile.TarInfo(IMAGES)
    members = gray_tgz(gray)
    with pytest.raises(DataError, match="twice"):
        attempt(gray, tmp_path, "idx-tgz", toys.tgz({**members, second: members[IMAGES]}))


def test_member_missing(gray, tmp_path):
    members = gray_tgz(gray)
    del members[IMAGES]
    with pytest.raises(DataError, match=f"lacks {IMAGES}"):
        attempt(gray, tmp_path, "idx-tgz", toys.tgz(members))


def test_archive_that_swells(gray, tmp_path):
    bomb = toys.tgz({"package/zeros": bytes(200_000_000), **gray_tgz(gray)})
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    with pytest.raises(DataError, match="must unpack to at most"):
        attempt(gray, tmp_path, "idx-tgz", bomb)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_member_that_claims_a_huge_size(gray, tmp_path):
    info = tarfile.TarInfo(IMAGES)
    info.size = 1 << 50
    data = zlib.compress(info.tobuf() + bytes(1 << 12), wbits=31)
    with pytest.raises(DataError):
        attempt(gray, tmp_path, "idx-tgz", data)


def test_idx_that_claims_a_huge_shape(gray, tmp_path):
    huge = struct.pack(">HBB3I", 0, 8, 3, 1 << 31, 1 << 31, 1 << 31)
    data = toys.tgz(gray_tgz(gray, **{"train-images-idx3-ubyte": huge}))
    with pytest.raises(DataError, match="must announce the shape"):
        attempt(gray, tmp_path, "idx-tgz", data)


@pytest.mark.parametrize("cut", [0, 1, 10, 500, -1])
@pytest.mark.parametrize("form", ["idx-tgz", "npz", "cifar-binary", "sheets-tgz"])
def test_archives_cut_short(form, cut, request, tmp_path):
    bench = request.getfixturevalue("gray" if form in ("idx-tgz", "npz") else "tint")
    file = {
        "idx-tgz": "gray-1.0.0.tgz",
        "npz": "mnist.npz",
        "cifar-binary": "cifar-10-binary.tar.gz",
        "sheets-tgz": "tint-1.0.0.tgz",
    }[form]
    whole = bench.files[file]
    assert attempt(bench, tmp_path, form, whole, file)
    # The end of a tar.gz is padding that a reader need not reach; cut into the members.
    cut = len(whole) // 2 if cut == -1 else cut
    with pytest.raises(DataError, match=file):
        attempt(bench, tmp_path, form, whole[:cut], file)


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_never_pass_and_never_crash(seed, gray, tint, tmp_path):
    rng = np.random.default_rng(seed)
    bench, form, file = [
        (gray, "idx-tgz", "gray-1.0.0.tgz"),
        (gray, "npz", "mnist.npz"),
        (tint, "cifar-binary", "cifar-10-binary.tar.gz"),
        (tint, "sheets-tgz", "tint-1.0.0.tgz"),
    ][seed % 4]
    data = bytearray(bench.files[file])
    for place in rng.integers(0, len(data), 3):
        data[place] ^= int(rng.integers(1, 256))
    try:
        arrays = attempt(bench, tmp_path, form, bytes(data), file)
    except DataError:
        return
    # A flip in a time stamp or in padding changes no value; then all is right.
    assert all((arrays[key] == values).all() for key, values in bench.arrays.items())


def test_right_form_with_another_value_fails_its_digest(gray, tmp_path):
    other = {key: values.copy() for key, values in gray.arrays.items()}
    other["y_test"][3] ^= 1
    with pytest.raises(DataError, match="y_test in file must have the SHA-256 digest"):
        attempt(gray, tmp_path, "npz", toys.npz(other))


def npz_with(member):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_train.npy", member)
    return file.getvalue()


def npy_header(text):
    text = text.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (npy_header("{'descr': '|O', 'fortran_order': False, 'shape': (50, 6, 5), }"), "uint8"),
        (npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (50, 6, 5), }"), "uint8"),
        (npy_header("{'descr': '|u1', 'fortran_order': True, 'shape': (50, 6, 5), }"), "C order"),
        (npy_header("{'descr': '|u1', 'fortran_order': False, 'shape': (9, 6, 5), }"), "shape"),
        (npy_header("__import__('os').system('exit 1')"), "cannot be read"),
        (npy_header("{'descr': '|u1', 'fortran_order': False, 'shape': (50, 6, 5), }"), "ends"),
        (b"\x93NUMPY\x03\x00" + bytes(200), "version"),
        (b"cos\nsystem\n", "magic"),
        (
            npy_header("{'descr': '|u1', 'fortran_order': False, 'shape': (50, 6, 5), }")
            + bytes(100_000_000),
            "got more",
        ),
    ],
    ids=["object", "float", "order", "shape", "code", "short", "version", "pickle", "bomb"],
)
def test_hostile_npy_in_npz(gray, tmp_path, member, reason):
    with pytest.raises(DataError, match=reason):
        attempt(gray, tmp_path, "npz", npz_with(member))


def test_npz_without_an_array(gray, tmp_path):
    arrays = {key: values for key, values in gray.arrays.items() if key != "y_test"}
    with pytest.raises(DataError, match=r"lacks y_test\.npy"):
        attempt(gray, tmp_path, "npz", toys.npz(arrays))


def png_header(width, height):
    """Begin a PNG that claims a size and holds nothing."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("test_batch.png", png_header(60_000, 60_000), "must be a RGB image"),
        ("test_batch.png", png_header(16, 11), r"must be a RGB image of \(16, 10\)"),
        ("test_batch.png", png_header(16, 10), "damaged|truncated|broken"),
        ("test_batch.png", toys.png(np.zeros((10, 16), np.uint8)), "got L"),
        ("test_batch.png", b"GIF89a", "cannot identify"),
        ("test_batch.png", bytes(1_000_000), "must be at most"),
        ("test_lables.json", b"[1, 2]", "must be a list of 10 labels"),
        ("test_lables.json", b'{"a": 1}', "must be a list"),
        ("test_lables.json", b"[" * 100, "damaged"),
        ("test_lables.json", b"[0,0,0,0,0,0,0,0,0,-1]", "whole numbers"),
        ("test_lables.json", b"[0,0,0,0,0,0,0,0,0,true]", "whole numbers"),
        ("test_lables.json", b"[0,0,0,0,0,0,0,0,0,1.5]", "whole numbers"),
        ("test_lables.json", b" " * 1000, "must be at most"),
        ("test_lables.json", b"\xff\xfe\x00", "damaged"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_hostile_sheets_and_labels(tint, tmp_path, name, data, reason):
    members = {**toys.sheets_tgz_members(tint.arrays), f"package/{name}": data}
    with pytest.raises(DataError, match=reason):
        attempt(tint, tmp_path, "sheets-tgz", toys.tgz(members))


def test_gzip_file_that_swells(gray, tmp_path):
    files = toys.idx_files(gray.arrays)
    name = "train-images-idx3-ubyte.gz"
    plain = toys.idx(gray.arrays["x_train"]) + bytes(100_000_000)
    files[name] = zlib.compress(plain, wbits=31)
    paths = {}
    for file, data in files.items():
        paths[file] = tmp_path / file
        paths[file].write_bytes(data)
    tracemalloc.start()
    with pytest.raises(DataError, match=f"{name}: must hold 1,500 bytes of values, got more"):
        decode("idx", paths, read_registry(gray.registry)["gray"].arrays)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_arrays_cannot_be_written(gray, tmp_path):
    arrays = attempt(gray, tmp_path, "npz", gray.files["mnist.npz"])
    with pytest.raises(ValueError, match="read-only"):
        arrays["x_train"][0] = 1
