"""Train a DCGAN on MNIST over three seeds, watch it with the judge, and let it collapse.

    python benchmarks/dcgan.py [SEED ...]

Each seed plays 6,000 steps on MNIST's training images. Every 500 steps the judge scores 1,000
images against the first 1,000 test images, at the end 2,000 against 2,000. The discriminator is
frozen then, the generator goes on alone for 200 steps, and what it draws is counted. Nothing is
chosen by a score. The weights of the first seed, both networks, travel with the course. One
thread; a seed is stored when it ends.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from machine import store, store_weights, stored

from bmcourse import datasets, runtime
from bmcourse.recipes.generative import gan
from bmcourse.recipes.generative.judge import Judge, frechet_error, nearest
from bmcourse.recipes.vision import mnist

SEEDS = (0, 1, 2)
STEPS, EVERY, BATCH, RATE = 6_000, 500, 64, 1e-3
ALONE = (0, 50, 100, 200)  # steps of the generator alone
IMAGES, AT_THE_END, NEAREST = 1_000, 2_000, 500


def look(judge: Judge, images: Any, real: Any) -> dict[str, Any]:
    """Return what the judge says, rounded."""
    score = judge.score(images, real)
    return {
        "sure": round(score.sure, 3),
        "certain": round(score.certain, 3),
        "covered": score.covered,
        "classes": [round(share, 4) for share in score.classes],
        "entropy": round(score.entropy, 3),
        "frechet": round(score.frechet, 2),
    }


def train(seed: int, x: Any, judge: Judge, real: Any) -> tuple[gan.Game, dict[str, Any]]:
    """Play the game; return it and what was seen on the way."""
    keras.utils.set_random_seed(seed)
    played, rng = gan.game(rate=RATE, seed=seed), np.random.default_rng(seed)
    first = look(judge, gan.draw(played.generator, IMAGES, rng), real[:IMAGES])
    looks, seconds = [{"steps": 0, **first}], 0.0
    for done in range(EVERY, STEPS + 1, EVERY):
        start = time.process_time()
        history = played.fit(x[rng.integers(0, len(x), EVERY * BATCH)], batch_size=BATCH, verbose=0)
        seconds += time.process_time() - start
        losses = {key: round(float(history.history[key][-1]), 3) for key in ("d_loss", "g_loss")}
        images = gan.draw(played.generator, IMAGES, rng)
        looks.append({"steps": done, **losses, **look(judge, images, real[:IMAGES])})
        print(seed, looks[-1], round(seconds), flush=True)
    start = time.process_time()
    images = gan.draw(played.generator, AT_THE_END, rng)
    per_image = (time.process_time() - start) / AT_THE_END
    end = look(judge, images, real)
    end["frechet_error"] = round(frechet_error(judge.features(images), real, rng), 2)
    end["nearest"] = round(float(nearest(images[:NEAREST], x)[1].mean()), 2)
    timed = {"processor_seconds": round(seconds, 1), "seconds_a_sample": round(per_image, 6)}
    return played, {"model": "DCGAN", "seed": seed, "looks": looks, **end, **timed}


def alone(played: gan.Game, seed: int, x: Any, judge: Judge, real: Any) -> list[dict[str, Any]]:
    """Freeze the discriminator, go on with the generator, and count what it draws."""
    frozen, rng = gan.freeze(played, rate=RATE, seed=seed), np.random.default_rng(100 + seed)
    found, done = [], 0
    for steps in ALONE:
        if steps > done:  # the images only say how many to draw
            frozen.fit(x[: (steps - done) * BATCH], batch_size=BATCH, verbose=0)
            done = steps
        images = gan.draw(frozen.generator, IMAGES, rng)
        found.append({"steps": steps, **look(judge, images, real[:IMAGES])})
        print(seed, "alone", found[-1], flush=True)
    return found


def main() -> None:
    """Go through the seeds; store after each."""
    runtime.start(0)
    data = datasets.mnist()
    x, judge = mnist.as_input(data.x_train), Judge.load()
    x_test = mnist.as_input(data.x_test)
    real = judge.features(x_test[:AT_THE_END])
    # What two sets of real images are apart: the floor of the distance.
    floor = look(judge, x_test[AT_THE_END : 2 * AT_THE_END], real)
    about = {
        "data": data.describe(),
        "keras": keras.__version__,
        "steps": STEPS,
        "batch": BATCH,
        "rate": RATE,
        "images": IMAGES,
        "images_at_the_end": AT_THE_END,
        "real": floor,
    }
    runs = stored(__file__).get("runs", [])
    for seed in map(int, sys.argv[1:] or SEEDS):
        if any(row["seed"] == seed for row in runs):
            continue
        played, row = train(seed, x, judge, real)
        if seed == SEEDS[0]:
            arrays = gan.arrays(played.generator, played.discriminator)
            store_weights(
                __file__, arrays, seed=seed, network="DCGAN, 32-16-1 and 16-32-1, for MNIST"
            )
            row["parameters"] = played.generator.count_params()
        row["alone"] = alone(played, seed, x, judge, real)
        runs.append(row)
        store(__file__, {**about, "runs": runs})


if __name__ == "__main__":
    main()
