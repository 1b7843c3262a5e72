"""Choose the settings of each recommender on validation ratings, then test it, three splits.

    python benchmarks/film_recommenders.py

For each split (at random, each user's last fifth, after one date) and each seed: each method
learns from 64 % of the ratings with each of its settings, is judged on 16 %, learns again from
both with the best setting, and is tested on the last 20 %. The seed draws the random split (ten
times) and the first factors of ALS (in the two other splits three times); where nothing is drawn,
a method is measured once.
EASE and ALS on random splits are also compared by the place of each test film: how often it is
among the first ten of all films, and of 100 drawn ones. And three times an ALS with twice as many
factors as the best is judged on the validation ratings: does the list of settings end too early?
On the random splits an ALS that has settings with 32 factors only is chosen and tested as well.
One thread; a row that is stored is not measured again, unless its method has other settings now.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import sys
from typing import Any

import numpy as np
from machine import store, stored

from bmcourse.datasets.ratings import film_ratings
from bmcourse.recipes.recommendation import methods, sampled, splits

SEEDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
STARTS = 3
LUCKY = ("ALS", "biases and ALS")
FEW = methods.FEW_FACTORS


def measure(split: str, method: str, seed: int, grid: tuple[Any, ...]) -> dict[str, Any]:
    ratings = film_ratings()
    learn, valid, test = splits.three_parts(splits.SPLITS[split], ratings, rng=seed)
    both = np.sort(np.concatenate([learn, valid]))
    ranking = method in methods.RANKING

    def score(rows: Any, held: Any, setting: Any, places: bool = False) -> dict[str, float]:
        if not ranking:
            guess = methods.stars(method, ratings, rows, setting, seed)
            return {"rmse": float(np.sqrt(methods.squared_errors(ratings, guess, held).mean()))}
        users = methods.judged(ratings, rows, held)
        scores = methods.rank(method, ratings, rows, setting, seed)
        found = methods.by_user(ratings, scores, held, users)
        if places:
            user, film = ratings.user[held], ratings.film[held]
            place, others = sampled.places(scores, user, film)
            found["hits_of_all"] = sampled.mean_by_user(place <= 10, user)
            chance = sampled.expected_hits(place, others, 10, 100)
            found["hits_of_100"] = sampled.mean_by_user(chance, user)
        return {name: float(values.mean()) for name, values in found.items()}

    first = "recall" if ranking else "rmse"
    tried = [score(learn, valid, setting)[first] for setting in grid]
    best = grid[int(np.argmax(tried) if ranking else np.argmin(tried))]
    at_random = split == "at random"
    result = score(both, test, best, at_random and method in ("EASE", "ALS"))
    if at_random and grid == methods.RANKING["ALS"] and seed < STARTS:
        larger = (2 * best[0], *best[1:])
        result["larger"] = score(learn, valid, larger)["recall"]
    return {
        "split": split,
        "method": method,
        "seed": seed,
        "validation": [round(value, 4) for value in tried],
        "setting": best,
        **{name: round(value, 4) for name, value in result.items()},
    }


def main() -> int:
    grids = {**methods.RANKING, **methods.STARS}
    before = stored(__file__)
    now = json.loads(json.dumps(grids))
    same = [method for method in grids if before.get("settings", {}).get(method) == now[method]]
    rows = [row for row in before.get("rows", []) if row["method"] in same]
    few = before.get("few", []) if before.get("few_factors") == [*map(list, FEW)] else []
    order = [(split, method) for split in splits.SPLITS for method in grids]
    had = {(row["split"], row["method"], row["seed"]) for row in rows}
    for seed in SEEDS:
        for split in splits.SPLITS:
            for method in grids:
                times = len(SEEDS) if split == "at random" else STARTS if method in LUCKY else 1
                if seed < times and (split, method, seed) not in had:
                    rows.append(measure(split, method, seed, grids[method]))
            rows.sort(key=lambda row: (row["seed"], order.index((row["split"], row["method"]))))
        if seed not in [row["seed"] for row in few]:
            few.append(measure("at random", "ALS", seed, FEW))
        store(__file__, {"settings": grids, "few_factors": FEW, "rows": rows, "few": few})
    return 0


if __name__ == "__main__":
    sys.exit(main())
