"""Let the diffusion model of digits draw in many ways, and judge what it draws.

    python benchmarks/diffusion_samples.py

After `diffusion_digits.py`, in the same temporary folder. One thread; each job is stored as soon
as it ends, and not repeated. Real digits, as many, are judged first: the best that can be had.
"""

from __future__ import annotations

import os

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from diffusion_digits import PLACE, STEPS
from machine import store, stored

from bmcourse import datasets, results, weights
from bmcourse.recipes.generative.diffusion import Noise, sample
from bmcourse.recipes.generative.judge import Judge, frechet_error, nearest
from bmcourse.recipes.generative.unet import draws, unet
from bmcourse.recipes.vision import mnist

BATCH = 100


@dataclass(frozen=True)
class Job:
    """How a set of digits is drawn."""

    count: int
    steps: int
    eta: float
    guidance: float = 0.0
    trained: int = STEPS
    kind: str = "average"
    seed: int = 0


MAIN = Job(2000, 25, 0)
JOBS = [  # what the chapter needs most comes first
    MAIN,
    Job(500, 25, 0),
    Job(500, 25, 0, guidance=4.0),
    Job(500, 25, 0, trained=300),
    Job(500, 25, 0, trained=1200),
    Job(500, 10, 1),
    Job(500, 10, 0),
    Job(500, 25, 1),
    Job(500, 25, 0, trained=300, kind="raw"),
    Job(500, 25, 0, trained=1200, kind="raw"),
    Job(500, 25, 0, guidance=1.0),
    Job(500, 25, 0, trained=STEPS, kind="raw"),
    Job(500, 50, 1),
    Job(500, 50, 0),
    Job(500, 25, 0, guidance=2.0),
    *(Job(500, 25, 0, trained=at, kind=kind) for at in (600, 2400) for kind in ("average", "raw")),
    *(Job(500, 100, eta) for eta in (1, 0)),
    Job(500, 1000, 1),
]


def network(job: Job) -> Any:
    """Return the network with the weights of a stop of its training."""
    model = unet()
    if job.trained == STEPS and job.kind == "average":
        model.set_weights(list(weights.load("diffusion_digits").values()))
        return model
    with np.load(PLACE.with_name(f"{PLACE.name}_{job.trained}_{job.kind}.npz")) as kept:
        model.set_weights([kept[str(i)].astype(np.float32) for i in range(len(kept))])
    return model


def drawn(job: Job) -> tuple[Any, float]:
    """Return digits, ten equal shares, and the processor's seconds for each."""
    model, noise, rng = network(job), Noise.cosine(), np.random.default_rng(job.seed)
    label = np.arange(job.count) % 10
    model.predict_on_batch([np.zeros((BATCH, 28, 28, 1)), np.ones(BATCH), label[:BATCH]])
    found, start = [], time.process_time()
    for part in np.split(label, job.count // BATCH):
        z = rng.standard_normal((BATCH, 28, 28, 1), dtype=np.float32)
        predict = draws(model, noise, part, job.guidance)
        found.append(sample(predict, noise, z, steps=job.steps, rng=rng, eta=job.eta))
    return np.concatenate(found), (time.process_time() - start) / job.count


def variety(features: Any, label: Any) -> float:
    """Return how much the features differ among digits of one label: their mean total variance."""
    return float(np.mean([features[label == d].var(axis=0).sum() for d in range(10)]))


def main() -> None:
    data, judge = datasets.mnist(), Judge.load()
    real, training = mnist.as_input(data.x_test), mnist.as_input(data.x_train)
    features = judge.features(real)
    usual = variety(features, data.y_test)
    rows = stored(__file__).get("rows", [])
    trained = results.load("diffusion_digits")
    about = {"data": data.describe(), "trained": trained["command"]}

    def judged(pictures: Any) -> dict[str, Any]:
        score = asdict(judge.score(pictures, features[: len(pictures)]))
        error = frechet_error(judge.features(pictures), features[: len(pictures)], 0)
        far = nearest(pictures[:500], training)[1]
        score |= {"frechet_error": error, "nearest": float(far.mean())}
        return score | {"nearest_least": float(far.min())}

    for n in (500, 2000):  # other real digits, judged as if they were drawn
        if not any(row["model"] == "real digits" and row["count"] == n for row in rows):
            rows.append({"model": "real digits"} | judged(real[n : 2 * n]))
    for job in JOBS:
        if any(asdict(job).items() <= row.items() for row in rows):
            continue
        pictures, each = drawn(job)
        pictures = (pictures.clip(-1, 1) + 1) / 2
        right = judge.probabilities(pictures).argmax(axis=1) == np.arange(job.count) % 10
        row = {"model": "diffusion", **asdict(job), "processor_seconds": trained["seconds"]}
        row |= {"seconds_a_sample": each, "as_told": float(right.mean()), **judged(pictures)}
        row |= {"variety": variety(judge.features(pictures), np.arange(job.count) % 10) / usual}
        rows.append(row)
        runs = [row for row in rows if asdict(MAIN).items() <= row.items()]
        store(__file__, {**about, "runs": runs, "rows": rows})


if __name__ == "__main__":
    main()
