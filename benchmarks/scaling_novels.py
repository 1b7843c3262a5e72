"""Train GPTs of several sizes on five novels, at matched compute.

    nice python benchmarks/scaling_novels.py [SEED ...]

A budget is a number of operations, counted by `costs.training_flops`. First three sizes, the
smallest, a middle one and the largest, try rates for a short training, judged on validation text.
One rate serves all sizes: that with the least mean loss. Where it is the first or the last of them,
one more is tried on that side. Then each budget is spent on each of five sizes. The sixth and
largest is held back: it is trained with a budget beyond the others, and no fit may use it. One
thread. Each run is stored as soon as it ends.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from machine import store, stored

from bmcourse.recipes.language import austen, scaling

SEEDS = (0, 1, 2)
SHORT = 1e10
RATES = (4e-3, 8e-3, 1.6e-2)
BUDGETS = (5e9, 1e10, 2e10)
FITTED = range(5)
HELD_BACK = (4e10, 5)
TUNED = (0, 3, 5)


def best_rate(rows: list[dict[str, Any]]) -> tuple[float, bool]:
    """Return the rate with the least mean loss of all sizes tried, and whether it lies inside."""
    rates = {row["rate"] for row in rows}
    losses = {rate: sum(r["loss"] for r in rows if r["rate"] == rate) for rate in rates}
    best = min(losses, key=lambda rate: losses[rate])
    return best, min(rates) < best < max(rates)


def main() -> None:
    """Choose the rates, then spend the budgets; store after each run."""
    data = scaling.Characters(austen.splits())
    result = {key: stored(__file__).get(key, []) for key in ("rates", "runs")}
    about = {
        "keras": keras.__version__,
        "context": scaling.CONTEXT,
        "batch": scaling.BATCH,
        "vocabulary": len(data.characters),
        "characters": {name: len(ids) for name, ids in data.ids.items()},
        "sizes": [vars(shape) for shape in data.shapes],
    }
    trainers: dict[int, scaling.Trainer] = {}

    def run(key: str, size: int, budget: float, rate: float, seed: int) -> None:
        about_run = {"size": size, "budget": budget, "rate": rate, "seed": seed}
        if any(about_run.items() <= row.items() for row in result[key]):
            return
        if size not in trainers:
            trainers[size] = scaling.Trainer(data, data.shapes[size])
        trainer = trainers[size]
        start = time.process_time()
        row = about_run | trainer.train(budget, rate, seed)
        part = "ends" if key == "runs" else "validation"
        row["loss"] = round(trainer.loss(part), 5)
        row["seconds"] = round(time.process_time() - start, 1)
        result[key].append(row)
        print(key, row, flush=True)
        store(__file__, {**about, **result})

    def choose() -> float:
        tried = list(RATES)
        while True:
            for rate in tried:
                for size in TUNED:
                    run("rates", size, SHORT, rate, 0)
            rate, inside = best_rate(result["rates"])
            if inside:
                return rate
            tried = [rate * (2 if rate >= max(RATES) else 0.5)]

    seeds = [int(seed) for seed in sys.argv[1:]] or list(SEEDS)
    rate = choose()
    plan = [(budget, size) for budget in BUDGETS for size in FITTED]
    for budget, size in [*plan, HELD_BACK]:
        for seed in seeds:
            run("runs", size, budget, rate, seed)


if __name__ == "__main__":
    main()
