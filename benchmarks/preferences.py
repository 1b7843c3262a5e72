"""Preferences and rewards for the GPT of the novels, three seeds of each.

    nice python benchmarks/preferences.py [SEED ...]

For each seed: DPO towards conversation; a reward that can be checked, for right names; a reward for
quotation marks, with and without a penalty for leaving the model before. One thread, a few
minutes. Each run is stored as soon as it ends, and is not run again.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from machine import store, stored

from bmcourse.chapters.fine_tuning_and_preferences import methods, taste
from bmcourse.chapters.fine_tuning_and_preferences.setting import Setting
from bmcourse.recipes.language import tuning

SEEDS = (0, 1, 2)
ARMS = ("preferences", "names", "marks", "marks, penalty")


def rounded(numbers: dict[str, float]) -> dict[str, float]:
    """Return four digits of each number."""
    return {name: round(float(value), 4) for name, value in numbers.items()}


def train(setting: Setting, judges: dict[str, Any], arm: str, seed: int) -> dict[str, Any]:
    """Train one arm, and judge it."""
    model, start = setting.fresh(), time.process_time()
    row: dict[str, Any] = {"arm": arm, "seed": seed}
    if arm == "names":
        methods.imitate(methods.tuner(model, 1e-3), setting.questions["training"], 60, seed)
        right = tuning.all_right(model, setting.questions["test"])
        row["taught"] = round(float(right.mean()), 4)
        methods.try_answers(methods.tuner(model, 4e-4), setting, 50, seed)
        right = tuning.all_right(model, setting.questions["test"])
        row |= {"tried": round(float(right.mean()), 4), "bits": round(setting.bits(model), 4)}
    elif arm == "preferences":
        liked = methods.pairs(setting, judges["A"], 192, seed)
        tune = methods.tuner(model, 2e-3, methods.RANK, seed)
        curve = methods.prefer(tune, liked, 48, seed)
        row |= {"first": rounded(dict(zip(("loss", "better", "worse"), curve[0], strict=True)))}
        last = curve[-8:].mean(axis=0)
        row |= {"last": rounded(dict(zip(("loss", "better", "worse"), last, strict=True)))}
        row |= rounded(methods.judged(setting, model, judges))
    else:
        tune = methods.tuner(model, 5e-3, methods.RANK, seed)
        penalty = 0.3 if arm.endswith("penalty") else 0.0
        methods.chase(tune, setting, methods.marks, 40, seed, penalty)
        row |= rounded(methods.judged(setting, model, judges))
    row["seconds"] = round(time.process_time() - start, 1)
    print(row, flush=True)
    return row


def main() -> None:
    """Run all arms seed by seed; store after each."""
    setting = Setting()
    judges: dict[str, Any] = {
        "A": taste.Judge(taste.FIRST, "word"), "B": taste.Judge(taste.SECOND, "char"),
    }  # fmt: skip
    runs = stored(__file__).get("runs", [])
    before = rounded(methods.judged(setting, setting.fresh(), judges))
    for seed in map(int, sys.argv[1:] or SEEDS):
        for arm in ARMS:
            if not any(row["arm"] == arm and row["seed"] == seed for row in runs):
                runs.append(train(setting, judges, arm, seed))
                store(__file__, {"before": before, "runs": runs})


if __name__ == "__main__":
    main()
