"""The same training by an engine: PyTorch's elastic launcher, and its sums over gloo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import psutil

from bmcourse.recipes.machines.data_parallel import Job, Record
from bmcourse.recipes.machines.workers import workers


def train(
    job: Job,
    size: int,
    folder: Path,
    *,
    die_at: int = 0,
    fresh: bool = True,
    seconds: float = 120.0,
) -> Record:
    """Train `job` in `size` processes that PyTorch's launcher starts, and starts again.

    Parameters
    ----------
    job : Job
        Its checkpoint is set to a file in `folder`.
    size : int
        Workers.
    folder : path
        An empty folder for the data, the checkpoint and the results.
    die_at : int, optional
        The last worker kills itself before this step, the first time; 0 for never. The launcher
        then ends the others, and starts all of them again.
    fresh : bool
        Whether a new start exchanges addresses in a new place. Where it does not, workers may
        find the address of a dead one (PyTorch's issue 135712), and the start may fail.
    seconds : float
        The longest wait for the launcher's end.

    Raises
    ------
    RuntimeError
        If the launcher gives up.
    NoAnswer
        If it has not ended in time; it is killed then, and all its workers.
    """
    np.savez(folder / "data.npz", x=job.x, y=job.y)
    names = ("hidden", "batch", "steps", "rate", "momentum", "seed", "every")
    plan = {name: getattr(job, name) for name in names} | {"die_at": die_at, "fresh": fresh}
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    with workers(launch, 1, size, str(folder)) as crew:
        code, last_words = crew[0].receive(seconds)
    if code:
        raise RuntimeError(f"the launcher ended with code {code}:\n{last_words}")
    lines = (folder / "losses.txt").read_text(encoding="utf-8").splitlines()
    losses = {int(step): float(loss) for step, loss in (line.split() for line in lines)}
    return Record(losses, [np.load(folder / f"weights{rank}.npy") for rank in range(size)])


def launch(rank: int, pipe: Connection, size: int, folder: str) -> None:
    """Run in a process of its own, which ends with the notebook and takes all others along.

    Nothing listens beyond this machine: the launcher meets in a file, and gloo is kept to the
    loopback interface.
    """
    command = [sys.executable, "-m", "torch.distributed.run", "--max-restarts=1"]
    command += ["--rdzv-backend=c10d", "--rdzv-conf=store_type=file"]
    command += [f"--rdzv-id={Path(folder).name}"]
    command += [f"--rdzv-endpoint={Path(folder) / 'launcher'}", "--local-addr=127.0.0.1"]
    command += [f"--nproc-per-node={size}", "-m", "bmcourse.recipes.machines.elastic_worker"]
    own = {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1", "GLOO_SOCKET_IFNAME": _loopback()}
    done = subprocess.run(  # noqa: S603 (our own module)
        [*command, folder],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        env=os.environ | own,
    )
    pipe.send((done.returncode, done.stderr[-6000:]))


def _loopback() -> str:
    """Return the name of the interface that reaches this machine alone."""
    found = psutil.net_if_addrs().items()
    return next(name for name, has in found if any(a.address == "127.0.0.1" for a in has))
