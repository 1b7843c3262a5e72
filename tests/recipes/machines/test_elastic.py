"""PyTorch's launcher: without PyTorch only the worker's half of these tests is left out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil
import pytest

from bmcourse.recipes.machines import elastic
from bmcourse.recipes.machines.data_parallel import Job, Training

NEEDS_TORCH = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
PARENT = """
import sys
from pathlib import Path
import numpy as np
from bmcourse.recipes.machines import elastic
from bmcourse.recipes.machines.data_parallel import Job
if __name__ == "__main__":
    x = np.zeros((60, 12), np.uint8)
    elastic.train(Job(x, np.zeros(60, int), batch=10, steps=10**9), 2, Path(sys.argv[1]))
"""


def small_job() -> Job:
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, size=(60, 12)).astype(np.uint8), rng.integers(0, 10, size=60)
    return Job(x, y, hidden=5, batch=9, steps=12, every=4, seed=1)


@NEEDS_TORCH
def test_a_worker_dies_and_nothing_is_lost(tmp_path: Path) -> None:
    job = small_job()
    record = elastic.train(job, 2, tmp_path, die_at=7)
    training, losses = Training(job), []
    while training.step < job.steps:
        losses.append((gradient := training.gradient(job.rows(training.step)))[0])
        training.update(gradient[1:])
    assert list(record.losses) == list(range(1, 13))
    np.testing.assert_allclose(list(record.losses.values()), losses, atol=1e-12)
    for weights in record.weights:
        np.testing.assert_allclose(weights, training.weights, atol=1e-12)
    lines = (tmp_path / "losses.txt").read_text().splitlines()
    assert len(lines) - 12 in (1, 2)  # steps 5 and 6 were taken twice


@NEEDS_TORCH
def test_no_process_of_the_launcher_outlives_a_killed_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)])
    losses, deadline = tmp_path / "losses.txt", time.time() + 60
    while not losses.exists() and time.time() < deadline:
        time.sleep(0.1)
    below = psutil.Process(parent.pid).children(recursive=True)
    named = [" ".join(process.cmdline()) for process in below]
    assert sum("-m bmcourse.recipes.machines.elastic_worker" in name for name in named) >= 2
    for process in below:  # nothing listens beyond this machine
        listening = [c for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
        assert {c.laddr.ip for c in listening} <= {"127.0.0.1"}
    os.kill(parent.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    parent.wait(30)
    assert psutil.wait_procs(below, 20)[1] == []


def test_a_launcher_that_gives_up_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("raise ImportError('no torch here')")
    with pytest.raises(RuntimeError, match="no torch here"):
        elastic.train(small_job(), 2, tmp_path)


def test_the_launcher_stays_on_this_machine() -> None:
    addresses = psutil.net_if_addrs()[elastic._loopback()]
    assert "127.0.0.1" in [address.address for address in addresses]
