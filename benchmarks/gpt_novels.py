"""Train GPT and an LSTM on five novels, for as long as a patient reader would.

    nice python benchmarks/gpt_novels.py [SEED ...]

First each network tries three or four learning rates for three eighths of its steps, judged on
validation text; the best must not be the first or the last of them. (Much shorter trials choose
too high a rate.) Then, for each seed, each trains for the steps of its plan, which take about the
same processor time. One thread, so that a seed gives the same weights again. Each run is stored as
soon as it ends; one that is cut off goes on from its last look at validation text. The weights of
GPT's first seed travel with the course.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import rates
from machine import store, store_weights, stored, write

from bmcourse import text
from bmcourse.recipes.language import austen, windows
from bmcourse.recipes.language.gpt import gpt
from bmcourse.recipes.language.lstm import lstm

VOCABULARY, CONTEXT, PASSAGE = 1024, 128, 500
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Plan:
    """How one network is trained: windows a step, steps, and the rates to choose from.

    After each `every` steps it is judged on validation text, and stored.
    """

    make: Callable[[], keras.Model]
    batch: int
    every: int
    short: int
    steps: int
    rates: tuple[float, ...]


PLANS = {
    "gpt": Plan(
        lambda: gpt(
            vocabulary=VOCABULARY,
            context=CONTEXT,
            features=128,
            blocks=4,
            heads=4,
            rotary=True,
            stddev=0.05,
            embedding_stddev=0.1,
        ),
        batch=4,
        every=1_200,
        short=3_600,
        steps=9_600,
        rates=(1e-3, 2e-3, 4e-3, 8e-3),
    ),
    "lstm": Plan(
        lambda: lstm(vocabulary=VOCABULARY, units=256, embedding_stddev=0.1),
        batch=8,
        every=1_400,
        short=2_100,
        steps=5_600,
        rates=(8e-3, 1.6e-2, 3.2e-2),
    ),
}


class Text:
    """The novels in ids, and how many characters each part has."""

    def __init__(self) -> None:
        cut = austen.splits()
        self.tokenizer = text.BytePairTokenizer.train([cut.training], VOCABULARY)
        self.ids = {name: np.array(self.tokenizer.encode(part)) for name, part in vars(cut).items()}
        self.characters = {name: len(part) for name, part in vars(cut).items()}

    def surprises(self, model: keras.Model, part: str) -> Any:
        """Return the bits of each id but the first."""
        return windows.joined(windows.surprises(model.predict_on_batch, self.ids[part], CONTEXT))

    def bits(self, model: keras.Model, part: str) -> float:
        """Return bits a character."""
        return round(float(self.surprises(model, part).sum()) / self.characters[part], 4)

    def passages(self, model: keras.Model, part: str) -> list[float]:
        """Return the bits of each passage of 500 ids; what is left at the end does not count."""
        found = self.surprises(model, part)
        whole = found[: len(found) // PASSAGE * PASSAGE].reshape(-1, PASSAGE)
        return [round(float(bits), 1) for bits in whole.sum(axis=1)]


def compiled(name: str, rate: float, steps: int) -> keras.Model:
    """Return an untrained network with its optimizer: warm-up, then a fall along a cosine."""
    model = PLANS[name].make()
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 20, alpha=0.05, warmup_target=rate, warmup_steps=steps // 20
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(
            schedule, weight_decay=0.1, beta_2=0.99, global_clipnorm=1.0
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=name == "gpt",
    )
    return model


def train(name: str, rate: float, steps: int, seed: int, data: Text) -> tuple[Any, dict[str, Any]]:
    """Train, or go on with a training; return the network and what was measured on the way."""
    millionths = round(1e6 * rate)  # no point in the name: what follows would count as its suffix
    place = Path(tempfile.gettempdir()) / f"bmcourse_{name}_{millionths}_{steps}_{seed}"
    model, run = _resumed(place)
    if model is None:
        keras.utils.set_random_seed(seed)
        model = compiled(name, rate, steps)
        run = {"steps": 0, "seconds": 0.0, "loss": [], "validation": []}
    while run["steps"] < steps:
        every = min(PLANS[name].every, steps - run["steps"])
        rng = np.random.default_rng([seed, run["steps"]])
        x, y = windows.draw(data.ids["training"], every * PLANS[name].batch, CONTEXT, rng)
        start = time.process_time()
        history = model.fit(x, y, batch_size=PLANS[name].batch, shuffle=False, verbose=0)
        run["seconds"] = round(run["seconds"] + time.process_time() - start, 1)
        run["steps"] += every
        run["loss"].append(round(history.history["loss"][-1], 4))
        run["validation"].append(data.bits(model, "validation"))
        print(
            f"{name} {rate:g} seed {seed}  {run['steps']:>6}/{steps}  {run['validation'][-1]}  "
            f"{run['seconds']:.0f} s",
            flush=True,
        )
        model.save(place.with_suffix(".part.keras"))
        place.with_suffix(".part.keras").replace(place.with_suffix(".keras"))
        write(place.with_suffix(".json"), json.dumps(run).encode())
    return model, {"network": name, "rate": rate, "seed": seed, **run}


def _resumed(place: Path) -> tuple[Any, dict[str, Any]]:
    """Return the network and the record of a training that was cut off, or None and nothing."""
    try:
        run = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
        model = keras.models.load_model(place.with_suffix(".keras"))
    except (OSError, ValueError):
        return None, {}
    if int(model.optimizer.iterations) != run["steps"]:  # cut off between the two files
        return None, {}
    return model, run


def best_rate(name: str, rows: list[dict[str, Any]]) -> float:
    """Return the rate of the network's best short training."""
    return rates.best(
        {row["rate"]: row["validation"][-1] for row in rows if row["network"] == name}
    )


def main() -> None:
    """Choose the rates, then train for each seed; store after each."""
    data = Text()
    result = {key: stored(__file__).get(key, []) for key in ("rates", "runs")}
    about = {
        "keras": keras.__version__,
        "vocabulary": VOCABULARY,
        "context": CONTEXT,
        "batch": {name: plan.batch for name, plan in PLANS.items()},
        "characters": data.characters,
        "ids": {name: len(ids) for name, ids in data.ids.items()},
        "weights": {name: plan.make().count_params() for name, plan in PLANS.items()},
    }
    for name, plan in PLANS.items():
        for rate in plan.rates:
            if not any(row["network"] == name and row["rate"] == rate for row in result["rates"]):
                _, row = train(name, rate, plan.short, 0, data)
                result["rates"].append(row)
                store(__file__, {**about, **result})
        for seed in map(int, sys.argv[1:] or SEEDS):
            if any(row["network"] == name and row["seed"] == seed for row in result["runs"]):
                continue
            model, row = train(name, best_rate(name, result["rates"]), plan.steps, seed, data)
            row |= {part: data.bits(model, part) for part in ("ends", "novel")}
            row["passages"] = {part: data.passages(model, part) for part in ("ends", "novel")}
            if name == "gpt" and seed == 0:
                arrays = {weight.path: weight.numpy() for weight in model.weights}
                network = "GPT, 4 blocks of 128 features, 4 heads, rotary positions, 1,024 ids"
                store_weights(__file__, arrays, seed=seed, network=network)
            result["runs"].append(row)
            store(__file__, {**about, **result})


if __name__ == "__main__":
    main()
