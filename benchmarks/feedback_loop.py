"""A recommender that learns from what it showed, thirty rounds, in ten worlds with known tastes.

    python benchmarks/feedback_loop.py

For each world: the loop, the control (which learns from as many films shown at random), and the
loop with 5 to 40 % of the places drawn at random. Each row holds, for each round, what
`bmcourse.recipes.recommendation.feedback.Round` says. One thread; a row that is stored is not
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


def measure(variant: str, seed: int) -> dict[str, Any]:
    likes = feedback.tastes(USERS, FILMS, np.random.default_rng(seed))
    source, explore = VARIANTS[variant]
    found = feedback.simulate(likes, learn_from=source, explore=explore, rounds=ROUNDS, rng=seed)
    rounds = [dataclasses.asdict(one) for one in found]
    columns = {key: [round(one[key], 4) for one in rounds] for key in rounds[0]}
    return {"variant": variant, "seed": seed, **columns}


def main() -> int:
    rows = stored(__file__).get("rows", [])
    had = {(row["variant"], row["seed"]) for row in rows}
    for seed in SEEDS:
        rows += [measure(name, seed) for name in VARIANTS if (name, seed) not in had]
        store(__file__, {"users": USERS, "films": FILMS, "rounds": ROUNDS, "rows": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
