"""Climb from the article's CIFAR-10 network to our recipe, one change at a time.

    nice python benchmarks/cifar10_ablation.py [SEED ...]

Every rung keeps the changes before it. Each is trained for eight epochs on a tenth
of the training images, and judged on 5,000 other training images; the test set stays closed.
Work is processor time per image and epoch, both cores added, without the first step of each
phase, which compiles. The result is stored after each seed.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from typing import Any

import keras
import numpy as np
from keras import layers
from machine import store

from bmcourse import datasets, runtime
from bmcourse.recipes.one_cycle import OneCycle
from bmcourse.recipes.vision import cifar10, fast_cifar10
from bmcourse.recipes.vision.shift_and_flip import ShiftAndFlip
from bmcourse.recipes.vision.whitening import whitening_kernel

TRAINING, VALIDATION = 5_000, 5_000
SMALL_EPOCHS, EPOCHS = 6, 8
WIDTHS = (32, 64, 128)


@dataclasses.dataclass(frozen=True)
class Rung:
    """What is switched on."""

    name: str = "the article's network, mended"
    batch: int = 32
    one_cycle: bool = False
    standardised: bool = False
    deep: bool = False
    batch_norm: bool = False
    sgd: bool = False
    whitening: bool = False
    smoothing: float = 0.0
    augmented: bool = False
    small_first: bool = False
    policy: str = "float32"
    mirrored: bool = False
    decay: float = 0.0


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("batches of 256", {"batch": fast_cifar10.BATCH}),
    ("learning rate up, then down", {"one_cycle": True}),
    ("standardised inputs", {"standardised": True}),
    ("six convolutions instead of two", {"deep": True}),
    ("batch normalisation", {"batch_norm": True}),
    ("SGD with Nesterov momentum", {"sgd": True}),
    ("whitening first layer", {"whitening": True}),
    ("label smoothing", {"smoothing": 0.2}),
    ("shifted and mirrored images", {"augmented": True}),
    ("small images first", {"small_first": True}),
    ("bfloat16 products", {"policy": "mixed_bfloat16"}),
    ("answers averaged with the mirror image's", {"mirrored": True}),
    ("weight decay", {"decay": fast_cifar10.WEIGHT_DECAY}),
]


def rungs() -> list[Rung]:
    """Return the rungs from the lowest to the highest."""
    made = [Rung()]
    for name, change in CHANGES:
        made.append(dataclasses.replace(made[-1], name=name, **change))
    return made


class Work(keras.callbacks.Callback):
    """Add up the processor time of all steps but the first of each phase."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.steps = 0.0, 0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Leave out the first step."""
        self.begin: float | None = None

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Add a step."""
        now = time.process_time()
        if self.begin is not None:
            self.seconds, self.steps = self.seconds + now - self.begin, self.steps + 1
        self.begin = now


def network(rung: Rung, images: np.ndarray) -> keras.Model:
    """Build the article's network, or as much of the recipe's as the rung has."""
    if not rung.deep:
        return cifar10.article_model()
    dtype = keras.DTypePolicy(rung.policy)
    inputs = x = keras.Input((None, None, 3))
    if rung.whitening:
        first = layers.Conv2D(24, 2, use_bias=False, trainable=False, dtype=dtype)
        x = layers.ReLU(dtype=dtype)(first(x))
        first.set_weights([whitening_kernel(images)])
    for filters in WIDTHS:
        for pool in (True, False):
            bias = not rung.batch_norm
            x = layers.Conv2D(filters, 3, padding="same", use_bias=bias, dtype=dtype)(x)
            x = layers.MaxPooling2D(2, dtype=dtype)(x) if pool else x
            if rung.batch_norm:
                x = layers.BatchNormalization(momentum=0.6, scale=False, dtype=dtype)(x)
            x = layers.ReLU(dtype=dtype)(x)
    x = layers.GlobalMaxPooling2D(dtype=dtype)(x)
    x = layers.Dense(10, use_bias=False, dtype="float32")(x)
    x = layers.Rescaling(1 / 9, dtype="float32")(x) if rung.sgd else x
    return keras.Model(inputs, x)


def optimizer(rung: Rung, steps: int) -> keras.optimizers.Optimizer:
    """Return Adam, or the recipe's SGD."""
    if not rung.sgd:
        rate = OneCycle(peak=0.003, steps=steps) if rung.one_cycle else 0.001
        return keras.optimizers.Adam(rate)
    rate = OneCycle(peak=0.375, steps=steps, warm_up=0.23)
    decay = rung.decay or None
    return keras.optimizers.SGD(rate, momentum=0.85, nesterov=True, weight_decay=decay)


def climb(rung: Rung, data: datasets.Dataset, seed: int) -> tuple[float, float]:
    """Train a rung; return its validation accuracy and its work per image, in ms."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data.x_train))
    fit, held = order[:TRAINING], order[TRAINING : TRAINING + VALIDATION]
    scale = fast_cifar10.standardise if rung.standardised else cifar10.as_input
    x, x_held = scale(data.x_train[fit]), scale(data.x_train[held])
    targets = np.eye(10, dtype=np.float32)[data.y_train[fit]]
    model = network(rung, x)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=rung.smoothing)
    whole, rest = divmod(TRAINING, rung.batch)
    a_part = int(rest > 0 and not rung.augmented)  # ShiftAndFlip leaves the incomplete batch out
    model.compile(optimizer(rung, EPOCHS * (whole + a_part)), loss)
    small = SMALL_EPOCHS if rung.small_first else 0
    work = Work()
    for shown, start, end in ((fast_cifar10.shrink(x), 0, small), (x, small, EPOCHS)):
        settings = {"initial_epoch": start, "epochs": end, "verbose": 0, "callbacks": [work]}
        if start == end:
            continue
        if rung.augmented:
            batches = ShiftAndFlip(shown, targets, batch_size=rung.batch, pixels=2, rng=rng)
            model.fit(batches, **settings)
        else:
            model.fit(shown, targets, batch_size=rung.batch, **settings)
    logits = model.predict(x_held, batch_size=500, verbose=0)
    if rung.mirrored:
        logits = fast_cifar10.logits(model, x_held)
    right = float(np.mean(logits.argmax(axis=1) == data.y_train[held]))
    return right, 1000 * work.seconds / (work.steps * rung.batch)


def main() -> None:
    """Climb once for each seed."""
    runtime.start(0)
    data = datasets.cifar10()
    rows: list[dict[str, Any]] = [
        {"rung": rung.name, "validation": [], "ms_per_image": []} for rung in rungs()
    ]
    for seed in map(int, sys.argv[1:] or ("0", "1")):
        for rung, row in zip(rungs(), rows, strict=True):
            accuracy, work = climb(rung, data, seed)
            row["validation"].append(round(accuracy, 4))
            row["ms_per_image"].append(round(work, 3))
            print(seed, row, flush=True)
        about = {"data": data.describe(), "images": TRAINING, "epochs": EPOCHS}
        store(__file__, {**about, "held_out": VALIDATION, "rungs": rows})


if __name__ == "__main__":
    main()
