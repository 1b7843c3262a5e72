"""Train on CIFAR-10: the article's code as printed, and our recipe in two precisions, over seeds.

    nice python benchmarks/cifar10_article_and_ours.py [SEED ...]

The test accuracy is measured after each epoch, and decides nothing. Our finished network answers
for each image and its mirror image. What the epochs cost, `cifar10_epochs.py` measures. The
result is stored after each run, with its date; a run that is stored with the same plan is not run
again, and the float32 run whose weights travel with the course comes from `cifar10_recipe.py`.
"""

from __future__ import annotations

import dataclasses
import datetime
import sys
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from machine import store, stored

from bmcourse import datasets, runtime
from bmcourse.recipes.vision import cifar10, fast_cifar10

EPOCHS = 10  # of the article


class Curve(keras.callbacks.Callback):
    """Measure the test accuracy after each epoch."""

    def __init__(self, accuracy: Callable[[keras.Model], float]) -> None:
        super().__init__()
        self.accuracy = accuracy
        self.curve: list[float] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note it."""
        self.curve.append(self.accuracy(self.model))


def article(data: datasets.Dataset, seed: int) -> dict[str, Any]:
    """Ten epochs in batches of 32, as the article prints it."""
    keras.utils.set_random_seed(seed)
    x_test = cifar10.as_input(data.x_test)
    noted = Curve(lambda model: correct(model.predict(x_test, 500, verbose=0), data.y_test))
    model = cifar10.article_model(output="printed")
    settings = {"batch_size": 32, "epochs": EPOCHS, "verbose": 0}
    model.fit(cifar10.as_input(data.x_train), data.y_train, callbacks=[noted], **settings)
    return {**named(seed), "accuracy": noted.curve[-1], "curve": noted.curve}


def ours(
    data: datasets.Dataset, seed: int, plan: fast_cifar10.Plan
) -> tuple[keras.Model, dict[str, Any]]:
    """Train our recipe by a plan; return the network and what was measured."""
    x_test = fast_cifar10.standardise(data.x_test)
    noted = Curve(lambda model: correct(model.predict(x_test, 500, verbose=0), data.y_test))
    x = fast_cifar10.standardise(data.x_train)
    model = fast_cifar10.train(x, data.y_train, seed=seed, chosen=plan, callbacks=[noted])
    mirrored = fast_cifar10.logits(model, x_test)
    six = correct(six_answers(mirrored, model, x_test), data.y_test)
    accuracy = correct(mirrored, data.y_test)
    run = {**named(seed), "accuracy": accuracy, "six_answers": six, "curve": noted.curve}
    return model, run


def named(seed: int) -> dict[str, Any]:
    """Say which run this is, and when it was."""
    return {"seed": seed, "date": datetime.date.today().isoformat()}


def six_answers(mirrored: np.ndarray, model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Average with the answers for two shifts by one pixel, as airbench does."""
    padded = np.pad(images, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="reflect")
    corners = (padded[:, :-2, :-2], padded[:, 2:, 2:])
    both = np.mean([fast_cifar10.logits(model, part) for part in corners], axis=0)
    return np.asarray((mirrored + both) / 2)


def correct(logits: np.ndarray, labels: np.ndarray) -> float:
    """Share of right answers."""
    return round(float(np.mean(logits.argmax(axis=1) == labels)), 4)


def describe(plan: fast_cifar10.Plan) -> dict[str, Any]:
    """Say what a plan is, as it is stored."""
    widths = list(plan.widths)
    return {**dataclasses.asdict(plan), "widths": widths, "policy": plan.policy.name}


def plans() -> dict[str, fast_cifar10.Plan]:
    """Return the plans of the race: for instructions for bfloat16, and for none."""
    short, long = map(keras.DTypePolicy, ("mixed_bfloat16", "float32"))
    return {
        "ours": fast_cifar10.plan(short, matrix_unit=False),
        "ours_float32": fast_cifar10.plan(long),
    }


def main() -> None:
    """Run all ways for each seed, and store what is there after each."""
    runtime.start(0)
    data = datasets.cifar10()
    old, recipe = stored(__file__), stored("cifar10_recipe")
    described = {name: describe(plan) for name, plan in plans().items()}
    kept = {name: old.get("plans", {}).get(name) == plan for name, plan in described.items()}
    runs: dict[str, list[dict[str, Any]]] = {"article": old.get("runs", {}).get("article", [])}
    for name in described:
        runs[name] = old["runs"][name] if kept[name] else []
    if recipe.get("plan") == described["ours_float32"]:
        others = [run for run in runs["ours_float32"] if run["seed"] != recipe["seed"]]
        runs["ours_float32"] = [recipe["run"], *others]
    for seed in map(int, sys.argv[1:] or ("0", "1", "2")):
        for name, rows in runs.items():
            if seed in [row["seed"] for row in rows]:
                continue
            run = article(data, seed) if name == "article" else ours(data, seed, plans()[name])[1]
            rows.append(run)
            store(__file__, {"data": data.describe(), "plans": described, "runs": runs})
    store(__file__, {"data": data.describe(), "plans": described, "runs": runs})


if __name__ == "__main__":
    main()
