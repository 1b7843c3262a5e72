"""Measure what weights that were trained on other photographs are worth with few labels.

    python benchmarks/cifar10_transfer.py [SEED ...]

The NumPy network of `bmcourse.recipes.vision.transfer` learns classes 0 to 4 of CIFAR-10, shrunk
to 16 x 16 pixels. Then classes 5 to 9 are learned from 10 or 100 labels a class, in four ways:

- scratch: a new network;
- fine-tuned: the trained convolutions and a new last layer, all trained on;
- head: the trained convolutions as they are, only the new last layer is trained;
- random head: the same with convolutions that were never trained.

Each way has its own learning rate, from one list, chosen on validation images with a seed that is
not used afterwards. Every seed has its own first training, its own few labels, and its own first
weights; all ways meet the same labels. The test images of classes 5 to 9 score and choose nothing.
What is stored already is not trained again. Seed 0 stores its trained convolutions.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from machine import store, store_weights
from threadpoolctl import threadpool_limits

from bmcourse import datasets, nn, results, runtime
from bmcourse.recipes.vision import transfer

SEEDS = (0, 1, 2, 3, 4, 5)
FIRST_EPOCHS, FIRST_RATE, STEPS, TUNING_SEED = 6, 0.001, 400, 100
COUNTS, RATES, VALIDATION = (10, 100), (3e-4, 1e-3, 3e-3, 1e-2), 1_000
WAYS = ("scratch", "fine-tuned", "head", "random head")
PRE_TRAINED = ("fine-tuned", "head")


def learn_first(data: datasets.Dataset, seed: int) -> nn.Sequential:
    """Train on all images of classes 0 to 4 and return the convolutions."""
    rng = np.random.default_rng(seed)
    old = data.y_train < transfer.KINDS
    trunk = transfer.body(rng)
    model = transfer.with_head(trunk, rng)
    images = transfer.shrunk(data.x_train[old])
    steps = FIRST_EPOCHS * len(images) // transfer.BATCH
    labels = data.y_train[old].astype(int)
    transfer.fit(model, images, labels, rate=FIRST_RATE, steps=steps, rng=rng)
    return trunk


def copy_of(trunk: nn.Sequential) -> nn.Sequential:
    """Return convolutions with the same weights, which may be changed."""
    copy = transfer.body(np.random.default_rng(0))
    for name, values in trunk.params.items():
        copy.params[name][...] = values
    return copy


def few(
    data: datasets.Dataset, count: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw `count` labelled images of each of the classes 5 to 9, and validation images."""
    rng = np.random.default_rng([seed, count])
    new = rng.permutation(np.flatnonzero(data.y_train >= transfer.KINDS))
    held, rest = new[:VALIDATION], new[VALIDATION:]
    kinds = range(transfer.KINDS, 2 * transfer.KINDS)
    rows = np.concatenate([rest[data.y_train[rest] == kind][:count] for kind in kinds])
    parts = (rows, held)
    images = [transfer.shrunk(data.x_train[part]) for part in parts]
    labels = [data.y_train[part].astype(int) - transfer.KINDS for part in parts]
    return images[0], labels[0], images[1], labels[1]


def learn(
    way: str, trunk: nn.Sequential, x: np.ndarray, y: np.ndarray, rate: float, seed: int
) -> nn.Sequential:
    """Learn the new kinds in one of the four ways."""
    rng = np.random.default_rng([seed, len(x), 1])
    new = transfer.body(rng)  # drawn in every way, so that the heads start alike
    chosen = copy_of(trunk) if way in PRE_TRAINED else new
    model = transfer.with_head(chosen, rng)
    if way in ("scratch", "fine-tuned"):
        transfer.fit(model, x, y, rate=rate, steps=STEPS, rng=rng)
    else:
        head = nn.Sequential([model.layers[-1]])
        transfer.fit(head, chosen.predict(x, 500), y, rate=rate, steps=STEPS, rng=rng)
    return model


def right(model: nn.Sequential, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return for each image whether the answer is right."""
    return model.predict(x, 500).argmax(axis=1) == y


def choose_rates(data: datasets.Dataset, tried: dict[str, list[float]]) -> dict[str, float]:
    """Choose the rate of each way and count, on validation images of another seed.

    `tried` holds the errors of the first rates of the list, and is filled up.
    """
    names = [f"{way}, {count}" for count in COUNTS for way in WAYS]
    if any(len(tried.get(name, [])) < len(RATES) for name in names):
        trunk = learn_first(data, TUNING_SEED)
        for count in COUNTS:
            x, y, x_held, y_held = few(data, count, TUNING_SEED)
            for way in WAYS:
                errors = tried.setdefault(f"{way}, {count}", [])
                for rate in RATES[len(errors) :]:
                    model = learn(way, trunk, x, y, rate, TUNING_SEED)
                    errors.append(round(float(1 - right(model, x_held, y_held).mean()), 4))
                print(way, count, errors, flush=True)
    return {name: RATES[int(np.argmin(tried[name]))] for name in names}


def run(
    data: datasets.Dataset, seed: int, rates: dict[str, float], known: dict[str, str]
) -> dict[str, str]:
    """Return which test images each way answers right; what is known is not trained again."""
    if all(name in known for name in rates):
        return known
    new = data.y_test >= transfer.KINDS
    x_test = transfer.shrunk(data.x_test[new])
    y_test = data.y_test[new].astype(int) - transfer.KINDS
    missing = [name for name in rates if name not in known]
    needed = any(name.startswith(PRE_TRAINED) for name in missing)
    trunk = learn_first(data, seed) if needed else transfer.body(np.random.default_rng(0))
    if seed == SEEDS[0] and needed:
        network = "convolutions 32-64-64, classes 0 to 4 of CIFAR-10 at 16 x 16 pixels"
        store_weights(__file__, trunk.params, seed=seed, network=network)
    for count in COUNTS:
        x, y, _, _ = few(data, count, seed)
        for way in WAYS:
            name = f"{way}, {count}"
            if name in missing:
                answers = right(learn(way, trunk, x, y, rates[name], seed), x_test, y_test)
                known[name] = transfer.packed(answers)
                print(seed, name, 1 - answers.mean(), flush=True)
    return known


def main() -> None:
    """Choose the rates, then run each seed, and store what is there after each."""
    runtime.start(0, keras=False)
    data = datasets.cifar10()
    path = results.FOLDER / "cifar10_transfer.json"
    found: dict[str, Any] = results.load("cifar10_transfer") if path.exists() else {}
    tried: dict[str, list[float]] = found.get("validation_errors", {})
    before = found.get("rates", {})
    about = {"data": data.describe(), "first_epochs": FIRST_EPOCHS, "steps": STEPS}
    about |= {"test_images": int(np.sum(data.y_test >= transfer.KINDS))}
    about |= {"rates_tried": RATES, "first_rate": FIRST_RATE}
    with threadpool_limits(1, "blas"):  # so small that a second thread only costs time
        rates = choose_rates(data, tried)
        runs = {
            seed: {name: text for name, text in known.items() if rates[name] == before[name]}
            for seed, known in found.get("runs", {}).items()
        }
        for seed in map(int, sys.argv[1:] or SEEDS):
            runs[str(seed)] = run(data, seed, rates, runs.get(str(seed), {}))
            store(__file__, {**about, "rates": rates, "validation_errors": tried, "runs": runs})


if __name__ == "__main__":
    main()
