"""Climb from the article's CIFAR-10 network to our recipe, one change at a time.

    nice python benchmarks/cifar10_ablation.py [SEED ...]

Every rung keeps the changes before it. Each is trained for eight epochs on a tenth
of the training images, and judged on 5,000 other training images; the test set stays closed.
Work is processor time per image and epoch, all cores added, without the first step of each
phase, which compiles. The result is stored after each rung; a rung that is stored with as many
seeds is not run again, and keeps its date.
"""

from __future__ import annotations

import dataclasses
import datetime
import sys
import time
from typing import Any

import keras
import numpy as np
from keras import layers
from machine import store, stored

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
    ninth: bool = False
    sgd: bool = False
    peak: float = 0.001
    whitening: bool = False
    first_trained: bool = False
    smoothing: float = 0.0
    augmented: bool = False
    small_first: bool = False
    policy: str = "float32"
    mirrored: bool = False
    decay: float = 0.0
    identity: bool = False
    bias_rate: int = 1
    activation: str = "relu"


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("batches of 256", {"batch": fast_cifar10.BATCH}),
    ("learning rate up, then down", {"one_cycle": True, "peak": 0.003}),
    ("standardised inputs", {"standardised": True}),
    ("six convolutions instead of two", {"deep": True}),
    ("batch normalisation", {"batch_norm": True}),
    ("logits divided by 9", {"ninth": True}),
    ("Adam at a higher peak", {"peak": 0.01}),
    ("SGD with Nesterov momentum", {"sgd": True, "peak": 0.375}),
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


class ScaledBias(layers.Layer):
    """Add a trained number to each channel; its rate is `rate` times that of other weights.

    The stored number is the bias over the root of `rate`. So the gradient and the step are each
    larger by that root, and the bias moves `rate` times as far.
    """

    def __init__(self, rate: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.scale = rate**0.5

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Begin at zero."""
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, x: Any) -> Any:
        """Add it."""
        return x + keras.ops.cast(self.scale, x.dtype) * keras.ops.cast(self.bias, x.dtype)


def network(rung: Rung, images: np.ndarray) -> keras.Model:
    """Build the article's network, or as much of the recipe's as the rung has."""
    if not rung.deep:
        return cifar10.article_model()
    dtype = keras.DTypePolicy(rung.policy)
    inputs = x = keras.Input((None, None, 3))
    if rung.whitening:
        trained = rung.first_trained
        first = layers.Conv2D(24, 2, use_bias=False, trainable=trained, dtype=dtype)
        x = layers.ReLU(dtype=dtype)(first(x))
        if not trained:
            first.set_weights([whitening_kernel(images)])
    for filters in WIDTHS:
        for pool in (True, False):
            x = block(rung, x, filters, pool=pool, dtype=dtype)
    x = layers.GlobalMaxPooling2D(dtype=dtype)(x)
    x = layers.Dense(10, use_bias=False, dtype="float32")(x)
    x = layers.Rescaling(1 / 9, dtype="float32")(x) if rung.ninth else x
    return keras.Model(inputs, x)


def block(rung: Rung, x: Any, filters: int, *, pool: bool, dtype: keras.DTypePolicy) -> Any:
    """Add a convolution with what belongs to it."""
    convolution = layers.Conv2D(
        filters, 3, padding="same", use_bias=not rung.batch_norm, dtype=dtype
    )
    x = convolution(x)
    if rung.identity:  # the first filters pass their channel on (Jordan 2024)
        kernel = convolution.kernel.numpy()
        passed = np.arange(min(kernel.shape[2:]))
        kernel[..., passed] = 0
        kernel[1, 1, passed, passed] = 1
        convolution.kernel.assign(kernel)
    x = layers.MaxPooling2D(2, dtype=dtype)(x) if pool else x
    if rung.batch_norm:
        centre = rung.bias_rate == 1
        norm = layers.BatchNormalization(momentum=0.6, scale=False, center=centre, dtype=dtype)
        x = norm(x) if centre else ScaledBias(rung.bias_rate, dtype=dtype)(norm(x))
    return layers.Activation(rung.activation, dtype=dtype)(x)


def optimizer(rung: Rung, steps: int) -> keras.optimizers.Optimizer:
    """Return Adam, or SGD with Nesterov momentum."""
    warm_up = 0.23 if rung.sgd else 0.25
    rate = OneCycle(rung.peak, steps, warm_up) if rung.one_cycle else rung.peak
    decay = rung.decay or None
    if rung.sgd:
        return keras.optimizers.SGD(rate, momentum=0.85, nesterov=True, weight_decay=decay)
    return keras.optimizers.Adam(rate, weight_decay=decay)


@dataclasses.dataclass(frozen=True)
class Trained:
    """A trained rung, the images that were held out, and its work per image, in ms."""

    model: keras.Model
    x_held: np.ndarray
    y_held: np.ndarray
    ms: float


def fit(
    rung: Rung, data: datasets.Dataset, seed: int, small: int = SMALL_EPOCHS, epochs: int = EPOCHS
) -> Trained:
    """Train a rung on a part of the training images."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data.x_train))
    chosen, held = order[:TRAINING], order[TRAINING : TRAINING + VALIDATION]
    scale = fast_cifar10.standardise if rung.standardised else cifar10.as_input
    x, x_held = scale(data.x_train[chosen]), scale(data.x_train[held])
    targets = np.eye(10, dtype=np.float32)[data.y_train[chosen]]
    model = network(rung, x)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=rung.smoothing)
    whole, rest = divmod(TRAINING, rung.batch)
    a_part = int(rest > 0 and not rung.augmented)  # ShiftAndFlip leaves the incomplete batch out
    model.compile(optimizer(rung, epochs * (whole + a_part)), loss)
    small = small if rung.small_first else 0
    work = Work()
    for shown, start, end in ((fast_cifar10.shrink(x), 0, small), (x, small, epochs)):
        settings = {"initial_epoch": start, "epochs": end, "verbose": 0, "callbacks": [work]}
        if start == end:
            continue
        if rung.augmented:
            batches = ShiftAndFlip(shown, targets, batch_size=rung.batch, pixels=2, rng=rng)
            model.fit(batches, **settings)
        else:
            model.fit(shown, targets, batch_size=rung.batch, **settings)
    ms = 1000 * work.seconds / (work.steps * rung.batch)
    return Trained(model, x_held, data.y_train[held], round(ms, 3))


def right(logits: np.ndarray, labels: np.ndarray) -> float:
    """Share of right answers."""
    return round(float(np.mean(logits.argmax(axis=1) == labels)), 4)


def climb(rung: Rung, data: datasets.Dataset, seed: int) -> tuple[float, float]:
    """Train a rung; return its validation accuracy and its work per image, in ms."""
    done = fit(rung, data, seed)
    if rung.mirrored:
        logits = fast_cifar10.logits(done.model, done.x_held)
    else:
        logits = done.model.predict(done.x_held, batch_size=500, verbose=0)
    return right(logits, done.y_held), done.ms


def main() -> None:
    """Climb, each rung with every seed, and store what is there after each."""
    runtime.start(0)
    data = datasets.cifar10()
    seeds = list(map(int, sys.argv[1:] or ("0", "1", "2")))
    about = {"data": data.describe(), "images": TRAINING, "epochs": EPOCHS, "held_out": VALIDATION}
    known = {row["rung"]: row for row in stored(__file__).get("rungs", [])}
    rows = {rung.name: known.get(rung.name, {"validation": []}) for rung in rungs()}
    for rung in rungs():
        if len(rows[rung.name]["validation"]) != len(seeds):
            climbed = [climb(rung, data, seed) for seed in seeds]
            accuracies, work = (list(column) for column in zip(*climbed, strict=True))
            today = datetime.date.today().isoformat()
            row = {"rung": rung.name, "date": today, "validation": accuracies, "ms_per_image": work}
            rows[rung.name] = row
            done = [row for row in rows.values() if row["validation"]]
            store(__file__, {**about, "seeds": seeds, "rungs": done})


if __name__ == "__main__":
    main()
