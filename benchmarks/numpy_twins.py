"""Why two equal networks part: the article's network in NumPy and in Keras, from one start.

    python benchmarks/numpy_twins.py

Trains twins on the same batches of MNIST and stores how far apart their losses are, step by step:
with three optimizers, for the article's network and for one of the same shape without a switch
(tanh for ReLU, average for max pooling), from several starts. Then it trains ours for one epoch
on the whole of MNIST from three seeds, as `mnist_with_keras.py` does with Keras, and stores the
accuracy on the test images.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import numpy.typing as npt
from machine import store

from bmcourse import datasets, nn
from bmcourse.recipes.vision import mnist

Array = npt.NDArray[Any]
STEPS, SIZE = 150, 32
EVERY = 10  # of so many steps, the largest gap and the mean loss are stored
EXACT = (0.875, 0.9921875)  # 7/8 and 127/128: float32 holds both exactly
OPTIMIZERS: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "Adam, default betas": (nn.Adam, keras.optimizers.Adam),
    "Adam, exact betas": (
        lambda: nn.Adam(0.001, *EXACT),
        lambda: keras.optimizers.Adam(0.001, *EXACT),
    ),
    "SGD": (lambda: nn.SGD(0.0625), lambda: keras.optimizers.SGD(0.0625)),
}


def network(rng: np.random.Generator, smooth: bool = False) -> nn.Sequential:
    """Return the network of article 000 §5, or one of its shape without switches."""
    act, pool = (nn.Tanh, nn.AveragePool2D) if smooth else (nn.ReLU, nn.MaxPool2D)
    stages = [nn.Conv2D(1, 32, 3, rng=rng), act(), pool(2)]
    stages += [nn.Conv2D(32, 64, 3, rng=rng), act(), pool(2)]
    stages += [nn.Conv2D(64, 64, 3, rng=rng), act(), nn.Flatten()]
    stages += [nn.Dense(576, 64, rng=rng), act(), nn.Dense(64, 10, rng=rng)]
    return nn.Sequential(stages)


def twin_of(model: nn.Sequential, optimizer: Any, smooth: bool) -> Any:
    """Return the same network in Keras, with the same weights."""
    act = "tanh" if smooth else "relu"
    pool = keras.layers.AveragePooling2D if smooth else keras.layers.MaxPooling2D
    stages = [keras.Input((28, 28, 1)), keras.layers.Conv2D(32, 3, activation=act), pool(2)]
    stages += [keras.layers.Conv2D(64, 3, activation=act), pool(2)]
    stages += [keras.layers.Conv2D(64, 3, activation=act), keras.layers.Flatten()]
    twin = keras.Sequential(
        [*stages, keras.layers.Dense(64, activation=act), keras.layers.Dense(10)]
    )
    twin.set_weights([w for layer in model.layers for w in layer.params.values()])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    twin.compile(optimizer=optimizer, loss=loss)
    return twin


def train_both(name: str, smooth: bool, seed: int, x: Array, y: Array) -> tuple[Array, Array]:
    """Return the loss of every batch: ours, and that of the twin in Keras."""
    ours, theirs = OPTIMIZERS[name]
    model = network(np.random.default_rng(seed), smooth)
    twin = twin_of(model, theirs(), smooth)
    count = STEPS * SIZE
    walk = nn.training.shuffled_batches(count, SIZE, np.random.default_rng(seed))
    settings = {"loss": nn.SparseCategoricalCrossentropy(), "optimizer": ours()}
    same_order = {"batch_size": SIZE, "rng": np.random.default_rng(seed)}
    history = model.fit(x[:count], y[:count], **settings, **same_order)
    their_losses = []
    for chosen in walk:
        twin.reset_metrics()
        their_losses.append(float(twin.train_on_batch(x[chosen], y[chosen])))
    return np.array(history.batch_loss), np.array(their_losses)


def twins(starts: int, x: Array, y: Array) -> Iterator[dict[str, Any]]:
    """Train all twins and yield the gaps of each pair."""
    for smooth in (False, True):
        for name in OPTIMIZERS:
            for seed in range(starts):
                ours, theirs = train_both(name, smooth, seed, x, y)
                tens = np.abs(ours - theirs).reshape(-1, EVERY).max(axis=1)
                apart = [float(f"{gap:.3g}") for gap in tens]
                fall = [round(float(part.mean()), 4) for part in (ours[:EVERY], ours[-EVERY:])]
                kind = "smooth" if smooth else "article"
                print(f"{kind:<8} {name:<20} {seed}  {apart[1]:.1e}  {max(apart):.1e}  {fall}")
                yield {
                    "network": kind,
                    "optimizer": name,
                    "seed": seed,
                    "first_and_last_losses": fall,
                    "largest_gaps": apart,
                }


def epoch(seed: int, data: datasets.Dataset) -> float:
    """Train ours for one epoch on all but a twelfth of MNIST; return the test accuracy."""
    x, y = mnist.as_input(data.x_train), data.y_train.astype(int)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(x))[len(x) // 12 :]
    model = nn.fuse(network(rng))
    loss = nn.SparseCategoricalCrossentropy()
    model.fit(x[order], y[order], loss=loss, optimizer=nn.Adam(), batch_size=SIZE, rng=rng)
    score = model.evaluate(mnist.as_input(data.x_test), data.y_test.astype(int), loss=loss)
    print(f"one epoch, seed {seed}: {score['accuracy']:.4f}")
    return round(float(score["accuracy"]), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=4)
    arguments = parser.parse_args()
    data = datasets.mnist()
    x, y = mnist.as_input(data.x_train), data.y_train.astype(int)
    results: dict[str, object] = {
        "data": data.describe(),
        "keras": keras.__version__,
        "learning_rates": {"Adam": 0.001, "SGD": 0.0625},
        "steps": STEPS,
        "steps_of_a_gap": EVERY,
        "twins": list(twins(arguments.starts, x, y)),
        "one_epoch": [{"seed": seed, "test": epoch(seed, data)} for seed in range(3)],
    }
    store(__file__, results)


if __name__ == "__main__":
    main()
