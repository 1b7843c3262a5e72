"""Measure each remedy for over-fitting on digits, alone and together, over seeds.

    python benchmarks/digit_remedies.py [SEED ...]

The NumPy network of `bmcourse.recipes.vision.remedies` learns 400 digits of MNIST, shrunk to
14 x 14 pixels, for 50 epochs. Another 500 training images choose the epoch of early stopping.
2,000 test images score the finished networks and choose nothing. Each seed draws its own images,
and all remedies meet the same ones.
"""

from __future__ import annotations

import dataclasses
import sys

import numpy as np
from machine import store
from threadpoolctl import threadpool_limits

from bmcourse import datasets, nn, runtime
from bmcourse.recipes.vision import remedies

TRAINING, VALIDATION, EPOCHS, TEST = 400, 500, 50, 2_000
POOL = 10_000  # the training images that are drawn from


def train(name: str, data: datasets.Dataset, seed: int) -> dict[str, dict[str, float]]:
    """Train once; return the test scores at the end, and those of the epoch that stops early."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(POOL)[: TRAINING + VALIDATION]
    x, y = remedies.thumbnails(data.x_train[rows]), data.y_train[rows].astype(int)
    every = len(data.x_test) // TEST
    test = remedies.thumbnails(data.x_test[::every]), data.y_test[::every].astype(int)
    remedy = remedies.REMEDIES[name]
    model = remedies.small_network(remedy, rng)
    parts = (x[:TRAINING], y[:TRAINING]), (x[TRAINING:], y[TRAINING:])
    curves = remedies.train(model, remedy, *parts, epochs=EPOCHS, rng=rng)
    end = scores(model, test)
    remedies.restore(model, curves.best_values)
    return {"end": end, "stopped": scores(model, test)}


def scores(model: nn.Sequential, test: tuple[remedies.Images, remedies.Labels]) -> dict[str, float]:
    """Return the mean cross-entropy and the share of wrong answers."""
    found = model.evaluate(*test, loss=nn.SparseCategoricalCrossentropy(), batch_size=1000)
    return {"loss": round(found["loss"], 4), "error": round(1 - found["accuracy"], 4)}


def main() -> None:
    """Try all remedies for each seed, and store what was found."""
    runtime.start(0, keras=False)
    data = datasets.mnist()
    seeds = [int(seed) for seed in sys.argv[1:] or "012345"]
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in remedies.REMEDIES}
    runs["early stopping"] = []
    with threadpool_limits(1, "blas"):  # so small that a second thread only costs time
        for seed in seeds:
            for name in remedies.REMEDIES:
                found = train(name, data, seed)
                runs[name].append(found["end"])
                print(seed, name, found, flush=True)
                if name == "nothing":
                    runs["early stopping"].append(found["stopped"])
    settings = {name: dataclasses.asdict(remedy) for name, remedy in remedies.REMEDIES.items()}
    about = {"data": data.describe(), "images": TRAINING, "validation": VALIDATION}
    about |= {"test_images": TEST, "epochs": EPOCHS, "settings": settings}
    store(__file__, {**about, "seeds": seeds, "runs": runs})


if __name__ == "__main__":
    main()
