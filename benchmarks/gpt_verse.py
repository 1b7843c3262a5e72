"""Train GPT on quatrains of the Tang.

    nice python benchmarks/gpt_verse.py [SEED ...]

Three learning rates are tried for a quarter of the steps, judged on validation poems; then each
seed trains whole. One thread. Each run is stored as soon as it ends. The weights of the first seed
travel with the course. The order of the n-gram model is chosen on the same validation poems.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import rates
from machine import store, store_weights, stored

from bmcourse import text
from bmcourse.recipes.language import tang, windows
from bmcourse.recipes.language.gpt import gpt

CONTEXT, BATCH, STEPS, SHORT = 64, 16, 3_000, 750
RATES = (2e-3, 4e-3, 8e-3)
SEEDS = (0, 1, 2)


def train(
    rate: float, steps: int, seed: int, cut: tang.Splits
) -> tuple[keras.Model, dict[str, Any]]:
    """Train one network; return it and its record."""
    keras.utils.set_random_seed(seed)
    model = gpt(
        vocabulary=len(cut.signs),
        context=CONTEXT,
        features=96,
        blocks=3,
        heads=4,
        dropout=0.1,
        rotary=True,
        stddev=0.05,
        embedding_stddev=0.1,
    )
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 20, alpha=0.05, warmup_target=rate, warmup_steps=steps // 20
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(
            schedule, weight_decay=0.1, beta_2=0.99, global_clipnorm=1.0
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    x, y = windows.draw(
        cut.ids(cut.training), steps * BATCH, CONTEXT, np.random.default_rng([seed, 22])
    )
    start = time.process_time()
    model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0)
    record = {"rate": rate, "steps": steps, "seed": seed}
    record["seconds"] = round(time.process_time() - start, 1)
    record["validation"] = bits(model, cut, cut.validation)
    print(record, flush=True)
    return model, record


def bits(model: keras.Model, cut: tang.Splits, poems: tuple[str, ...]) -> float:
    """Return bits a sign."""
    found = windows.surprises(model.predict_on_batch, cut.ids(poems), CONTEXT)
    return round(float(windows.joined(found).mean()), 4)


def counted(order: int, cut: tang.Splits) -> dict[str, float]:
    """Return bits a sign of Kneser and Ney's model."""
    model = text.NGramModel(order, len(cut.signs)).fit(cut.ids(cut.training))
    scores = {
        part: -np.log2(model.probabilities(cut.ids(getattr(cut, part)))).mean()
        for part in ("validation", "test")
    }
    return {"order": order, **{part: round(float(score), 4) for part, score in scores.items()}}


def main() -> None:
    """Count, choose the rate, train for each seed; store after each."""
    cut = tang.splits()
    result = {key: stored(__file__).get(key, []) for key in ("rates", "runs")}
    about = {
        "keras": keras.__version__,
        "batch": BATCH,
        "context": CONTEXT,
        "ngrams": [counted(order, cut) for order in range(1, 6)],
    }
    for rate in RATES:
        if not any(row["rate"] == rate for row in result["rates"]):
            result["rates"].append(train(rate, SHORT, 0, cut)[1])
            store(__file__, {**about, **result})
    best = rates.best({row["rate"]: row["validation"] for row in result["rates"]})
    for seed in map(int, sys.argv[1:] or SEEDS):
        if any(row["seed"] == seed for row in result["runs"]):
            continue
        model, row = train(best, STEPS, seed, cut)
        row["test"] = bits(model, cut, cut.test)
        if seed == 0:
            arrays = {weight.path: weight.numpy() for weight in model.weights}
            network = "GPT, 3 blocks of 96 features, 4 heads, 3,138 signs, context 64"
            store_weights(__file__, arrays, seed=seed, network=network)
        result["runs"].append(row)
        store(__file__, {**about, **result})


if __name__ == "__main__":
    main()
