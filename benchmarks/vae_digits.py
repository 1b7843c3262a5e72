"""Train the variational autoencoders of digits, judge them, and store the weights of seed 0.

    python benchmarks/vae_digits.py

Codes of 2 and of 20 numbers, three seeds each, all else alike: two hidden layers of 256 units on
each side, Adam with a rate that rises and falls. The rate was chosen on images 55,000 to 57,000 of
the training set. Nothing is chosen by a test score. Resumable: a run that is stored is not
repeated. On one thread, some eight minutes.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from machine import store, store_weights, stored
from threadpoolctl import threadpool_limits

from bmcourse import datasets, nn, runtime, weights
from bmcourse.recipes.generative.vae import VAE, drawn, importance_weighted

SEEDS, CODES, WIDTH, STEPS, PEAK = (0, 1, 2), (2, 20), 256, 6000, 3e-3
JUDGED, IMAGES, SAMPLES = 2000, 500, 500


def train(units: int, seed: int, images: Any) -> tuple[VAE, float]:
    """Return the trained model and its processor seconds."""
    rng = np.random.default_rng(seed)
    model, start = VAE(units, WIDTH, rng=rng), time.process_time()
    model.fit(images, STEPS, rng, rate=nn.OneCycle(PEAK, STEPS, warmup=0.1))
    return model, time.process_time() - start


def judged(model: VAE, data: datasets.Dataset, reference: Any, judge: Any) -> dict[str, Any]:
    """Return what is known of a model: its bound on held-out digits, and what the judge says."""
    from bmcourse.recipes.generative.judge import frechet_error, nearest

    rng = np.random.default_rng(100)
    held_out = drawn(data.x_test.reshape(-1, 784) / np.float32(255), rng)
    bound = model.bound(held_out, rng)
    few = held_out[:: len(held_out) // IMAGES][:IMAGES]
    log_weights = model.log_weights(few, SAMPLES, rng)
    start = time.process_time()
    samples = model.sample(JUDGED, rng).reshape(-1, 28, 28, 1)
    each = (time.process_time() - start) / JUDGED
    score, dots = (judge.score(x, reference) for x in (samples, drawn(samples, rng)))
    training = data.x_train / np.float32(255)
    return {
        "bound": float(bound.mean()),
        "bound_error": float(bound.std() / np.sqrt(len(bound))),
        "bound_few": float(log_weights.mean()),
        "importance_weighted": float(importance_weighted(log_weights).mean()),
        "sure": score.sure,
        "certain": score.certain,
        "classes": list(score.classes),
        "covered": score.covered,
        "entropy": score.entropy,
        "frechet": score.frechet,
        "frechet_error": frechet_error(judge.features(samples), reference, rng),
        "frechet_drawn": dots.frechet,
        "certain_drawn": dots.certain,
        "nearest": float(nearest(samples[:500], training)[1].mean()),
        "seconds_a_sample": each,
    }


def main() -> None:
    runtime.start(0)
    from bmcourse.recipes.generative.judge import Judge

    data, judge = datasets.mnist(), Judge.load()
    images = data.x_train.reshape(-1, 784) / np.float32(255)
    reference = judge.features(data.x_test[:JUDGED, ..., None] / np.float32(255))
    about = {"data": data.describe(), "width": WIDTH, "steps": STEPS, "peak": PEAK, "batch": 128}
    runs = stored(__file__).get("runs", {})
    arrays = weights.load("vae_digits") if "vae_digits" in weights.names() else {}
    for seed in SEEDS:
        for units in CODES:
            name = f"Z={units}, seed {seed}"
            if name in runs:
                continue
            with threadpool_limits(1, user_api="blas"):
                model, seconds = train(units, seed, images)
                found = judged(model, data, reference, judge)
            run = {"model": f"VAE, {units} numbers", "units": units, "seed": seed}
            runs[name] = {**run, "processor_seconds": round(seconds, 1), **found}
            if seed == 0:
                arrays |= {f"{units}/{key}": value for key, value in model.weights().items()}
                network = f"VAEs of MNIST, codes of {CODES} numbers, two layers of {WIDTH} a side"
                store_weights(__file__, arrays, seed=seed, network=network)
            store(__file__, {**about, "runs": runs})


if __name__ == "__main__":
    main()
