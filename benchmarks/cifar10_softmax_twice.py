"""Train the article's CIFAR-10 network for ten epochs with softmax applied once and twice.

    python benchmarks/cifar10_softmax_twice.py

On TensorFlow, Keras takes the second softmax of the article's code back (see
`bmcourse.recipes.vision.cifar10.article_model`); here it stays. Both ways start from the same
weights for each of three seeds. The test accuracy is recorded after every epoch, and decides
nothing.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from machine import store

from bmcourse import datasets, runtime
from bmcourse.recipes.vision import cifar10

SEEDS = (0, 1, 2)
EPOCHS = 10


def train(data: datasets.Dataset, seed: int, output: cifar10.Output) -> dict[str, Any]:
    """Train once; return training losses and test accuracies by epoch."""
    keras.utils.set_random_seed(seed)
    model = cifar10.article_model(output=output)
    x_test = cifar10.as_input(data.x_test)
    tested: list[float] = []

    def test(epoch: int, logs: object) -> None:
        said = model.predict(x_test, 500, verbose=0).argmax(axis=1)
        tested.append(round(float(np.mean(said == data.y_test)), 4))

    recorder = keras.callbacks.LambdaCallback(on_epoch_end=test)
    settings = {"batch_size": 32, "epochs": EPOCHS, "verbose": 0, "callbacks": [recorder]}
    history = model.fit(cifar10.as_input(data.x_train), data.y_train, **settings)
    losses = [round(loss, 4) for loss in history.history["loss"]]
    print(output, seed, tested, flush=True)
    return {"seed": seed, "loss": losses, "test": tested}


def main() -> None:
    """Run both ways for each seed, and store the result."""
    runtime.start(0)
    data = datasets.cifar10()
    runs: dict[str, list[dict[str, Any]]] = {"once": [], "twice": []}
    for seed in SEEDS:
        runs["once"].append(train(data, seed, "logits"))
        runs["twice"].append(train(data, seed, "twice"))
        store(__file__, {"data": data.describe(), "runs": runs})


if __name__ == "__main__":
    main()
