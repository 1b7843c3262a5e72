"""Measure each remedy for over-fitting on photographs, alone and together, over seeds.

    python benchmarks/cifar10_remedies.py [SEED ...]

A small Keras network learns 2,000 photographs of CIFAR-10 for 30 epochs. Another 1,000 training
images choose the epoch of early stopping. The 10,000 test images score the finished networks and
choose nothing. Each seed draws its own images, and all remedies meet the same ones. The result is
stored after each seed. A row that is stored already with the same settings and seeds is kept.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import keras
import numpy as np
from keras import layers, regularizers
from machine import store

from bmcourse import datasets, results, runtime
from bmcourse.recipes.vision import fast_cifar10
from bmcourse.recipes.vision.affine import Changes, change
from bmcourse.recipes.vision.remedies import DROPOUT, L2, Remedy, single_remedies

TRAINING, VALIDATION, EPOCHS, BATCH = 2_000, 1_000, 30, 50
WIDTHS = (32, 64, 64)
THREE = Changes(degrees=10, scale=0.15, pixels=3)
FOUR = dataclasses.replace(THREE, flip=True)
REMEDIES = {
    **single_remedies(THREE),
    "rotate, scale, crop, flip": Remedy(changes=FOUR),
    "all": Remedy(L2, DROPOUT, True, FOUR),
}


def network(remedy: Remedy) -> keras.Model:
    """Three convolutions with pooling, and a dense layer."""
    penalty = regularizers.L2(remedy.l2) if remedy.l2 else None
    inputs = x = keras.Input((32, 32, 3))
    for filters in WIDTHS:
        x = layers.Conv2D(filters, 3, padding="same", kernel_regularizer=penalty)(x)
        x = layers.BatchNormalization(momentum=0.9)(x) if remedy.batch_norm else x
        x = layers.MaxPooling2D(2)(layers.ReLU()(x))
    x = layers.Flatten()(x)
    x = layers.Dropout(remedy.dropout)(x) if remedy.dropout else x
    return keras.Model(inputs, layers.Dense(10, kernel_regularizer=penalty)(x))


def train(remedy: Remedy, data: datasets.Dataset, seed: int) -> dict[str, dict[str, float]]:
    """Train once; return the test scores at the end, and those of the epoch that stops early."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data.x_train))
    fit, held = order[:TRAINING], order[TRAINING : TRAINING + VALIDATION]
    x, x_held = (fast_cifar10.standardise(data.x_train[part]) for part in (fit, held))
    y, y_held = data.y_train[fit], data.y_train[held]
    x_test = fast_cifar10.standardise(data.x_test)
    model = network(remedy)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss)
    lowest, kept = np.inf, model.get_weights()
    for _ in range(EPOCHS):
        shown = change(x, remedy.changes, rng) if remedy.changes else x
        model.fit(shown, y, batch_size=BATCH, verbose=0)
        now = scores(model, x_held, y_held)["loss"]
        if now < lowest:
            lowest, kept = now, model.get_weights()
    end = scores(model, x_test, data.y_test)
    end["training_error"] = scores(model, x, y)["error"]
    model.set_weights(kept)
    return {"end": end, "stopped": scores(model, x_test, data.y_test)}


def scores(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return the mean cross-entropy, without any penalty, and the share of wrong answers."""
    logits = model.predict(images, batch_size=500, verbose=0)
    logs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    loss = -np.take_along_axis(logs, labels[:, None].astype(int), axis=1).mean()
    error = np.mean(logits.argmax(axis=1) != labels)
    return {"loss": round(float(loss), 4), "error": round(float(error), 4)}


def main() -> None:
    """Try all remedies for each seed, and store what is there after each."""
    runtime.start(0)
    data = datasets.cifar10()
    settings = {name: dataclasses.asdict(remedy) for name, remedy in REMEDIES.items()}
    about = {"data": data.describe(), "images": TRAINING, "validation": VALIDATION}
    about |= {"epochs": EPOCHS, "settings": settings}
    seeds = [int(seed) for seed in sys.argv[1:] or "012"]
    stored = results.load("cifar10_remedies") if "cifar10_remedies" in results.names() else {}
    same = stored.get("seeds") == seeds and stored.get("data") == data.describe()
    kept = {name for name in REMEDIES if same and stored["settings"].get(name) == settings[name]}
    runs: dict[str, list[Any]] = {name: [] for name in [*REMEDIES, "early stopping"]}
    early = {"early stopping"} if "nothing" in kept else set()
    runs |= {name: stored["runs"][name] for name in kept | early}
    for done, seed in enumerate(seeds, start=1):
        for name in [name for name in REMEDIES if name not in kept]:
            found = train(REMEDIES[name], data, seed)
            runs[name].append(found["end"])
            print(seed, name, found, flush=True)
            if name == "nothing":
                runs["early stopping"].append(found["stopped"])
        if done == len(seeds) or not kept:
            store(__file__, {**about, "seeds": seeds[:done], "runs": runs})


if __name__ == "__main__":
    main()
