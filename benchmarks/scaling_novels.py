"""Train GPTs of several sizes on five novels, at matched compute.

    nice python benchmarks/scaling_novels.py [SEED ...]

A budget is a number of operations, counted by `costs.training_flops`. Each size first tries rates
for a short training, judged on validation text; where the best is the first or the last of them,
one more is tried on that side. Then each budget is spent on each of five sizes. The sixth and
largest is held back: it is trained with a budget beyond the others, and no fit may use it. At the
end, two sizes try half and twice their rates at the largest budget of the fit. One thread. Each run
is stored as soon as it ends.
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
SHORT = 1.8e10
RATES = (4e-3, 8e-3, 1.6e-2)
BUDGETS = (8e9, 1.8e10, 4e10)
FITTED = range(5)
HELD_BACK = (9e10, 5)
CHECKED = (1, 3)


def best_rate(size: int, rows: list[dict[str, Any]]) -> tuple[float, bool]:
    """Return the rate with the best short training, and whether it lies inside those tried."""
    losses = {row["rate"]: row["loss"] for row in rows if row["size"] == size}
    rate = min(losses, key=lambda tried: losses[tried])
    return rate, min(losses) < rate < max(losses)


def main() -> None:
    """Choose the rates, then spend the budgets; store after each run."""
    data = scaling.Characters(austen.splits())
    result = {key: stored(__file__).get(key, []) for key in ("rates", "runs", "checks")}
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

    def choose(size: int) -> float:
        for rate in RATES:
            run("rates", size, SHORT, rate, 0)
        rate, inside = best_rate(size, result["rates"])
        while not inside:  # one further on that side
            run("rates", size, SHORT, rate * (2 if rate >= max(RATES) else 0.5), 0)
            rate, inside = best_rate(size, result["rates"])
        return rate

    seeds = [int(seed) for seed in sys.argv[1:]] or list(SEEDS)
    best = [choose(size) for size in range(len(data.shapes))]
    plan = [(budget, size) for budget in BUDGETS for size in FITTED]
    for budget, size in [*plan, HELD_BACK]:
        for seed in seeds:
            run("runs", size, budget, best[size], seed)
    for size in CHECKED:
        for factor in (0.5, 2):
            run("checks", size, max(BUDGETS), factor * best[size], 0)


if __name__ == "__main__":
    main()
