"""Tune Adam and SGD alike on one rung of the CIFAR-10 ladder, then run the best of each again.

    nice python benchmarks/cifar10_optimizers.py [NEW_SEED ...]

The rung is the one with batch normalisation, its logits divided by 9. Each optimizer gets three
peaks of its one-cycle schedule, a factor of about three apart, on seeds 0-2. The best peak of
each, by its mean on the held-out images, is run on the new seeds, too, which chose nothing. The
test set stays closed. The result is stored after each run. What is stored is not run again, and
what the ladder has run is taken from there.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable
from typing import Any

import numpy as np
from cifar10_ablation import EPOCHS, TRAINING, VALIDATION, climb, rungs
from machine import store, stored

from bmcourse import datasets, runtime

SGD = "SGD with Nesterov momentum"
PEAKS = {"Adam": (0.003, 0.01, 0.03), SGD: (0.12, 0.375, 1.1)}
TUNING = (0, 1, 2)
ON_THE_LADDER = {
    "logits divided by 9": ("Adam", 0.003),
    "Adam at a higher peak": ("Adam", 0.01),
    SGD: (SGD, 0.375),
}


def from_the_ladder() -> Iterable[dict[str, Any]]:
    """Yield the runs that the ladder has in common with this script."""
    ladder = stored("cifar10_ablation")
    for row in ladder["rungs"]:
        if row["rung"] in ON_THE_LADDER:
            name, peak = ON_THE_LADDER[row["rung"]]
            for seed, right in zip(ladder["seeds"], row["validation"], strict=True):
                yield {"optimizer": name, "peak": peak, "seed": seed, "validation": right}


def main() -> None:
    """Tune on some seeds, run the best on others, and store after each run."""
    runtime.start(0)
    data = datasets.cifar10()
    (base,) = (rung for rung in rungs() if rung.name == "logits divided by 9")
    about = {"data": data.describe(), "images": TRAINING, "epochs": EPOCHS, "held_out": VALIDATION}
    new = list(map(int, sys.argv[1:]))
    about |= {"tuning_seeds": list(TUNING), "new_seeds": new}
    runs: list[dict[str, Any]] = stored(__file__).get("runs", list(from_the_ladder()))
    done = {(row["optimizer"], row["peak"], row["seed"]): row["validation"] for row in runs}

    def run(name: str, peak: float, seeds: Iterable[int]) -> float:
        for seed in seeds:
            if (name, peak, seed) not in done:
                rung = dataclasses.replace(base, sgd=name == SGD, peak=peak)
                done[name, peak, seed] = right = climb(rung, data, seed)[0]
                runs.append({"optimizer": name, "peak": peak, "seed": seed, "validation": right})
                store(__file__, {**about, "runs": runs})
        return float(np.mean([done[name, peak, seed] for seed in seeds]))

    means = {name: {peak: run(name, peak, TUNING) for peak in PEAKS[name]} for name in PEAKS}
    for seed in new:
        for name, tuned in means.items():
            run(name, max(tuned, key=tuned.__getitem__), [seed])


if __name__ == "__main__":
    main()
