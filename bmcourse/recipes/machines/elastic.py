"""The same training by an engine: PyTorch's elastic launcher, and its sums over gloo."""

from __future__ import annotations

import json
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from bmcourse.recipes.machines.data_parallel import Job, Record
from bmcourse.recipes.machines.workers import workers

SECONDS = 120.0


def train(job: Job, size: int, folder: Path, *, die_at: int = 0) -> Record:
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

    Raises
    ------
    RuntimeError
        If the launcher gives up.
    """
    np.savez(folder / "data.npz", x=job.x, y=job.y)
    names = ("hidden", "batch", "steps", "rate", "momentum", "seed", "every")
    plan = {name: getattr(job, name) for name in names} | {"die_at": die_at}
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    with workers(_launch, 1, size, str(folder)) as crew:
        code, last_words = crew[0].receive(SECONDS)
    if code:
        raise RuntimeError(f"the launcher ended with code {code}:\n{last_words}")
    lines = (folder / "losses.txt").read_text(encoding="utf-8").splitlines()
    losses = {int(step): float(loss) for step, loss in (line.split() for line in lines)}
    return Record(losses, [np.load(folder / f"weights{rank}.npy") for rank in range(size)])


def _launch(rank: int, pipe: Connection, size: int, folder: str) -> None:
    """Run in a process of its own, which ends with the notebook and takes all others along."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--max-restarts=1"]
    command += [f"--nproc-per-node={size}", "-m", "bmcourse.recipes.machines.elastic_worker"]
    done = subprocess.run(  # noqa: S603 (our own module)
        [*command, folder], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    pipe.send((done.returncode, done.stderr[-6000:]))
