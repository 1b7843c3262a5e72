"""What a late label costs, and what it seems to cost if one pretends: forests on a turbines' log.

    python benchmarks/late_labels.py

From the 32nd day on a random forest is trained again every six hours on the rows whose labels are
known then, and scores the rows of the next six hours. A delay of -6 hours pretends that the label
of each earlier row is known at once, though it asks for the six hours after it. Other delays: 0, 3
and 7 days. No row is scored by a model that learned from it.

One thread; a row that is stored is not measured again.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from machine import store, stored
from sklearn.ensemble import RandomForestClassifier

from bmcourse import metrics
from bmcourse.recipes.alarms import late_labels, turbines

SEEDS = (0, 1, 2)
HORIZON, STEP, BEGIN = 6.0, 6.0, turbines.FIRST
DELAYS = (-HORIZON, 0.0, 72.0, 168.0)
TREES, LEAF = 25, 5


def forest(seed: int) -> Callable[[Any, Any], Callable[[Any], Any]]:
    def train(x: Any, y: Any) -> Callable[[Any], Any]:
        model = RandomForestClassifier(TREES, min_samples_leaf=LEAF, random_state=seed).fit(x, y)
        return lambda rows: model.predict_proba(rows)[:, 1]

    return train


def measure(seed: int, delay: float) -> dict[str, Any]:
    table = turbines.rows(turbines.read(), HORIZON)
    x, y, at = table.iloc[:, 4:].to_numpy(float), table["label"].to_numpy(), table["at"].to_numpy()
    start = time.perf_counter()
    scores = late_labels.replay(
        forest(seed), x, y, at, begin=BEGIN, step=STEP, horizon=HORIZON, delay=delay
    )
    scored = ~np.isnan(scores)
    return {
        "seed": seed,
        "delay": delay,
        "rows": int(scored.sum()),
        "auc": round(metrics.roc_auc_score(y[scored], scores[scored].round(6)), 4),
        "seconds": round(time.perf_counter() - start, 1),
    }


if __name__ == "__main__":
    rows = stored(__file__).get("rows", [])
    done = {(row["seed"], row["delay"]) for row in rows}
    for seed in SEEDS:
        for delay in DELAYS:
            if (seed, delay) not in done:
                rows.append(measure(seed, delay))
                settings = {"trees": TREES, "leaf": LEAF, "step": STEP, "begin": BEGIN}
                store(__file__, {"horizon": HORIZON, **settings, "rows": rows})
