"""Choose the settings of each recommender on validation ratings, then test it, three splits.

    python benchmarks/film_recommenders.py

For each split (at random, each user's last fifth, after one date) and each seed: each method
learns from 64 % of the ratings with each of its settings, is judged on 16 %, learns again from
both with the best setting, and is tested on the last 20 %. The seed draws the random split and
the first factors of ALS; what has no luck in it is measured once.
One thread; a row that is stored is not measured again.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
from typing import Any

import numpy as np
from machine import store, stored

from bmcourse.datasets.ratings import film_ratings
from bmcourse.recipes.recommendation import methods, splits

SEEDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
LUCKY = ("ALS", "biases and ALS")


def measure(split: str, method: str, seed: int) -> dict[str, Any]:
    ratings = film_ratings()
    learn, valid, test = splits.three_parts(splits.SPLITS[split], ratings, rng=seed)
    both = np.sort(np.concatenate([learn, valid]))
    ranking = method in methods.RANKING
    grid = (methods.RANKING if ranking else methods.STARS)[method]

    def score(rows: Any, held: Any, setting: Any) -> tuple[float, ...]:
        if ranking:
            users = methods.judged(ratings, rows, held)
            scores = methods.rank(method, ratings, rows, setting, seed)
            found = methods.by_user(ratings, scores, held, users)
            return float(found["recall"].mean()), float(found["ndcg"].mean())
        guess = methods.stars(method, ratings, rows, setting, seed)
        return (float(np.sqrt(methods.squared_errors(ratings, guess, held).mean())),)

    tried = [score(learn, valid, setting)[0] for setting in grid]
    best = grid[int(np.argmax(tried) if ranking else np.argmin(tried))]
    result = score(both, test, best)
    return {
        "split": split,
        "method": method,
        "seed": seed,
        "validation": [round(value, 4) for value in tried],
        "setting": best,
        **dict(zip(("recall", "ndcg") if ranking else ("rmse",), np.round(result, 4), strict=True)),
    }


def main() -> int:
    rows = stored(__file__).get("rows", [])
    had = {(row["split"], row["method"], row["seed"]) for row in rows}
    for seed in SEEDS:
        for split in splits.SPLITS:
            for method in (*methods.RANKING, *methods.STARS):
                lucky = split == "at random" or method in LUCKY
                if (split, method, seed) in had or (seed > 0 and not lucky):
                    continue
                rows.append(measure(split, method, seed))
        grids = {**methods.RANKING, **methods.STARS}
        store(__file__, {"settings": grids, "rows": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
