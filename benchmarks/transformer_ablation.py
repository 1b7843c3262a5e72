"""Train small language models with one part taken out, and judge them on a novel held out.

    nice python benchmarks/transformer_ablation.py

NumPy alone, one thread, some 12 minutes; pieces are single characters (bytes). Each variant is
tuned alike: three learning rates on one seed, more while the best stands at an edge, by bits a
character on validation text. Then three new seeds at the best rate are judged on passages of the
held-out novel. Besides: normalization before and after the sum and none, with and without a
warm-up, in deep networks. The result is stored after each run; what is stored is not run again.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import math
import sys
import time
from typing import Any

import numpy as np
from machine import store, stored

from bmcourse import nn
from bmcourse.chapters.transformer.ablated import language_model
from bmcourse.chapters.transformer.corpus import Corpus, corpus

SHAPE = {"vocabulary": 256, "length": 64, "features": 48, "num_heads": 4, "blocks": 2}
STEPS, BATCH, WARMUP = 800, 8, 0.1
RATES, TUNED_ON, SEEDS = (0.003, 0.01, 0.03), 0, (1, 2, 3)
NEXT = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
VARIANTS: dict[str, dict[str, Any]] = {
    "whole": {},
    "no attention": {"without": {"attention"}},
    "no network": {"without": {"network"}},
    "no positions": {"without": {"positions"}},
    "no skip connections": {"without": {"skip"}},
    "no normalisation": {"without": {"norm"}},
    "norm after the sum": {"norm_first": False},
    "one head": {"num_heads": 1},
    "no bend": {"without": {"bend"}},
    "ReLU for GELU": {"without": {"gelu"}},
    "small tables": {"without": {"scale"}},
}
DEEP = {"features": 32, "num_heads": 2, "blocks": 8}
DEEP_STEPS, DEEP_RATES = 150, (0.001, 0.003, 0.01, 0.03)
DEEP_VARIANTS: dict[str, dict[str, Any]] = {
    "before": {},
    "after": {"norm_first": False},
    "none": {"without": {"norm"}},
}


def fit(
    data: Corpus, seed: int, rate: float, steps: int, warmup: float, changes: dict[str, Any]
) -> nn.Sequential | None:
    """Return the trained network; None if its loss stopped being a number."""
    first, order = np.random.default_rng(seed).spawn(2)  # the batches are the same for all
    model = language_model(**{**SHAPE, **changes}, rng=first)
    schedule = nn.OneCycle(rate, steps, warmup)
    optimizer = nn.Adam(schedule, beta_2=0.99, global_clipnorm=1.0)
    loss = nn.SparseCategoricalCrossentropy()
    for _ in range(steps):
        x, y = data.batch(order, BATCH, SHAPE["length"])
        if not math.isfinite(loss.forward(model.forward(x, training=True), y)):
            return None
        model.backward(loss.backward())
        optimizer.step(model.params_and_grads())
    return model


class Study:
    """All runs so far, and the texts to judge on."""

    def __init__(self) -> None:
        self.data = corpus(SHAPE["vocabulary"])
        self.texts = {
            part: self.data.passages(part, 40, 8, SHAPE["length"])
            for part in ("validation", "test")
        }
        self.runs: list[dict[str, Any]] = stored(__file__).get("runs", [])

    def run(
        self, study: str, variant: str, seed: int, rate: float, changes: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        """Return one run, from the store or trained now."""
        key = {"study": study, "variant": variant, "seed": seed, "rate": rate}
        for row in self.runs:
            if all(row[name] == value for name, value in key.items()):
                return row
        steps, warmup = more.get("steps", STEPS), more.get("warmup", WARMUP)
        start = time.process_time()
        model = fit(self.data, seed, rate, steps, warmup, changes)
        row = {**key, "steps": steps, "warmup": round(warmup, 4)}
        row["seconds"] = round(time.process_time() - start, 1)
        row["weights"] = sum(p.size for p in model.params.values()) if model else None
        for part, passages in self.texts.items():
            if part == "validation" or study != "tuning":
                found = self.data.bits(model, passages) if model else None
                row[part] = None if found is None else round(float(found.mean()), 4)
        if study == "ablation" and model:
            row["passages"] = self.data.bits(model, self.texts["test"]).round(4).tolist()
        self.runs.append(row)
        about = {"shape": SHAPE, "steps": STEPS, "batch": BATCH, "deep": DEEP}
        about |= {"characters_tested": int(self.data.characters[self.texts["test"][..., 1:]].sum())}
        store(__file__, {**about, "runs": self.runs})
        return row

    def tuned(self, variant: str, changes: dict[str, Any]) -> float:
        """Return the rate that is best on validation text, at no edge of those tried."""
        rates = list(RATES)
        while True:
            rows = [self.run("tuning", variant, TUNED_ON, rate, changes) for rate in rates]
            bits = [math.inf if row["validation"] is None else row["validation"] for row in rows]
            best = int(np.argmin(bits))
            edge = NEXT.index(rates[best])
            if best == 0 and edge > 0:
                rates.insert(0, NEXT[edge - 1])
            elif best == len(rates) - 1 and edge < len(NEXT) - 1:
                rates.append(NEXT[edge + 1])
            else:
                return rates[best]


def main() -> int:
    """Tune and judge each variant, then look at depth."""
    study = Study()
    for variant, changes in VARIANTS.items():
        rate = study.tuned(variant, changes)
        for seed in SEEDS:
            study.run("ablation", variant, seed, rate, changes)
    for place, changes in DEEP_VARIANTS.items():
        for name, warmup in (("no warm-up", 1 / DEEP_STEPS), ("warm-up", WARMUP)):
            for rate in DEEP_RATES:
                for seed in SEEDS:
                    more = {"steps": DEEP_STEPS, "warmup": warmup}
                    label = f"{place}, {name}"
                    study.run("depth", label, seed, rate, {**DEEP, **changes}, **more)
    return 0


if __name__ == "__main__":
    sys.exit(main())
