"""Two ways to tell GPT the places: a learned table, and rotary positions.

    nice python benchmarks/gpt_places.py

The same small training for both. Each way first tries five learning rates on validation text;
then three seeds train with the best and are judged on the ends of the novels. One thread.
"""

from __future__ import annotations

import os
import time
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import rates
from machine import store, stored

from bmcourse import text
from bmcourse.recipes.language import austen, windows
from bmcourse.recipes.language.gpt import gpt

CONTEXT, BATCH, STEPS = 64, 16, 600
RATES, SEEDS = (1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2), (1, 2, 3)


def train(rotary: bool, rate: float, seed: int, ids: dict[str, Any]) -> tuple[keras.Model, float]:
    """Return a trained network, and its processor seconds."""
    keras.utils.set_random_seed(seed)
    model = gpt(
        vocabulary=1024,
        context=CONTEXT,
        features=64,
        blocks=2,
        heads=4,
        rotary=rotary,
        stddev=0.05,
        embedding_stddev=0.1,
    )
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, STEPS - 50, warmup_target=rate, warmup_steps=50
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=0.1, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    rng = np.random.default_rng([seed, 22])
    x, y = windows.draw(ids["training"], STEPS * BATCH, CONTEXT, rng)
    start = time.process_time()
    model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0)
    return model, round(time.process_time() - start, 1)


def main() -> None:
    """Choose the rates, then train for each seed; store after each."""
    cut = vars(austen.splits())
    tokenizer = text.BytePairTokenizer.train([cut["training"]], 1024)
    ids = {part: np.array(tokenizer.encode(words)) for part, words in cut.items()}
    result = {key: stored(__file__).get(key, []) for key in ("rates", "runs")}

    def bits(model: keras.Model, part: str) -> float:
        found = windows.surprises(model.predict_on_batch, ids[part], CONTEXT)
        return round(float(windows.joined(found).sum()) / len(cut[part]), 4)

    for rotary in (False, True):
        places = "rotary" if rotary else "learned table"
        mine = [row for row in result["rates"] if row["places"] == places]
        for rate in RATES[len(mine) :]:
            model, seconds = train(rotary, rate, 0, ids)
            row = {"places": places, "rate": rate, "seconds": seconds}
            mine.append(row | {"validation": bits(model, "validation")})
            result["rates"].append(mine[-1])
            store(__file__, {"steps": STEPS, "batch": BATCH, "context": CONTEXT, **result})
        best = rates.best({row["rate"]: row["validation"] for row in mine})
        for seed in SEEDS:
            if not any(r["places"] == places and r["seed"] == seed for r in result["runs"]):
                model, seconds = train(rotary, best, seed, ids)
                row = {"places": places, "rate": best, "seed": seed, "seconds": seconds}
                result["runs"].append(row | {part: bits(model, part) for part in ("ends", "novel")})
                print(result["runs"][-1], flush=True)
                store(__file__, {"steps": STEPS, "batch": BATCH, "context": CONTEXT, **result})


if __name__ == "__main__":
    main()
