"""Train the whole recipe for CIFAR-10 once, in float32, and store its weights.

    python benchmarks/cifar10_recipe.py

The plan that `fast_cifar10.plan` has for a machine without bfloat16, on all training images.
Nothing is chosen by a score: the test accuracy is recorded once, of the weights as stored.
"""

from __future__ import annotations

import keras
import numpy as np
from machine import store, store_weights

from bmcourse import datasets, runtime, weights
from bmcourse.recipes.progress_line import Progress
from bmcourse.recipes.vision import fast_cifar10

SEEDS = (0,)


def main() -> None:
    (seed,) = SEEDS
    runtime.start(seed)
    data = datasets.cifar10()
    plan = fast_cifar10.plan(keras.DTypePolicy("float32"))
    x, x_test = (fast_cifar10.standardise(part) for part in (data.x_train, data.x_test))
    with runtime.Timer("training", quiet=True) as timer:
        model = fast_cifar10.train(x, data.y_train, seed=seed, chosen=plan, callbacks=[Progress()])
    arrays = {f"{i:02d} {w.path}": w.numpy() for i, w in enumerate(model.weights)}
    widths = "-".join(map(str, plan.widths))
    store_weights(__file__, arrays, seed=seed, network=f"fast_cifar10, blocks of {widths} filters")
    model.set_weights(list(weights.load("cifar10_recipe").values()))  # in half precision, as stored
    answers = fast_cifar10.logits(model, x_test).argmax(axis=1)
    about = {
        "data": data.describe(),
        "seed": seed,
        "widths": plan.widths,
        "epochs": [plan.small_epochs, plan.full_epochs],
        "seconds": round(timer.seconds),
    }
    store(__file__, {**about, "test_accuracy": round(float(np.mean(answers == data.y_test)), 4)})


if __name__ == "__main__":
    main()
