"""Train the whole recipe for CIFAR-10 once, in float32, and store its weights.

    nice python benchmarks/cifar10_recipe.py

The plan that `fast_cifar10.plan` has for a machine without bfloat16, on all training images.
Nothing is chosen by a score: the test accuracy is recorded, of the weights as stored, too. The
run is one of the race's: `cifar10_article_and_ours.py` takes it from here.
"""

from __future__ import annotations

from cifar10_article_and_ours import correct, describe, ours, plans
from machine import store, store_weights

from bmcourse import datasets, runtime, weights
from bmcourse.recipes.vision import fast_cifar10

SEEDS = (0,)


def main() -> None:
    """Train, and store the weights and what was measured."""
    (seed,) = SEEDS
    runtime.start(seed)
    data = datasets.cifar10()
    plan = plans()["ours_float32"]
    model, run = ours(data, seed, plan)
    arrays = {f"{i:02d} {w.path}": w.numpy() for i, w in enumerate(model.weights)}
    widths = "-".join(map(str, plan.widths))
    store_weights(__file__, arrays, seed=seed, network=f"fast_cifar10, blocks of {widths} filters")
    model.set_weights(list(weights.load("cifar10_recipe").values()))  # in half precision, as stored
    answers = fast_cifar10.logits(model, fast_cifar10.standardise(data.x_test))
    about = {"data": data.describe(), "seed": seed, "plan": describe(plan), "run": run}
    store(__file__, {**about, "test_accuracy": correct(answers, data.y_test)})


if __name__ == "__main__":
    main()
