"""A recommender that learns from what it showed, thirty rounds, in ten worlds with known tastes.

    python benchmarks/feedback_loop.py

For each world: the loop, the control (which learns from as many films shown at random), and the
loop with 5 to 40 % of the places drawn at random. Each row holds, for each round, what
`bmcourse.recipes.recommendation.feedback.Round` says. Five worlds again with two other settings
of ALS, of which only means are stored. One thread; a row that is stored is not
measured again.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import dataclasses
import sys
from typing import Any

import numpy as np
from machine import store, stored

from bmcourse.recipes.recommendation import feedback

SEEDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
VARIANTS = {
    "loop": ("shown", 0.0),
    "control": ("random", 0.0),
    "exploring 5 %": ("shown", 0.05),
    "exploring 10 %": ("shown", 0.1),
    "exploring 20 %": ("shown", 0.2),
    "exploring 40 %": ("shown", 0.4),
}
USERS, FILMS, ROUNDS = 300, 600, 30
OTHERS = {
    "4 factors, strong penalty": {"factors": 4, "penalty": 20.0, "confidence": 3.0},
    "16 factors, high confidence": {"factors": 16, "penalty": 5.0, "confidence": 40.0},
}


def run(variant: str, seed: int, **settings: Any) -> dict[str, list[float]]:
    likes = feedback.tastes(USERS, FILMS, np.random.default_rng(seed))
    source, explore = VARIANTS[variant]
    found = feedback.simulate(
        likes, learn_from=source, explore=explore, rounds=ROUNDS, rng=seed, **settings
    )
    rounds = [dataclasses.asdict(one) for one in found]
    return {key: [round(one[key], 4) for one in rounds] for key in rounds[0]}


def brief(setting: str, variant: str, seed: int) -> dict[str, Any]:
    found = run(variant, seed, **OTHERS[setting])
    return {
        "setting": setting,
        "variant": variant,
        "seed": seed,
        "films_in_round_10": found["films"][9],
        "list_at_the_end": round(float(np.mean(found["model"][-5:])), 4),
        "all_shown": round(float(np.mean(found["liking"])), 4),
    }


def main() -> int:
    kept = stored(__file__)
    rows, others = kept.get("rows", []), kept.get("others", [])
    had = {(row["variant"], row["seed"]) for row in rows}
    told = {(row["setting"], row["variant"], row["seed"]) for row in others}
    about = {"users": USERS, "films": FILMS, "rounds": ROUNDS}
    for seed in SEEDS:
        for name in VARIANTS:
            if (name, seed) not in had:
                rows.append({"variant": name, "seed": seed, **run(name, seed)})
        for setting in OTHERS:
            for name in ("loop", "control", "exploring 20 %"):
                if seed < 5 and (setting, name, seed) not in told:
                    others.append(brief(setting, name, seed))
        store(__file__, {**about, "rows": rows, "others": others})
    return 0


if __name__ == "__main__":
    sys.exit(main())
