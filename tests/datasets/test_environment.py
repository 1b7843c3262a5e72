"""Odd environments: no home folder, stale certificates, dead proxies, other words for "no"."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from bmcourse.datasets import CacheError, DataError, cifar10
from bmcourse.datasets.fetching.hosts import Network
from bmcourse.datasets.routes import Routes

from . import toys
from .conftest import Bench

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def no_proxies(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def twin(tmp_path, server):
    """A set on two hosts: the first by https, which the server does not speak; the second plain."""
    arrays = toys.toy("gray")
    npz, idx = {"mnist.npz": toys.npz(arrays)}, toys.idx_files(arrays)
    secure = server.url.replace("http:", "https:")
    sources = [
        {"form": "npz", "urls": [f"{secure}npz/"], "files": npz},
        {"form": "idx", "urls": [f"{server.url}a/"], "files": idx},
    ]
    for name, data in idx.items():
        server.routes[f"/a/{name}"] = server.whole(data)
    registry = toys.write_registry(tmp_path / "of gray", "gray", arrays, sources)
    return Bench("gray", arrays, npz | idx, registry, tmp_path / "cache")


def reasons_of(bench, tmp_path):
    """Fetch from the network alone; return what came, and why routes failed."""
    routes, reasons = bench.routes(), []
    spec = routes.registry["gray"]
    folder = tmp_path / "incoming"
    folder.mkdir()
    fetched = routes.network.fetch(spec, folder, reasons)
    return fetched, reasons


def test_a_stale_certificate_file_fails_that_host_alone(twin, tmp_path, monkeypatch, no_proxies):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    fetched, reasons = reasons_of(twin, tmp_path)
    assert "cannot be asked: REQUESTS_CA_BUNDLE names certificates that are not there" in reasons[0]
    assert "gone.pem" in reasons[0]
    assert fetched is not None
    assert np.array_equal(fetched[0]["x_train"], twin.arrays["x_train"])
    assert twin.holds(twin.routes().load("gray"))


def test_a_host_without_a_trusted_certificate_says_so(twin, tmp_path, no_proxies):
    fetched, reasons = reasons_of(twin, tmp_path)
    assert "has no certificate that this machine trusts" in reasons[0]
    assert fetched is not None


def test_a_dead_proxy_is_named(gray, tmp_path, monkeypatch, no_proxies):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(DataError) as caught:
        gray.routes().fetch("gray")
    lines = [line for line in str(caught.value).splitlines() if "127.0.0.1" in line]
    assert lines
    assert all("through the proxy that HTTPS_PROXY or HTTP_PROXY names" in line for line in lines)
    assert gray.routes().load("gray").is_sample


def test_a_full_disk_is_still_the_caches_fault(twin, monkeypatch, no_proxies):
    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bmcourse.datasets.fetching.download.Downloader._save", full)
    with pytest.raises(CacheError, match="is full"):
        twin.routes().load("gray")


@pytest.mark.parametrize("value", ["", "0", "false", "False", "no", "off", " OFF "])
def test_words_that_mean_online(value, monkeypatch):
    monkeypatch.setenv("BMCOURSE_OFFLINE", value)
    assert isinstance(Routes.from_environment().network, Network)


@pytest.mark.parametrize("value", ["1", "true", "yes", "on"])
def test_words_that_mean_offline(value, monkeypatch):
    monkeypatch.setenv("BMCOURSE_OFFLINE", value)
    assert Routes.from_environment().network is None


HOMELESS = """
import os, pathlib, pwd
def unknown(*_):
    raise KeyError("no such user")
pwd.getpwuid = pwd.getpwnam = unknown
from bmcourse import datasets
digits = datasets.mnist()
assert digits.is_sample, digits.source
print(datasets.status("mnist").problem)
os.environ["BMCOURSE_OFFLINE"] = "0"
try:
    datasets.fetch("mnist", progress=False)
except datasets.CacheError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="passwd entries are POSIX's")
def test_a_user_without_a_home_works_with_the_sample(tmp_path):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "HOME" and not name.startswith(("BMCOURSE_", "XDG_", "KERAS_"))
    }
    run = subprocess.run(
        [sys.executable, "-c", HOMELESS],
        env={**kept, "BMCOURSE_OFFLINE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "only the bundled sample" in run.stdout
    assert "no home folder for the cache. Set BMCOURSE_CACHE" in run.stdout
    assert not list(tmp_path.iterdir())  # no folder named ~


def test_class_names_stand_in_the_published_order():
    # Krizhevsky 2009; the order of `batches.meta` in the published archive.
    published = "airplane automobile bird cat deer dog frog horse ship truck"
    assert cifar10().class_names == tuple(published.split())
