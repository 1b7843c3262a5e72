"""Train on CIFAR-10: the article's code as printed, and our recipe in two precisions, over seeds.

    python benchmarks/cifar10_article_and_ours.py [SEED ...]

All run in one process, one after the other for each seed. Preparing the images and building the
network count, up to the end of the last epoch; measuring the test accuracy after each epoch does
not, and decides nothing. Our finished network answers for each image and its mirror image. The
result is stored after each seed, with the date, the kind of machine and the command.
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from machine import store

from bmcourse import datasets, runtime
from bmcourse.recipes.vision import cifar10, fast_cifar10

EPOCHS = 10  # of the article


class Clock(keras.callbacks.Callback):
    """Measure the test accuracy after each epoch, and leave that out of the time."""

    def __init__(self, accuracy: Callable[[keras.Model], float]) -> None:
        super().__init__()
        self.accuracy = accuracy
        self.begin = time.perf_counter()
        self.curve: list[tuple[float, float]] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note seconds and accuracy."""
        paused = time.perf_counter()
        self.curve.append((round(paused - self.begin, 1), self.accuracy(self.model)))
        self.begin += time.perf_counter() - paused


def article(data: datasets.Dataset, seed: int) -> dict[str, Any]:
    """Ten epochs in batches of 32, as the article prints it."""
    keras.utils.set_random_seed(seed)
    x_test = cifar10.as_input(data.x_test)
    clock = Clock(lambda model: correct(model.predict(x_test, 500, verbose=0), data.y_test))
    x = cifar10.as_input(data.x_train)
    model = cifar10.article_model(output="printed")
    settings = {"batch_size": 32, "epochs": EPOCHS, "verbose": 0}
    model.fit(x, data.y_train, callbacks=[clock], **settings)
    seconds, accuracy = clock.curve[-1]
    return {"seconds": seconds, "accuracy": accuracy, "curve": clock.curve}


def ours(data: datasets.Dataset, seed: int, plan: fast_cifar10.Plan) -> dict[str, Any]:
    """Train our recipe by a plan."""
    x_test = fast_cifar10.standardise(data.x_test)
    clock = Clock(lambda model: correct(model.predict(x_test, 500, verbose=0), data.y_test))
    x = fast_cifar10.standardise(data.x_train)
    model = fast_cifar10.train(x, data.y_train, seed=seed, chosen=plan, callbacks=[clock])
    accuracy = correct(fast_cifar10.logits(model, x_test), data.y_test)
    return {"seconds": clock.curve[-1][0], "accuracy": accuracy, "curve": clock.curve}


def correct(logits: np.ndarray, labels: np.ndarray) -> float:
    """Share of right answers."""
    return round(float(np.mean(logits.argmax(axis=1) == labels)), 4)


def main() -> None:
    """Run all ways for each seed, and store what is there after each."""
    runtime.start(0)
    data = datasets.cifar10()
    plans = {
        "ours": fast_cifar10.plan(),
        "ours_float32": fast_cifar10.plan(keras.DTypePolicy("float32")),
    }
    runs: dict[str, list[dict[str, Any]]] = {"article": [], "ours": [], "ours_float32": []}
    for seed in map(int, sys.argv[1:] or ("0", "1", "2")):
        runs["article"].append(article(data, seed))
        for name, plan in plans.items():
            runs[name].append(ours(data, seed, plan))
        for rows in runs.values():
            rows[-1]["seed"] = seed
        result = {
            "data": data.describe(),
            "plans": {name: describe(plan) for name, plan in plans.items()},
            "time_ratio": time_ratio(runs, "ours"),
            "time_ratio_float32": time_ratio(runs, "ours_float32"),
            "runs": runs,
        }
        store(__file__, result)


def describe(plan: fast_cifar10.Plan) -> dict[str, Any]:
    """Say what a plan is."""
    return {**dataclasses.asdict(plan), "policy": plan.policy.name}


def time_ratio(runs: dict[str, list[dict[str, Any]]], name: str) -> float:
    """Return the median over seeds of our seconds over the article's."""
    pairs = zip(runs[name], runs["article"], strict=True)
    return round(statistics.median(o["seconds"] / a["seconds"] for o, a in pairs), 3)


if __name__ == "__main__":
    main()
