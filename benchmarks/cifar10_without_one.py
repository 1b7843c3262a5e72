"""Take one part at a time out of the full CIFAR-10 recipe, and put some of airbench's in.

    nice python benchmarks/cifar10_without_one.py [SEED ...]

Each is trained on a tenth of the training images, four epochs of small images and one of whole
ones, and judged on 5,000 other training images, by answers averaged with the mirror image's; the
test set stays closed. Where the recipe's peak rate would not do, the change names its own: no
batch normalisation and a constant rate want smaller steps, Adam its own. The result is stored
after each run; what is stored is not run again.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

from cifar10_ablation import TRAINING, VALIDATION, fit, right, rungs
from cifar10_article_and_ours import six_answers
from machine import store, stored

from bmcourse import datasets, runtime
from bmcourse.recipes.vision import fast_cifar10

FULL = "the full recipe"
SMALL_EPOCHS, EPOCHS = 4, 5
CHANGES: dict[str, dict[str, Any]] = {
    FULL: {},
    "without whitening": {"whitening": False},
    "Adam for SGD": {"sgd": False, "peak": 0.01},
    "without batch normalisation": {"batch_norm": False, "peak": 0.12},
    "without one cycle": {"one_cycle": False, "peak": 0.1},
    "without shifts and mirror images": {"augmented": False},
    "without standardised inputs": {"standardised": False},
    "without label smoothing": {"smoothing": 0.0},
    "without weight decay": {"decay": 0.0},
    "without dividing by 9": {"ninth": False},
    "with identity filters": {"identity": True},
    "with 64 times the rate for biases": {"bias_rate": 64},
    "without small images first": {"small_first": False},
}


def main() -> None:
    """Run each change for each seed, and store what is there after each."""
    runtime.start(0)
    data = datasets.cifar10()
    full = rungs()[-1]
    runs: list[dict[str, Any]] = stored(__file__).get("runs", [])
    about = {"data": data.describe(), "images": TRAINING, "held_out": VALIDATION}
    about |= {"small_epochs": SMALL_EPOCHS, "epochs": EPOCHS}
    done = {(row["change"], row["seed"]) for row in runs}
    seeds = list(map(int, sys.argv[1:] or ("0", "1", "2")))
    for name, change in CHANGES.items():
        for seed in seeds:
            if (name, seed) in done:
                continue
            rung = dataclasses.replace(full, name=name, **change)
            trained = fit(rung, data, seed, SMALL_EPOCHS, EPOCHS)
            x, labels = trained.x_held, trained.y_held
            row = {"change": name, "seed": seed, "ms_per_image": trained.ms}
            mirrored = fast_cifar10.logits(trained.model, x)
            row["validation"] = right(mirrored, labels)
            if name == FULL:
                row["one answer"] = right(trained.model.predict(x, 500, verbose=0), labels)
                row["six answers"] = right(six_answers(mirrored, trained.model, x), labels)
            runs.append(row)
            store(__file__, {**about, "runs": runs})


if __name__ == "__main__":
    main()
