"""Search at random and by Optuna with equal budgets; choose with and without nested validation.

    python benchmarks/hyper_search.py

- race: the network of the chapter on experiments, 60 trials a side, ten seeds. A seed fixes how
  the digits are divided, and the luck of each trial; both sides have the same. Needs optuna.
- nested: support vector machines on 100 digits, 30 configurations drawn at random. The best
  cross-validated score, the nested score, and what the chosen configuration does on all other
  digits, trained on the 100, and on 80 of them; for true classes and for classes in random order.

One thread; a row that is stored is not measured again.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
from machine import store, stored
from sklearn.datasets import load_digits
from sklearn.svm import SVC

from bmcourse.recipes.experiments import curse, digits, search

SEEDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
NESTED_SEEDS = tuple(range(40))
TRIALS, OWN, CONFIGS = 60, 100, 30


def race(side: str, seed: int) -> dict[str, Any]:
    data, tests = digits.load(seed), []

    def objective(config: dict[str, float], number: int) -> float:
        x, y = data.x, data.y
        model = digits.train(config, 1000 * seed + number, x[data.learn], y[data.learn])
        tests.append(float(digits.right(model, x[data.test], y[data.test]).mean()))
        return float(digits.right(model, x[data.validate], y[data.validate]).mean())

    start = time.perf_counter()
    run = search.at_random if side == "random" else search.by_optuna
    rows = run(objective, TRIALS, seed)
    return {
        "side": side,
        "seed": seed,
        "validation": [round(row["value"], 4) for row in rows],
        "test": [round(score, 4) for score in tests],
        "units": [int(row["units"]) for row in rows],
        "batch": [int(row["batch"]) for row in rows],
        "seconds": round(time.perf_counter() - start, 2),
        "training_seconds": round(sum(row["seconds"] for row in rows), 2),
    }


def fit(config: tuple[float, float], x: Any, y: Any) -> Any:
    return SVC(C=config[0], gamma=config[1]).fit(x, y).predict


def nested(kind: str, seed: int) -> dict[str, Any]:
    table, rng = load_digits(), np.random.default_rng([4, seed])
    order = rng.permutation(len(table.data))
    x, y = table.data[order] / 16, table.target[order]
    if kind == "shuffled":
        y = rng.permutation(y)
    configs = [tuple(10 ** rng.uniform((-1, -3), (3, 0.5))) for _ in range(CONFIGS)]
    own_x, own_y = x[:OWN], y[:OWN]
    winner, score = curse.flat(fit, configs, own_x, own_y, rng)
    future = (fit(configs[winner], own_x, own_y)(x[OWN:]) == y[OWN:]).mean()
    honest = curse.nested(fit, configs, own_x, own_y, rng)
    parts = [learn for learn, _ in curse.folds(OWN, 5, rng)]  # 80 digits each
    fewer = np.mean([(fit(configs[winner], x[p], y[p])(x[OWN:]) == y[OWN:]).mean() for p in parts])
    found = {"best": score, "nested": honest, "future": float(future), "fewer": float(fewer)}
    return {"labels": kind, "seed": seed, **{k: round(v, 4) for k, v in found.items()}}


def main() -> int:
    kept = stored(__file__)
    result = {"race": kept.get("race", []), "nested": kept.get("nested", [])}
    versions = {"optuna": version("optuna"), "sklearn": version("scikit-learn"), "trials": TRIALS}
    had = {(row["side"], row["seed"]) for row in result["race"]}
    for seed in SEEDS:
        for side in ("random", "optuna"):
            if (side, seed) not in had:
                result["race"].append(race(side, seed))
        store(__file__, {**versions, **result})
    done = {(row["labels"], row["seed"]) for row in result["nested"]}
    for seed in NESTED_SEEDS:
        for kind in ("true", "shuffled"):
            if (kind, seed) not in done:
                result["nested"].append(nested(kind, seed))
    store(__file__, {**versions, **result})
    return 0


if __name__ == "__main__":
    sys.exit(main())
