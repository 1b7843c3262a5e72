"""Do a GAN's pictures of rare digits help a classifier? A fair race at 1:100, over seeds.

    python benchmarks/minority_digits.py [SEED ...]

Five digits have 20 training images each, the other five 2,000. For each seed two conditional GANs
learn from exactly these images, at 14 x 14 pixels: one from the images as they are, one from moved
copies. Then each way fills the gap or changes the loss, and the same small classifier learns from
the result. Every way tries three learning rates; the GAN tries each of its two forms with both.
Validation images of the seed choose one of these settings; the test images, which are as MNIST has
them, choose nothing. The ways that need no training of their own, moved thresholds and adjusted
logits, choose among the networks of "nothing". One thread. What is done is stored at once; a run
that is cut off goes on.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import ops
from machine import store, stored

from bmcourse import datasets, imbalance, runtime
from bmcourse.recipes.generative import gan, minority
from bmcourse.recipes.generative.judge import Judge, nearest
from bmcourse.recipes.vision import mnist
from bmcourse.recipes.vision.affine import Changes, change

SEEDS = (0, 1, 2, 3, 4)
STEPS, BATCH, SHORT = 2_000, 64, 600
RATES = (1e-3, 3e-3, 1e-2)
GAN_STEPS, GAN_EVERY, GAN_BATCH = 2_400, 800, 64
GAN_RATE, GAN_FILTERS = 1e-3, 16
MOVES = Changes(degrees=15, scale=0.15, pixels=2)
HALVED = Changes(degrees=15, scale=0.15, pixels=1)  # the same for halved images
STRENGTHS: dict[str, tuple[Any, ...]] = {
    "nothing": (None,),
    "class weights": (None,),
    "SMOTE": (None,),
    "moved copies": (None,),
    "GAN": ("as they are", "moved"),  # what the GAN learns from
    "GAN and moved copies": ("as they are", "moved"),
    "20 more labels": (None,),
}
OFFSETS = tuple(np.arange(0, 10.1, 0.5).tolist())


class Falling(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Half a cosine from `peak` to 0; both can be changed between trainings."""

    def __init__(self) -> None:
        self.peak, self.steps = keras.Variable(1e-3), keras.Variable(1.0)

    def __call__(self, step: Any) -> Any:
        return self.peak * 0.5 * (1 + ops.cos(np.pi * ops.cast(step, "float32") / self.steps))


class Classifier:
    """One compiled network that is set back to new random weights before each training."""

    def __init__(self) -> None:
        self.schedule, self.model = Falling(), minority.network()
        self.model.compile(
            keras.optimizers.Adam(self.schedule),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            steps_per_execution=40,
        )
        self.model.optimizer.build(self.model.trainable_variables)
        self.new = [variable.numpy() for variable in self.model.optimizer.variables]

    def train(self, x: Any, y: Any, weights: Any, rate: float, steps: int, seed: int) -> None:
        keras.utils.set_random_seed(seed)
        self.model.set_weights(minority.network().get_weights())
        for variable, value in zip(self.model.optimizer.variables, self.new, strict=True):
            variable.assign(value)
        self.schedule.peak.assign(rate)
        self.schedule.steps.assign(float(steps))
        rng, rows = np.random.default_rng(seed), steps * BATCH
        order = np.concatenate([rng.permutation(len(y)) for _ in range(-(-rows // len(y)))])[:rows]
        given = {"sample_weight": weights[order], "batch_size": BATCH, "shuffle": False}
        self.model.fit(x[order], y[order], **given, verbose=0)

    def logits(self, x: Any) -> Any:
        return np.concatenate(
            [self.model.predict_on_batch(x[i : i + 1000]) for i in range(0, len(x), 1000)]
        )


class Trial:
    """The images of one seed, and what each way makes of them."""

    def __init__(self, data: datasets.Dataset, seed: int) -> None:
        self.seed, labels = seed, data.y_train.astype(int)
        rows = minority.draw_rows(labels, np.random.default_rng(seed))
        parts = {
            name: (mnist.as_input(data.x_train[r]), labels[r]) for name, r in vars(rows).items()
        }
        self.x, self.y = parts["training"]
        self.x_more, self.y_more = parts["more"]
        self.x_check, self.y_check = minority.halve(parts["validation"][0]), parts["validation"][1]
        self.gan_seconds = 0.0

    def drawn(self, source: str, steps: int = GAN_STEPS) -> Any:
        """Return the GAN's images that fill the gap; train it if that has not been done."""
        place = Path(tempfile.gettempdir()) / f"bmcourse_minority_{source[:2]}_{self.seed}.npz"
        if not place.exists():
            self._train_gan(source, place)
        with np.load(place) as found:
            self.gan_seconds = float(found["seconds"])
            return found[str(steps)].astype(np.float32) / 255

    def wanted(self) -> Any:
        return np.repeat(np.arange(10), minority.gap(self.y))

    def _train_gan(self, source: str, place: Path) -> None:
        keras.utils.set_random_seed(self.seed)
        shape = {"classes": 10, "side": 14, "filters": GAN_FILTERS}
        game = gan.game(rate=GAN_RATE, seed=self.seed, **shape)
        rng, found, start = np.random.default_rng(self.seed), {}, time.process_time()
        small = minority.halve(self.x)
        for done in range(GAN_EVERY, GAN_STEPS + 1, GAN_EVERY):
            rows = gan.balanced_rows(self.y, GAN_EVERY * GAN_BATCH, rng)
            shown = small[rows] if source == "as they are" else change(small[rows], HALVED, rng)
            told = np.eye(10, dtype=np.float32)[self.y[rows]]
            game.fit([shown, told], batch_size=GAN_BATCH, verbose=0)
            made = gan.draw(game.generator, len(self.wanted()), rng, self.wanted(), 10)
            found[str(done)] = np.rint(255 * made).astype(np.uint8)
        np.savez_compressed(place, seconds=time.process_time() - start, **found)

    def shown(self, way: str, strength: Any, gan_steps: int = GAN_STEPS) -> tuple[Any, Any, Any]:
        """Return halved images, labels and weights for one way and its strength."""
        rng = np.random.default_rng([self.seed, 1])
        x, y = self.x, self.y
        small, weights = minority.halve(x), np.ones(len(y))
        if way == "class weights":
            return small, y, imbalance.sample_weights(y)
        if way == "20 more labels":
            new, y_new = minority.halve(self.x_more), self.y_more
        elif way == "SMOTE":
            new, y_new = imbalance.smote(small.reshape(len(y), -1), y, rng)
            new = new.reshape(-1, 14, 14, 1)
        elif way == "moved copies":
            rows = minority.repeats(y, rng)
            new = minority.halve(change(x[rows], MOVES, rng))
            y_new = y[rows]
        elif way in ("GAN", "GAN and moved copies"):
            new, y_new = self.drawn(strength, gan_steps), self.wanted()
            if way != "GAN":
                rows = minority.repeats(y, rng, 0.5)
                new = np.concatenate([new[::2], minority.halve(change(x[rows], MOVES, rng))])
                y_new = np.concatenate([y_new[::2], y[rows]])
        else:
            return small, y, weights
        return (
            np.concatenate([small, new]),
            np.concatenate([y, y_new]),
            np.ones(len(y) + len(y_new)),
        )


def describe(trial: Trial, source: str, data: datasets.Dataset) -> dict[str, Any]:
    """Say of a GAN's drawings of rare digits what the judge and the nearest images say."""
    drawn, told = trial.drawn(source), trial.wanted()
    some = np.concatenate([np.flatnonzero(told == digit)[:200] for digit in minority.RARE])
    large = minority.double(drawn[some])
    agrees = Judge.load().probabilities(large).argmax(axis=1) == told[some]
    held = np.concatenate([np.flatnonzero(data.y_test == digit)[:200] for digit in minority.RARE])
    large = minority.double(minority.halve(mnist.as_input(data.x_test[held])))
    real = Judge.load().probabilities(large).argmax(axis=1) == data.y_test[held]
    near: dict[str, list[float]] = {"drawn": [], "real": []}
    for digit in minority.RARE:
        known = minority.halve(trial.x[trial.y == digit])
        unseen = minority.halve(mnist.as_input(data.x_test[data.y_test == digit][:200]))
        near["drawn"].append(nearest(drawn[told == digit][:200], known)[1].mean())
        near["real"].append(nearest(unseen, known)[1].mean())
    shown = np.concatenate([np.flatnonzero(told == digit)[:4] for digit in minority.RARE])
    return {
        "seed": trial.seed,
        "source": source,
        "seconds": round(trial.gan_seconds, 1),
        "agrees": round(float(agrees.mean()), 3),
        "agrees_real": round(float(real.mean()), 3),
        **{f"nearest_{name}": round(float(np.mean(v)), 2) for name, v in near.items()},
        "pictures": minority.pack(np.rint(255 * drawn[shown])),
    }


def compare(trial: Trial, way: str, net: Classifier, x_test: Any, y_test: Any) -> list[Any]:
    """Train a way's settings; return its row, and those of the ways that come with it."""
    start, tried = time.process_time(), []
    for strength in STRENGTHS[way]:
        shown = trial.shown(way, strength)
        for rate in RATES:
            net.train(*shown, rate, STEPS, trial.seed)
            check, test = net.logits(trial.x_check), net.logits(x_test)
            tried.append(({"strength": strength, "rate": rate}, check, test))
    seconds = round(time.process_time() - start, 1)
    answers = {way: [(s, c.argmax(axis=1), t.argmax(axis=1), {}) for s, c, t in tried]}
    if way == "nothing":
        offsets = [minority.best_offset(c, trial.y_check, OFFSETS) for _, c, _ in tried]
        answers["threshold moved"] = [
            (s, minority.moved(c, o), minority.moved(t, o), {"offset": o})
            for (s, c, t), o in zip(tried, offsets, strict=True)
        ]
        answers["logits adjusted"] = [
            (s, minority.adjusted(c, trial.y), minority.adjusted(t, trial.y), {})
            for s, c, t in tried
        ]
    return [
        _row(trial, name, found, y_test) | {"seconds": seconds} for name, found in answers.items()
    ]


def _row(trial: Trial, way: str, found: list[Any], y_test: Any) -> dict[str, Any]:
    scores = [round(minority.balanced_accuracy(c, trial.y_check), 4) for _, c, _, _ in found]
    setting, _, test, more = found[int(np.argmax(scores))]
    settings = [s | {"validation": v} for (s, *_), v in zip(found, scores, strict=True)]
    chosen = setting | more
    return {
        "seed": trial.seed,
        "way": way,
        "chosen": chosen,
        "settings": settings,
        "answers": minority.pack_answers(test, y_test),
    }


def again(
    trial: Trial, way: str, chosen: dict[str, Any], net: Any, test: tuple[Any, Any], **more: Any
) -> Any:
    """Train a chosen setting once more: with fewer steps, or with an earlier GAN."""
    x_test, y_test = test
    steps = more.get("steps", STEPS)
    shown = trial.shown(way, chosen["strength"], more.get("gan_steps", GAN_STEPS))
    net.train(*shown, chosen["rate"], steps, trial.seed)
    answers = minority.pack_answers(net.logits(x_test).argmax(axis=1), y_test)
    return {"seed": trial.seed, "way": way, **more, "answers": answers}


def main() -> None:
    """Go through the seeds and ways; store after each."""
    runtime.start(0)
    data = datasets.mnist()
    x_test, y_test = minority.halve(mnist.as_input(data.x_test)), data.y_test.astype(int)
    net = Classifier()
    result = {key: stored(__file__).get(key, []) for key in ("runs", "again", "gans")}
    about = {
        "data": data.describe(),
        "keras": keras.__version__,
        "rare": minority.RARE,
        "steps": STEPS,
        "batch": BATCH,
        "rates": RATES,
        "gan": {"steps": GAN_STEPS, "batch": GAN_BATCH, "rate": GAN_RATE, "filters": GAN_FILTERS},
        "test_digits": minority.pack(y_test),
    }
    seeds = [int(seed) for seed in sys.argv[1:] or SEEDS]
    for seed in seeds:
        trial = Trial(data, seed)
        for way in STRENGTHS:
            if any(row["seed"] == seed and row["way"] == way for row in result["runs"]):
                continue
            if way == "GAN":
                for source in STRENGTHS[way]:
                    trial.drawn(source)
                    result["gans"].append(describe(trial, source, data))
            for row in compare(trial, way, net, x_test, y_test):
                result["runs"].append(row)
                scores = _scores(row, y_test)
                print(seed, row["way"], row["chosen"], scores, row["seconds"], flush=True)
            _quiet_store({**about, **result})
    for seed in seeds:
        trial = Trial(data, seed)
        chosen = {row["way"]: row["chosen"] for row in result["runs"] if row["seed"] == seed}
        for way, more in (
            ("GAN", {"gan_steps": GAN_EVERY}),
            ("nothing", {"steps": SHORT}),
            ("GAN", {"steps": SHORT}),
        ):
            done = {
                (r["seed"], r["way"], r.get("steps"), r.get("gan_steps")) for r in result["again"]
            }
            if (seed, way, more.get("steps"), more.get("gan_steps")) in done:
                continue
            row = again(trial, way, chosen[way], net, (x_test, y_test), **more)
            result["again"].append(row)
            print(seed, way, more, _scores(row, y_test), flush=True)
            _quiet_store({**about, **result})


def _scores(row: dict[str, Any], y_test: Any) -> tuple[float, float]:
    answers = minority.unpack_answers(row["answers"], y_test)
    every = minority.balanced_accuracy(answers, y_test)
    rare = minority.balanced_accuracy(answers, y_test, minority.RARE)
    return round(every, 4), round(rare, 4)


def _quiet_store(result: dict[str, Any]) -> None:
    from contextlib import redirect_stdout

    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        store(__file__, result)


if __name__ == "__main__":
    main()
