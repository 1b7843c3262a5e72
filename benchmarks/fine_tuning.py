"""Teach the GPT of the novels to answer: all weights, low ranks, and the loss in the wrong places.

    nice python benchmarks/fine_tuning.py [SEED ...]

Each arm first tries three to five learning rates for seed 100, judged by the log-likelihood of the
answers on validation questions; of rates that are alike (to 0.1) it takes the smallest. Then, for
each seed, all arms see the same questions in the same order. One thread, a few minutes in all. Each
run is stored as soon as it ends, and is not run again.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from machine import store, stored

from bmcourse import nn
from bmcourse.chapters.fine_tuning_and_preferences.setting import Setting
from bmcourse.recipes.language import tuning

STEPS, TEXTS = 200, 8
SEEDS = (0, 1, 2)
FULL, LOW = (5e-4, 1e-3, 2e-3), (1.5e-3, 3e-3, 6e-3)
ARMS: dict[str, tuple[int | None, bool, tuple[float, ...]]] = {  # rank, only answers, rates
    "all weights": (None, True, FULL),
    "all weights, loss on everything": (None, False, (*FULL, 4e-3)),
    "rank 1": (1, True, (*LOW, 1.2e-2, 2.4e-2)),
    "rank 4": (4, True, (*LOW, 1.2e-2)),
    "rank 16": (16, True, LOW),
}


def train(setting: Setting, arm: str, rate: float, seed: int) -> dict[str, Any]:
    """Train one arm, and judge it."""
    rank, only_answers, _ = ARMS[arm]
    model, start = setting.fresh(), time.process_time()
    low = nn.LowRank(tuning.kernels(model), rank, rng=seed) if rank else None
    tuner = tuning.Tuner(model, nn.Adam(rate, global_clipnorm=1.0), low)
    rng = np.random.default_rng(seed)
    for _ in range(STEPS):
        texts = setting.questions["training"][rng.integers(1200, size=TEXTS)]
        if not only_answers:
            texts = tuning.everywhere(texts)
        tuner.step(texts, tuning.imitate(texts))
    seconds = time.process_time() - start
    row = {"arm": arm, "rate": rate, "seed": seed, "seconds": round(seconds, 1)}
    valid = tuning.log_likelihoods(model, setting.questions["validation"]).mean()
    row["validation"] = round(float(valid), 4)
    for part in ("test", "new names"):
        row[part] = round(float(tuning.all_right(model, setting.questions[part]).mean()), 4)
    row["bits"] = round(setting.bits(model), 4)
    row["trained"] = low.count_params() if low else setting.weights
    print(row, flush=True)
    return row


def chosen(arm: str, rows: list[dict[str, Any]]) -> float:
    """Return the smallest rate that is as good as the best one, to 0.1 of a log-likelihood."""
    tried = {row["rate"]: row["validation"] for row in rows if row["arm"] == arm}
    return min(rate for rate, found in tried.items() if found >= max(tried.values()) - 0.1)


def main() -> None:
    """Choose the rates, then run all arms seed by seed; store after each."""
    setting = Setting()
    result = {key: stored(__file__).get(key, []) for key in ("rates", "runs")}
    about = {"steps": STEPS, "texts": TEXTS, "bits before": round(setting.bits(setting.fresh()), 4)}

    def once(key: str, arm: str, rate: float, seed: int) -> None:
        wanted = {"arm": arm, "rate": rate, "seed": seed}
        if not any(wanted.items() <= row.items() for row in result[key]):
            result[key].append(train(setting, arm, rate, seed))
            store(__file__, {**about, **result})

    for arm, (_, _, rates) in ARMS.items():
        for rate in rates:
            once("rates", arm, rate, 100)
    for seed in map(int, sys.argv[1:] or SEEDS):
        for arm in ARMS:
            once("runs", arm, chosen(arm, result["rates"]), seed)


if __name__ == "__main__":
    main()
