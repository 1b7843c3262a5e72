"""Kill a worker under PyTorch's elastic launcher, and count the restarts that reach the end.

    python benchmarks/elastic_restarts.py  # some six minutes

Two ways to exchange the workers' addresses at the restart: in a new place, and in the place of
the first start, as the launcher of PyTorch 2.13 does by itself (PyTorch's issue 135712).
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import torch
from machine import store

from bmcourse import datasets
from bmcourse.recipes.machines import elastic
from bmcourse.recipes.machines.data_parallel import Job
from bmcourse.recipes.machines.workers import NoAnswer

SEEDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
DIE_AT = 34
SECONDS = 60.0


def end(job: Job, *, fresh: bool) -> str:
    """Say how one training ends."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            record = elastic.train(
                job, 2, Path(folder), die_at=DIE_AT, fresh=fresh, seconds=SECONDS
            )
        except NoAnswer:
            return "no answer"
        except RuntimeError as error:
            return "refused" if "Connection refused" in str(error) else "failed"
        return "finished" if len(record.losses) == job.steps else "failed"


def main() -> int:
    """Try both ways in turn, and store how they end."""
    data = datasets.mnist()
    job = Job(data.x_train[:6000].reshape(-1, 784), data.y_train[:6000])
    ends: dict[str, dict[str, int]] = {"new place": {}, "old place": {}}
    for seed in SEEDS:
        for way, counts in ends.items():
            began = perf_counter()
            found = end(replace(job, seed=seed), fresh=way == "new place")
            counts[found] = counts.get(found, 0) + 1
            print(seed, way, found, round(perf_counter() - began, 1), flush=True)
    store(__file__, {"torch": torch.__version__, "tries": len(SEEDS), "die_at": DIE_AT, **ends})
    return 0


if __name__ == "__main__":
    sys.exit(main())
