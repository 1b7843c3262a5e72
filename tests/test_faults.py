"""A learner's bad day: odd folders, odd terminals, a killed kernel, a device that is full."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bmcourse import runtime
from bmcourse.tools.storing import FailedCellError, execute

TRAIN = """
import numpy as np
from bmcourse import nn
rng = np.random.default_rng(0)
x, y = rng.normal(size=(64, 4)), rng.integers(0, 3, 64)
model = nn.Sequential([nn.Dense(4, 3, rng=rng)])
loss = nn.SparseCategoricalCrossentropy()
settings = {"loss": loss, "optimizer": nn.SGD(0.1), "epochs": 1, "batch_size": 8}
for epoch in range(EPOCHS):
    model.fit(x, y, **settings, rng=rng, progress=False)
    model.save("weights.npz")
print("loss", model.evaluate(x, y, loss=loss)["loss"])
"""


def write(path: Path, *sources: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_markdown_cell("# A chapter\n\n**Time:** none"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize("folder", ["two words", "大模型 课程", "naïve — ü"])
@pytest.mark.slow
def test_folders_with_spaces_and_other_scripts(tmp_path: Path, folder: str) -> None:
    path = write(tmp_path / folder / "01_chapter.ipynb", "from bmcourse import claims\n2 + 2")
    execute(path)
    outputs = nbformat.read(path, as_version=4)["cells"][1]["outputs"]
    assert outputs[0]["data"]["text/plain"] == "4"
    environment = {**os.environ, "BMCOURSE_PROGRESS": str(tmp_path / folder / "p.jsonl")}
    run(["progress"], environment)


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
@pytest.mark.slow
def test_terminals_that_lack_a_character(tmp_path: Path, encoding: str) -> None:
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": encoding,
        "BMCOURSE_PROGRESS": str(tmp_path / "进度.jsonl"),
        "BMCOURSE_OFFLINE": "1",
    }
    assert "00_welcome" in run(["progress"], environment)
    assert "Python" in run(["doctor"], environment)


def run(arguments: list[str], environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "bmcourse", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode(errors="replace")


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[tuple[KernelManager, Any]]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def printed(client: Any, code: str) -> str:
    """Run code in the kernel and return what it printed."""
    lines: list[str] = []

    def hook(message: Any) -> None:
        lines.append(message["content"].get("text", ""))

    reply = client.execute_interactive(code, timeout=60, output_hook=hook)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(lines)


def test_kernel_killed_in_mid_training_and_restarted(
    kernel: tuple[KernelManager, Any], tmp_path: Path
) -> None:
    """What was saved is whole, nothing half-written is left, and a fresh run is as the first."""
    manager, client = kernel
    first = printed(client, TRAIN.replace("EPOCHS", "3"))
    client.execute(TRAIN.replace("EPOCHS", "10**9"))
    saved = tmp_path / "weights.npz"
    before = saved.stat().st_mtime_ns
    while saved.stat().st_mtime_ns == before:  # training goes on
        pass
    manager.restart_kernel(now=True)  # SIGKILL
    client.wait_for_ready(timeout=60)
    read = TRAIN.partition("for epoch")[0] + "model.load_weights('weights.npz')"
    assert printed(client, read) == ""
    assert printed(client, TRAIN.replace("EPOCHS", "3")) == first


@pytest.mark.slow
def test_a_full_device_is_explained_and_still_an_error(tmp_path: Path) -> None:
    """Simulated: TensorFlow's own error, raised in a cell."""
    path = write(
        tmp_path / "01_chapter.ipynb",
        "from bmcourse import runtime\n\nrng = runtime.start(seed=0)",
        "import tensorflow as tf\nraise tf.errors.ResourceExhaustedError(None, None, 'OOM')",
    )
    before = path.read_bytes()
    with pytest.raises(FailedCellError) as failed:
        execute(path)
    assert "OOM" in str(failed.value)
    assert runtime.FULL_MEMORY in str(failed.value)
    assert path.read_bytes() == before
