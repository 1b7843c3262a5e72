"""Make digits' networks smaller, over several seeds: int8, pruning, distillation.

    nice python benchmarks/smaller_digits.py

Three questions, one table each; a row is stored as soon as it is measured, and one that is there
is not measured again.

- int8: the network of chapter 8, trained two epochs for each of three seeds, then exported in
  float32, with int8 weights, and all in int8. Needs ai-edge-litert.
- pruning: 784-300-100-10, pruned while it trains, against a dense network with as many weights,
  trained for as many steps.
- distillation: a student 784-32-10 alone, and with the logits of the stored network.

Rates, weight decay and temperature are chosen on 5,000 training images held out; each side has
the same number of tries. The test images are looked at once, after that. What is stored of the
test are the images that were answered wrong. One thread.
"""

from __future__ import annotations

import os

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import functools
import itertools
import sys
import time
from typing import Any

import numpy as np
from machine import store, stored

from bmcourse import datasets, nn, weights
from bmcourse.recipes.compression import distillation, pruning

VALIDATION, BATCH = 5_000, 128
SEEDS = (0, 1, 2, 3, 4)
RATES = (5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2)
STUDENT_RATES = (1e-3, 3e-3, 9e-3, 2.7e-2)
LARGE = (784, 300, 100, 10)
SHARES = {0.9: (784, 33, 10), 0.97: (784, 10, 10)}
"""Share pruned, and a dense network with about as many weights as are left."""
HALF = 1_500  # steps before pruning, and again as many with it
STUDENT, STUDENT_STEPS = (784, 32, 10), 3_000
LABELLED = (1_000, 20_000)
DECAYS, TEMPERATURES, HARD = (0.0, 0.03, 0.1, 0.3), (1.0, 2.0, 4.0, 8.0), 0.1
CNN_SEEDS, CNN_EPOCHS = (0, 1, 2), 2


class Digits:
    """MNIST as rows of 784 numbers from 0 to 1, with the last training images held out."""

    def __init__(self) -> None:
        data = datasets.mnist()
        self.about, self.images = data.describe(), data
        rows = data.x_train.reshape(-1, 784).astype(np.float32) / 255
        labels = data.y_train.astype(int)
        self.train = rows[:-VALIDATION], labels[:-VALIDATION]
        self.held = rows[-VALIDATION:], labels[-VALIDATION:]
        test = data.x_test.reshape(-1, 784).astype(np.float32) / 255
        self.test = test, data.y_test.astype(int)


class Table:
    """Rows of results, stored one by one; those that are there are kept."""

    def __init__(self, digits: Digits) -> None:
        self.digits = digits
        self.rows: list[dict[str, Any]] = stored(__file__).get("rows", [])

    def find(self, key: dict[str, Any]) -> dict[str, Any] | None:
        """Return the row with these values."""
        return next((r for r in self.rows if all(r.get(k) == v for k, v in key.items())), None)

    def add(self, row: dict[str, Any]) -> dict[str, Any]:
        """Store a row."""
        self.rows.append(row)
        about = {
            "data": self.digits.about,
            "validation": VALIDATION,
            "batch": BATCH,
            "large": LARGE,
            "student": STUDENT,
            "steps": {"before pruning": HALF, "pruning": 2 * HALF, "student": STUDENT_STEPS},
            "hard": HARD,
        }
        store(__file__, {**about, "rows": self.rows})
        return row


def wrong(model: Any, part: tuple[Any, Any]) -> list[int]:
    """Return the numbers of the images that are answered wrong."""
    return np.flatnonzero(model.predict(part[0], batch_size=1000).argmax(1) != part[1]).tolist()


def judged(model: Any, digits: Digits, key: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return a row: validation always, the test only in the final runs."""
    row = {**key, "held_wrong": len(wrong(model, digits.held)), "seconds": round(seconds, 1)}
    if key["kind"] == "final":
        row["test_wrong"] = wrong(model, digits.test)
    return row


def half_trained(digits: Digits, seed: int) -> nn.Sequential:
    """Train the large network for the first half of the steps, at Adam's usual rate."""
    rng = np.random.default_rng(seed)
    model = pruning.perceptron(LARGE, rng)
    run(model, digits.train, 1e-3, HALF, rng, lambda step: 0.0, constant=True)
    return model


def run(model: Any, part: Any, rate: float, steps: int, rng: Any, share: Any, **how: Any) -> None:
    """Train with a rate that falls along a cosine, or stays."""
    schedule = rate if how.get("constant") else nn.schedules.CosineDecay(rate, steps)
    pruning.train_pruned(
        model,
        *part,
        loss=how.get("loss") or nn.SparseCategoricalCrossentropy(),
        optimizer=nn.optimizers.AdamW(schedule, weight_decay=how.get("decay", 0.0)),
        steps=steps,
        batch=BATCH,
        rng=rng,
        share=share,
    )


def prune(digits: Digits, table: Table) -> None:
    """Pruned networks against small dense ones."""
    halves: dict[int, Any] = {}

    def one(side: str, share: float, rate: float, seed: int, kind: str) -> dict[str, Any]:
        key = {"part": "pruning", "kind": kind, "side": side, "share": share, "rate": rate}
        key["seed"] = seed
        if row := table.find(key):
            return row
        start, rng = time.process_time(), np.random.default_rng([seed, 1])
        if side == "pruned":
            if seed not in halves:
                halves[seed] = half_trained(digits, seed)
            model = pruning.perceptron(LARGE, 0)
            for name, values in halves[seed].params.items():
                model.params[name][...] = values
            curve = functools.partial(pruning.share_at, first=0, last=HALF // 2, final=share)
            run(model, digits.train, rate, HALF, rng, curve)
        else:
            model = pruning.perceptron(SHARES[share], rng)
            run(model, digits.train, rate, 2 * HALF, rng, lambda step: 0.0)
        kernels = [w for name, w in model.params.items() if name.endswith("kernel")]
        key |= {"weights": int(sum((w != 0).sum() for w in kernels))}
        return table.add(judged(model, digits, key, time.process_time() - start))

    for share, side in itertools.product(SHARES, ("pruned", "small dense")):
        tries = {rate: one(side, share, rate, 100, "try")["held_wrong"] for rate in RATES}
        best = min(tries, key=lambda rate: tries[rate])
        for seed in SEEDS[:4]:
            one(side, share, best, seed, "final")


def distil(digits: Digits, table: Table) -> None:
    """The student alone and with a teacher, from few and from many images."""
    from bmcourse.recipes.vision import mnist

    teacher = mnist.article_model()
    teacher.set_weights(list(weights.load("digits_cnn").values()))
    most = max(LABELLED)
    logits = teacher.predict(digits.train[0][:most].reshape(-1, 28, 28, 1), 1000, verbose=0)

    def one(n: int, side: str, rate: float, knob: float, seed: int, kind: str) -> dict[str, Any]:
        key = {"part": "distillation", "kind": kind, "side": side, "images": n, "rate": rate}
        key |= {"knob": knob, "seed": seed}
        if row := table.find(key):
            return row
        start, rng = time.process_time(), np.random.default_rng([seed, n])
        model = pruning.perceptron(STUDENT, rng)
        x, y, how = digits.train[0][:n], digits.train[1][:n], {}
        if side == "taught":
            how["loss"] = distillation.DistillationLoss(knob, HARD)
            y = distillation.targets(logits[:n], y)
        else:
            how["decay"] = knob
        run(model, (x, y), rate, STUDENT_STEPS, rng, lambda step: 0.0, **how)
        return table.add(judged(model, digits, key, time.process_time() - start))

    for n, (side, knobs) in itertools.product(
        LABELLED, (("alone", DECAYS), ("taught", TEMPERATURES))
    ):
        tries = {
            pair: one(n, side, *pair, 100, "try")["held_wrong"]
            for pair in itertools.product(STUDENT_RATES, knobs)
        }
        best = min(tries, key=lambda pair: tries[pair])
        for seed in SEEDS:
            one(n, side, *best, seed, "final")


def shrink(digits: Digits, table: Table) -> None:
    """Export the digits' network in three ways, for each seed."""
    import keras

    from bmcourse.recipes.compression import litert
    from bmcourse.recipes.vision import mnist

    x, x_test = (mnist.as_input(a) for a in (digits.images.x_train, digits.images.x_test))
    for seed in CNN_SEEDS:
        if table.find({"part": "int8", "seed": seed, "side": litert.KINDS[-1]}):
            continue
        keras.utils.set_random_seed(seed)
        model, start = mnist.article_model(), time.process_time()
        model.fit(x, digits.images.y_train, batch_size=128, epochs=CNN_EPOCHS, verbose=0)
        seconds = round(time.process_time() - start, 1)
        for kind in litert.KINDS:
            content = litert.converted(model, kind, x[:200])
            answers = litert.Answerer(content).many(x_test).argmax(axis=1)
            missed = np.flatnonzero(answers != digits.test[1]).tolist()
            key = {"part": "int8", "kind": "final", "side": kind, "seed": seed}
            table.add({**key, "bytes": len(content), "test_wrong": missed, "seconds": seconds})


def main(words: list[str]) -> None:
    """Measure what is asked for, all without words."""
    digits = Digits()
    table = Table(digits)
    for name, part in (("pruning", prune), ("distillation", distil), ("int8", shrink)):
        if not words or name in words:
            part(digits, table)


if __name__ == "__main__":
    main(sys.argv[1:])
