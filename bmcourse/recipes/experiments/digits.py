"""The runs that the chapter on experiments tries: a small network on 8 x 8 digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from bmcourse import nn
from bmcourse.checks import Array
from bmcourse.recipes.experiments.pipeline import Timeline, timed

LEARN, VALIDATE = 300, 200
"""Images to learn from and to choose by; the remaining 1,297 are the test set."""
EPOCHS = 15
PLAIN = {"rate": 0.1, "momentum": 0.9, "units": 32, "batch": 32, "dropout": 0.0}


@dataclass(frozen=True)
class Digits:
    """Images as rows of 64 numbers from 0 to 1, classes, and which rows are for what."""

    x: Array
    y: Array
    learn: Array
    validate: Array
    test: Array


def load(seed: int) -> Digits:
    """Return scikit-learn's 1,797 digits, divided at random by `seed`."""
    table = load_digits()
    order = np.random.default_rng([33, seed]).permutation(len(table.data))
    learn, validate, test = np.split(order, [LEARN, LEARN + VALIDATE])
    return Digits(table.data / 16, table.target.astype(int), learn, validate, test)


def network(config: dict[str, Any], rng: np.random.Generator) -> nn.Sequential:
    """Return 64 pixels → units, ReLU, dropout → 10 logits."""
    units = int(config["units"])
    layers: list[nn.Layer] = [nn.Dense(64, units, rng=rng), nn.ReLU()]
    if config["dropout"]:
        layers.append(nn.Dropout(config["dropout"], rng=rng))
    return nn.Sequential([*layers, nn.Dense(units, 10, rng=rng)])


def train(
    config: dict[str, Any],
    seed: int,
    x: Array,
    y: Array,
    *,
    order: int | None = None,
    threads: int = 1,
    log: Any = None,
    epochs: int = EPOCHS,
) -> nn.Sequential:
    """Train one network. `seed` fixes its start and, without `order`, the order of the data.

    Notes
    -----
    A rate that is too large can make the weights overflow; the network then stays as it is when
    its outputs stop being finite, and answers with the first class.
    """
    model = network(config, np.random.default_rng([1, seed]))
    draws = np.random.default_rng([2, seed if order is None else order])
    optimizer = nn.SGD(config["rate"], momentum=config["momentum"])
    how: dict[str, Any] = {"batch_size": int(config["batch"]), "rng": draws, "threads": threads}
    try:
        with np.errstate(all="ignore"):
            loss = nn.SparseCategoricalCrossentropy()
            for epoch in range(epochs if log else 1):
                walks = 1 if log else epochs
                history = model.fit(x, y, loss=loss, optimizer=optimizer, epochs=walks, **how)
                if log:
                    log(epoch, loss=history.loss[0], accuracy=history.accuracy[0])
    except ValueError as error:
        if "finite" not in str(error):
            raise
        for w in model.params.values():
            w[...] = 0
    return model


def right(model: nn.Sequential, x: Array, y: Array) -> Array:
    """Return for each example whether the network's answer is right."""
    return np.asarray(model.predict(x, 2000).argmax(axis=1) == y)


def train_on(batches: Any, seed: int) -> tuple[Timeline, list[float]]:
    """Train the plain network on ready batches; return a timeline, and the loss of each step."""
    model = network(PLAIN, np.random.default_rng([1, seed]))
    optimizer = nn.SGD(PLAIN["rate"], momentum=PLAIN["momentum"])
    loss, losses = nn.SparseCategoricalCrossentropy(), []

    def train_step(x: Array, y: Array) -> None:
        losses.append(loss.forward(model.forward(x, training=True), y))
        model.backward(loss.backward())
        optimizer.step(model.params_and_grads())

    return timed(batches, train_step), losses
