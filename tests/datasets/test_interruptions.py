"""Hosts and machines that fail: killed processes, wrong bytes, slow lines, full disks."""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bmcourse.datasets import CacheError, DataError
from bmcourse.datasets import cache as cache_module
from bmcourse.datasets.fetching.download import Downloader
from bmcourse.datasets.fetching.download_limits import Limits

from .conftest import ALL_CACHED, QUICK

NPZ = "/npz/mnist.npz"
WORKER = Path(__file__).with_name("worker.py")


def start_worker(bench):
    command = [sys.executable, str(WORKER), str(bench.registry), str(bench.cache), bench.name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(worker):
    output, errors = worker.communicate(timeout=30)
    assert worker.returncode == 0, errors
    assert errors == ""
    _, source, digest = output.splitlines()
    return source, digest


def wait_until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_killed_in_mid_download_then_continued(big, server):
    data = big.files["mnist.npz"]
    half = len(data) // 2
    server.routes[NPZ] = server.stalling(data, half)
    worker = start_worker(big)
    part = big.cache / "gray" / "incoming" / "mnist.npz.part"
    try:
        # All chunks but what Python still buffers are on the disk.
        wait_until(lambda: part.exists() and part.stat().st_size > half - (1 << 18) > 0)
    finally:
        worker.kill()  # SIGKILL: no clean-up can run
        worker.communicate(timeout=10)
    kept = part.stat().st_size
    assert big.cached() == []
    server.requests.clear()
    server.routes[NPZ] = server.whole(data)
    dataset = big.routes().load("gray")
    assert big.holds(dataset)
    assert server.requests == [(NPZ, f"bytes={kept}-")]
    assert big.cached() == ALL_CACHED
    left = {path.name for path in (big.cache / "gray").iterdir()}
    assert left - {"lock"} == set(ALL_CACHED)  # some systems remove the lock's file


@pytest.mark.parametrize("count", [2, 8])
@pytest.mark.slow
def test_processes_at_once_download_once(big, server, count):
    server.routes[NPZ] = server.whole(big.files["mnist.npz"], seconds=1.0)
    workers = [start_worker(big) for _ in range(count)]
    results = sorted(finish(worker) for worker in workers)
    assert server.paths() == [NPZ]
    digest = hashlib.sha256(big.arrays["x_train"].tobytes()).hexdigest()
    assert {result[1] for result in results} == {digest}
    routes = [result[0].split(":")[0] for result in results]
    assert routes == ["127.0.0.1"] + ["the user cache"] * (count - 1)
    assert big.cached() == ALL_CACHED


def test_cache_deleted_in_mid_download(big, server):
    """A learner cleans up at the wrong moment: this call or the next one has the data."""
    data = big.files["mnist.npz"]
    halfway, onward = threading.Event(), threading.Event()
    server.routes[NPZ] = server.halting(data, len(data) // 2, halfway, onward)
    worker = start_worker(big)
    assert halfway.wait(15)
    part = big.cache / "gray" / "incoming" / "mnist.npz.part"
    wait_until(lambda: part.exists() and part.stat().st_size)
    shutil.rmtree(big.cache)
    onward.set()
    _, errors = worker.communicate(timeout=30)
    assert worker.returncode == 0 or "BMCOURSE_CACHE" in errors, errors
    server.routes[NPZ] = server.whole(data)
    assert big.holds(big.routes().load("gray"))
    assert big.cached() == ALL_CACHED


def test_cache_deleted_while_its_arrays_are_in_use(big, server):
    server.routes[NPZ] = server.whole(big.files["mnist.npz"])
    big.routes().load("gray")
    dataset = big.routes().load("gray")  # from the cache
    shutil.rmtree(big.cache)
    assert big.holds(dataset)


def test_second_process_takes_over_when_the_first_is_killed(big, server):
    server.routes[NPZ] = server.stalling(big.files["mnist.npz"], 1000)
    first = start_worker(big)
    try:
        wait_until(lambda: server.requests)
        server.routes[NPZ] = server.whole(big.files["mnist.npz"])
        second = start_worker(big)
        assert second.stdout.readline() == "ready\n"
        time.sleep(0.3)
        assert second.poll() is None
    finally:
        first.kill()
        first.communicate(timeout=10)
    output, errors = second.communicate(timeout=30)
    assert errors == ""
    assert output.startswith("127.0.0.1")
    assert big.cached() == ALL_CACHED


def flipped(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda s, data: s.whole(flipped(data)), "hash is not the expected one"),
        (lambda s, data: s.whole(b"<html>Sign in to this network</html>"), "hash is not the"),
        (lambda s, data: s.short(data, len(data) // 2), "sent|breaks off"),
        (lambda s, data: s.short(data, len(data) // 2, announced=False), "hash is not the"),
        (lambda s, data: s.short(data, 0), "sent|breaks off"),
        (lambda s, data: s.redirect(NPZ), "redirects without end"),
        (lambda s, data: s.reset(data, len(data) // 2), "breaks off"),
        (lambda s, data: s.stalling(data, 1000), "breaks off"),
        (lambda s, data: s.stalling(data, 0), "breaks off"),
        (lambda s, data: s.dripping(data), "too slow"),
        (lambda s, data: s.endless(), "sends more than"),
        (lambda s, data: None, "HTTP 404"),
    ],
    ids=[
        "flipped byte",
        "wrong content",
        "short file",
        "short file of unknown length",
        "nothing",
        "redirect loop",
        "connection reset",
        "stalls",
        "stalls at once",
        "drips",
        "endless",
        "not there",
    ],
)
def test_bad_host_is_left_and_its_failure_told(big, server, answer, reason):
    server.routes[NPZ] = answer(server, big.files["mnist.npz"])
    begun = time.monotonic()
    with pytest.raises(DataError, match=reason):
        big.routes().fetch("gray")
    assert time.monotonic() - begun < 10
    assert big.cached() == []
    # Whatever the bad host left behind, a good one then serves.
    server.routes[NPZ] = server.whole(big.files["mnist.npz"])
    assert big.holds(big.routes().load("gray"))


def in_own_network(*command):
    """Run a command where the loopback device can be switched off and harms nobody."""
    whole = ["unshare", "--map-root-user", "--net", *command]
    return subprocess.run(whole, capture_output=True, text=True, timeout=60, cwd=WORKER.parents[1])


@pytest.mark.slow
def test_cable_pulled_in_mid_download_for_real(tmp_path):
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("needs the commands unshare and ip, of Linux")
    if in_own_network("ip", "link", "set", "lo", "up").returncode:
        pytest.skip("this user may not make a network of its own")
    done = in_own_network(sys.executable, "-m", "datasets.unplugged", str(tmp_path))
    assert done.returncode == 0, done.stderr
    lost, cached, whole, asked = done.stdout.splitlines()
    assert re.match("lost: .*breaks off", lost)
    assert (cached, whole) == ("cached: []", "then whole: True")
    assert re.fullmatch(r"asked for: \[None, 'bytes=[1-9]\d+-'\]", asked)  # goes on where it broke


def test_host_that_cannot_be_reached(gray, server):
    server.close()
    with pytest.raises(DataError, match=r"127\.0\.0\.1:\d+: mnist\.npz: the host cannot"):
        gray.routes().fetch("gray")


def test_damaged_part_is_not_continued_twice(big, server):
    data = big.files["mnist.npz"]
    part = big.cache / "gray" / "incoming" / "mnist.npz.part"
    part.parent.mkdir(parents=True)
    server.routes[NPZ] = server.whole(data)
    for left in (bytes(1000), bytes(len(data)), bytes(len(data) + 5)):
        server.requests.clear()
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(left)
        for file in (big.cache / "gray").glob("*.npy"):
            file.unlink()
        assert big.holds(big.routes().load("gray"))
        assert server.requests == [(NPZ, f"bytes={len(left)}-"), (NPZ, None)]


def test_host_that_ignores_ranges(big, server):
    data = big.files["mnist.npz"]
    part = big.cache / "gray" / "incoming" / "mnist.npz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(data[:1000])
    server.routes[NPZ] = server.short(data, len(data))
    assert big.holds(big.routes().load("gray"))
    assert len(server.requests) == 1


def test_slow_start_is_forgiven_within_the_window(big, server):
    server.routes[NPZ] = server.whole(big.files["mnist.npz"], seconds=0.5)
    assert big.holds(big.routes(limits=Limits(read=2.0, window=0.1)).load("gray"))


@pytest.mark.parametrize("damage", ["flip", "short", "long", "empty", "lacks", "pickle"])
def test_damaged_cache_is_noticed_and_replaced(gray, server, damage):
    import numpy as np

    server.routes[NPZ] = server.whole(gray.files["mnist.npz"])
    gray.routes().load("gray")
    path = gray.cache / "gray" / "x_train.npy"
    data = path.read_bytes()
    if damage == "lacks":
        path.unlink()
    elif damage == "pickle":
        np.save(path, np.array([print], object), allow_pickle=True)
    else:
        last = bytes([data[-1] ^ 1])
        changed = {"flip": data[:-1] + last, "short": data[:-1], "long": data + b"x", "empty": b""}
        path.write_bytes(changed[damage])
    status = gray.routes().status("gray")
    assert (status.complete, status.verified) == (damage != "lacks", False)
    assert "x_train" in status.problem
    assert status.advice == "Run: python -m bmcourse data gray"
    assert gray.routes(online=False).load("gray").is_sample
    assert gray.holds(gray.routes().load("gray"))
    assert path.read_bytes() == data
    assert gray.routes().status("gray").verified
    assert len(server.requests) == 2


def expect_cache_error(routes, state):
    for call in (routes.load, routes.fetch):
        with pytest.raises(CacheError, match=state) as caught:
            call("gray")
        message = str(caught.value)
        assert routes.cache.as_posix() in message
        assert "BMCOURSE_CACHE" in message
        assert "BMCOURSE_OFFLINE=1" in message


def test_cache_that_is_a_file(gray, server):
    server.routes[NPZ] = server.whole(gray.files["mnist.npz"])
    gray.cache.write_text("in the way")
    expect_cache_error(gray.routes(), "cannot be written")
    assert gray.routes(online=False).load("gray").is_sample
    assert not server.requests


@pytest.mark.skipif(
    os.name == "nt" or getattr(os, "geteuid", lambda: 0)() == 0,
    reason="folder permissions do not stop this user",
)
def test_cache_folder_without_permission(gray, server):
    server.routes[NPZ] = server.whole(gray.files["mnist.npz"])
    gray.cache.mkdir()
    gray.cache.chmod(0o555)
    try:
        expect_cache_error(gray.routes(), "cannot be written")
    finally:
        gray.cache.chmod(0o755)


def test_read_only_cache_that_holds_the_set_is_read(gray, server, monkeypatch):
    server.routes[NPZ] = server.whole(gray.files["mnist.npz"])
    gray.routes().load("gray")
    monkeypatch.setattr(Path, "mkdir", refuse(errno.EROFS))
    monkeypatch.setattr("bmcourse.datasets.cache.FileLock.acquire", refuse(errno.EROFS))
    assert gray.routes().load("gray").source == "the user cache"
    assert gray.routes().fetch("gray").source == "the user cache"
    expect_cache_error(gray.routes(cache=gray.cache.with_name("other")), "cannot be written")


def refuse(number):
    def fail(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("when", ["while downloading", "while storing"])
def test_full_disk(gray, server, monkeypatch, when):
    server.routes[NPZ] = server.whole(gray.files["mnist.npz"])
    with monkeypatch.context() as patch:
        if when == "while storing":
            patch.setattr(cache_module, "write_npy", refuse(errno.ENOSPC))
        else:
            patch.setattr(Downloader, "_save", refuse(errno.ENOSPC))
        expect_cache_error(gray.routes(), "is full")
    left = [path for path in gray.cache.rglob("*") if path.is_file() and path.name != "lock"]
    assert left == []
    assert gray.holds(gray.routes().load("gray"))


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 256 KiB, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        pytest.skip("this user may not mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_for_real(big, server, small_disk):
    server.routes[NPZ] = server.whole(big.files["mnist.npz"])
    expect_cache_error(big.routes(cache=small_disk), "is full")
    left = [path for path in small_disk.rglob("*") if path.is_file() and path.name != "lock"]
    assert left == []


def test_npm_on_a_full_disk(gray, tmp_path):
    script = tmp_path / "npm.py"
    script.write_text("raise SystemExit('npm error code ENOSPC')")
    expect_cache_error(gray.routes(npm=[sys.executable, str(script)]), "is full")


def test_default_limits_leave_a_blocked_host_within_seconds():
    assert Limits().connect <= 5
    assert QUICK.redirects == Limits().redirects
