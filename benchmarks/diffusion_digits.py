"""Train the small U-Net that turns noise into digits, and store its averaged weights.

    python benchmarks/diffusion_digits.py

Six minutes of one processor. All 60,000 training images; nothing is chosen by a score. A training
that is cut off goes on from its last stop. At each stop the loss on held-out images is measured
by the step of the noise, of the weights as they are and of their running average; at some stops
both are kept for `diffusion_samples.py`.
"""

from __future__ import annotations

import os

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import json
import math
import tempfile
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
from machine import store, store_weights

from bmcourse import datasets
from bmcourse.recipes.generative.diffusion import Noise, spread_steps
from bmcourse.recipes.generative.unet import NO_LABEL, unet
from bmcourse.recipes.vision import mnist

SEED, STEPS, EVERY, BATCH, RATE = 0, 3000, 300, 64, 2e-3
WARMUP, WAVE, COOLING = 200, 4600, 900  # steps of the rate's rise, of its cosine, of its last fall
KEPT_AT = (300, 600, 1200, 2400, 3000)
UNLABELLED, AVERAGE, AVERAGED_EVERY = 0.15, 0.996, 4
PARTS = 10
PLACE = Path(tempfile.gettempdir()) / "bmcourse_diffusion_digits"


class Batches:
    """Training batches: noisy pictures, steps and labels, some of them left out."""

    def __init__(self, noise: Noise) -> None:
        data = datasets.mnist()
        self.about = data.describe()
        self.x, self.y = 2 * mnist.as_input(data.x_train) - 1, data.y_train.astype("int32")
        self.x_test, self.y_test = 2 * mnist.as_input(data.x_test) - 1, data.y_test.astype("int32")
        self.noise = noise

    def draw(self, rng: np.random.Generator) -> tuple[Any, Any]:
        """Return one batch: inputs and what to say of them."""
        chosen = rng.integers(0, len(self.x), BATCH)
        label = np.where(rng.random(BATCH) < UNLABELLED, NO_LABEL, self.y[chosen]).astype("int32")
        return self.of(self.x[chosen], label, spread_steps(BATCH, self.noise.steps, rng), rng)

    def of(self, x0: Any, label: Any, t: Any, rng: np.random.Generator) -> tuple[Any, Any]:
        """Return inputs and targets for these pictures at these steps."""
        z = rng.standard_normal(x0.shape, dtype=np.float32)
        xt = self.noise.noised(x0, t, z).astype("float32")
        return [xt, t.astype("float32"), label], self.noise.velocity(x0, t, z).astype("float32")

    def losses(self, model: keras.Model) -> list[float]:
        """Return the mean squared error of the velocity on test images, for each tenth of T."""
        rng = np.random.default_rng(1)
        n = len(self.x_test) // PARTS * PARTS
        t = 1 + (np.arange(n) + rng.random(n)) / n * self.noise.steps
        inputs, target = self.of(self.x_test[:n], self.y_test[:n], t.astype(int), rng)
        wrong = (model.predict(inputs, batch_size=500, verbose=0) - target) ** 2
        return [round(float(part.mean()), 5) for part in np.split(wrong, PARTS)]


@keras.saving.register_keras_serializable(package="bmcourse")
class Rate(keras.optimizers.schedules.LearningRateSchedule):
    """Rise along a line, fall slowly along a cosine, and in the last steps along a line to 0."""

    def __call__(self, step: Any) -> Any:
        """Return the rate after `step` steps."""
        step = keras.ops.cast(step, "float32")
        rise = keras.ops.minimum(step / WARMUP, 1.0)
        done = keras.ops.clip((step - WARMUP) / WAVE, 0.0, 1.0)
        wave = 0.505 + 0.495 * keras.ops.cos(math.pi * done)
        return RATE * rise * wave * keras.ops.clip((STEPS - step) / COOLING, 0.01, 1.0)

    def get_config(self) -> dict[str, Any]:
        """Return nothing: all is fixed above."""
        return {}


def compiled() -> keras.Model:
    """Return the untrained network with its optimizer."""
    model = unet()
    adam = keras.optimizers.Adam(Rate(), beta_2=0.99, global_clipnorm=1.0)
    model.compile(adam, loss="mse")
    return model


def save(model: keras.Model, average: list[Any], run: dict[str, Any]) -> None:
    """Keep all that is needed to go on, whole or not at all."""
    arrays = [*model.get_weights(), *average, *(v.numpy() for v in model.optimizer.variables)]
    part = PLACE.with_suffix(".part.npz")
    np.savez(part, record=json.dumps(run), **{str(i): a for i, a in enumerate(arrays)})
    part.replace(PLACE.with_suffix(".npz"))
    if run["steps"] in KEPT_AT:
        for kind, values in (("raw", model.get_weights()), ("average", average)):
            kept = PLACE.with_name(f"{PLACE.name}_{run['steps']}_{kind}.npz")
            np.savez(kept, **{str(i): a.astype(np.float16) for i, a in enumerate(values)})


def resumed(model: keras.Model) -> tuple[list[Any], dict[str, Any]]:
    """Fill the network from the last stop, if there is one; return its average and record."""
    model.optimizer.build(model.trainable_variables)
    if not PLACE.with_suffix(".npz").exists():
        return model.get_weights(), {"steps": 0, "seconds": 0.0, "stops": []}
    with np.load(PLACE.with_suffix(".npz"), allow_pickle=False) as kept:
        run, arrays = json.loads(str(kept["record"])), [kept[str(i)] for i in range(len(kept) - 1)]
    n = len(model.weights)
    model.set_weights(arrays[:n])
    for variable, value in zip(model.optimizer.variables, arrays[2 * n :], strict=True):
        variable.assign(value)
    return arrays[n : 2 * n], run


def train(batches: Batches) -> tuple[keras.Model, dict[str, Any]]:
    """Train to the end; return the network with its averaged weights, and the record."""
    keras.utils.set_random_seed(SEED)
    model, judged = compiled(), unet()
    average, run = resumed(model)
    while run["steps"] < STEPS:
        rng = np.random.default_rng([SEED, run["steps"]])
        start, losses = time.process_time(), []
        for step in range(run["steps"] + 1, run["steps"] + EVERY + 1):
            losses.append(float(model.train_on_batch(*batches.draw(rng))))
            if step % AVERAGED_EVERY == 0:
                share = min(AVERAGE, 1 - 10 / (step / AVERAGED_EVERY + 10))
                average = [
                    (share * a + (1 - share) * w).astype("float32")
                    for a, w in zip(average, model.get_weights(), strict=True)
                ]
        run["seconds"] = round(run["seconds"] + time.process_time() - start, 1)
        run["steps"] += EVERY
        judged.set_weights(average)
        stop = {"steps": run["steps"], "loss": round(float(np.mean(losses)), 5)}
        run["stops"].append(
            {**stop, "raw": batches.losses(model), "average": batches.losses(judged)}
        )
        last = run["stops"][-1]
        means = [np.mean(last[kind]) for kind in ("raw", "average")]
        print(last["steps"], last["loss"], *np.round(means, 5), run["seconds"], flush=True)
        save(model, average, run)
    judged.set_weights(average)
    return judged, run


def main() -> None:
    noise = Noise.cosine()
    batches = Batches(noise)
    model, run = train(batches)
    arrays = {weight.path: weight.numpy() for weight in model.weights}
    network = "U-Net of 32 and 96 channels with labels, 1,000 steps of noise, averaged weights"
    store_weights(__file__, arrays, seed=SEED, network=network)
    about = {"data": batches.about, "seed": SEED, "batch": BATCH, "peak_rate": RATE}
    about |= {"steps_of_noise": noise.steps, "weights": model.count_params()}
    about |= {"unlabelled": UNLABELLED, "keras": keras.__version__}
    store(__file__, {**about, **run})


if __name__ == "__main__":
    main()
