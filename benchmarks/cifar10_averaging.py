"""Judge averaged weights on our CIFAR-10 recipe: the last weights against their average.

    python benchmarks/cifar10_averaging.py [SEED ...]

One training for each seed, on 20,000 of the training images, judged on 10,000 others; the test
set stays closed. From the same training come three networks: the last weights; their moving
average, which looks back over about a fourteenth of the steps; and the average once more, after
batch normalisation has estimated its means and variances anew with it.
"""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np
from machine import store

from bmcourse import datasets, runtime
from bmcourse.recipes.vision import fast_cifar10

TRAINING, VALIDATION = 20_000, 10_000
PARTS = 12
"""Passes of 1,000 training images by which the means and variances are estimated anew."""


class Average(keras.callbacks.Callback):
    """Keep a moving average of the trained weights."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.keep = 1 - 14 / steps
        self.mean: list[np.ndarray] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Take the new weights in."""
        now = [keras.ops.convert_to_numpy(v) for v in self.model.trainable_variables]
        old = self.mean or now
        self.mean = [self.keep * o + (1 - self.keep) * n for o, n in zip(old, now, strict=True)]


def run(data: datasets.Dataset, seed: int) -> dict[str, Any]:
    """Train once; return three validation accuracies."""
    order = np.random.default_rng(seed).permutation(len(data.x_train))
    fit, held = order[:TRAINING], order[TRAINING : TRAINING + VALIDATION]
    x, x_held = (fast_cifar10.standardise(data.x_train[part]) for part in (fit, held))
    plan = fast_cifar10.plan()
    steps = (plan.small_epochs + plan.full_epochs) * (TRAINING // fast_cifar10.BATCH)
    average = Average(steps)
    labels = data.y_train[fit]
    model = fast_cifar10.train(x, labels, seed=seed, chosen=plan, callbacks=[average])
    result = {"seed": seed, "last": right(model, x_held, data.y_train[held])}
    for variable, value in zip(model.trainable_variables, average.mean, strict=True):
        variable.assign(value)
    result["average"] = right(model, x_held, data.y_train[held])
    for part in np.array_split(x[: 1000 * PARTS], PARTS):
        model(part, training=True)
    result["average, statistics anew"] = right(model, x_held, data.y_train[held])
    return result


def right(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> float:
    """Share of right answers."""
    logits = model.predict(images, batch_size=500, verbose=0)
    return round(float(np.mean(logits.argmax(axis=1) == labels)), 4)


def main() -> None:
    """Run once for each seed, and store what is there after each."""
    runtime.start(0)
    data = datasets.cifar10()
    about = {"data": data.describe(), "policy": fast_cifar10.plan().policy.name}
    runs = []
    for seed in map(int, sys.argv[1:] or ("0", "1", "2")):
        runs.append(run(data, seed))
        store(__file__, {**about, "images": TRAINING, "held_out": VALIDATION, "runs": runs})


if __name__ == "__main__":
    main()
