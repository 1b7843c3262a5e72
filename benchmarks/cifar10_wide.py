"""Train our CIFAR-10 recipe by its plan for machines with a matrix unit, wherever this runs.

    python benchmarks/cifar10_wide.py [SEED ...]

Whether that plan fits into the article's minutes only such a machine can tell. What accuracy it
reaches, any machine can: one that computes bfloat16 slowly just takes longer. The 10,000 test
images score the finished network and choose nothing. The result is stored after each seed.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from typing import Any

import keras
from machine import store

from bmcourse import datasets, runtime
from bmcourse.recipes.precision import has_matrix_unit
from bmcourse.recipes.vision import fast_cifar10


def main() -> None:
    """Train once for each seed."""
    runtime.start(0)
    data = datasets.cifar10()
    x, x_test = (fast_cifar10.standardise(part) for part in (data.x_train, data.x_test))
    plan = fast_cifar10.plan(keras.DTypePolicy("mixed_bfloat16"), matrix_unit=True)
    about = {"data": data.describe(), "matrix_unit_here": has_matrix_unit()}
    about |= {"plan": {**dataclasses.asdict(plan), "policy": plan.policy.name}}
    runs: list[dict[str, Any]] = []
    for seed in map(int, sys.argv[1:] or ("0", "1", "2")):
        begin = time.perf_counter()
        model = fast_cifar10.train(x, data.y_train, seed=seed, chosen=plan)
        seconds = round(time.perf_counter() - begin, 1)
        right = fast_cifar10.logits(model, x_test).argmax(axis=1) == data.y_test
        runs.append({"seed": seed, "accuracy": round(float(right.mean()), 4), "seconds": seconds})
        store(__file__, {**about, "runs": runs})


if __name__ == "__main__":
    main()
