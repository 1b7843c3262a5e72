"""Measure processor time: an epoch of the article's CIFAR-10 training, and epochs of ours.

    TF_NUM_INTRAOP_THREADS=1 nice python benchmarks/cifar10_epochs.py

On part of the training images, in milliseconds for an image. All trainings take turns, and the
notebook reads the median of the rounds: another program that slows one of them slows all. The
first step, which compiles, is left out. Ours includes shifting and mirroring, and making the
small images is measured, too. The result is stored.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from machine import store

from bmcourse import datasets, runtime
from bmcourse.recipes.vision import cifar10, fast_cifar10
from bmcourse.recipes.vision.shift_and_flip import ShiftAndFlip

IMAGES, ROUNDS = 5120, 3
WIDTHS = (32, 64, 128)


def article(data: datasets.Dataset) -> Callable[[], Any]:
    """Return an epoch of the article's training, as it prints it."""
    x, y = cifar10.as_input(data.x_train[:IMAGES]), data.y_train[:IMAGES]
    model = cifar10.article_model(output="printed")
    model.fit(x[:64], y[:64], batch_size=32, verbose=0)
    return lambda: model.fit(x, y, batch_size=32, verbose=0)


def ours(data: datasets.Dataset, policy: str, side: int) -> Callable[[], Any]:
    """Return an epoch of our training, with images of one size."""
    x = fast_cifar10.standardise(data.x_train[:IMAGES])
    x = x if side == 32 else fast_cifar10.shrink(x, side)
    targets = np.eye(10, dtype=np.float32)[data.y_train[:IMAGES]]
    plan = fast_cifar10.Plan(WIDTHS, 1, 1, keras.DTypePolicy(policy))
    model = fast_cifar10.fast_model(x, plan)
    fast_cifar10.compile_fast(model, steps=1000)
    rng = np.random.default_rng(0)
    settings = {"batch_size": fast_cifar10.BATCH, "pixels": 2, "rng": rng}
    model.fit(ShiftAndFlip(x[:256], targets[:256], **settings), verbose=0)
    batches = ShiftAndFlip(x, targets, **settings)
    return lambda: model.fit(batches, verbose=0)


def main() -> None:
    """Measure all in turn."""
    runtime.start(0)
    data = datasets.cifar10()
    full = fast_cifar10.standardise(data.x_train[:IMAGES])
    epochs = {
        "article": article(data),
        "float32, 24 pixels": ours(data, "float32", 24),
        "float32, 32 pixels": ours(data, "float32", 32),
        "mixed_bfloat16, 24 pixels": ours(data, "mixed_bfloat16", 24),
        "mixed_bfloat16, 32 pixels": ours(data, "mixed_bfloat16", 32),
        "making small images": lambda: fast_cifar10.shrink(full),
    }
    spent: dict[str, list[float]] = {name: [] for name in epochs}
    for _ in range(ROUNDS):
        for name, run in epochs.items():
            begin = time.process_time()
            run()
            spent[name].append(round(1000 * (time.process_time() - begin) / IMAGES, 4))
    about = {"images": IMAGES, "threads": os.environ.get("TF_NUM_INTRAOP_THREADS", "all")}
    store(__file__, {**about, "ms_per_image": spent})


if __name__ == "__main__":
    main()
