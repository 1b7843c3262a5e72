"""Compare RNN and LSTM on a task with a long memory, each tuned alike, five seeds.

    python benchmarks/long_memory.py

One of the first 10 of 50 numbers is marked, and the network gives it back at the end. Both networks
have 32 units, clip at 1 and take 1,500 updates of 32 new sequences. The RNN chooses among four
learning rates, the LSTM among three for each of three first biases of the forget gate, by two other
seeds on validation sequences. The RNN runs again with four times the updates, its rate chosen anew.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from machine import store

from bmcourse import runtime
from bmcourse.chapters.recurrent_networks import memory

STEPS, UPDATES, LONGER = 50, 1_500, 6_000
SEEDS, TUNING_SEEDS = range(5), (100, 101)
RNN_RATES, LSTM_RATES, BIASES = (0.0003, 0.001, 0.003, 0.01), (0.001, 0.003, 0.01), (1.0, 3.0, 5.0)


def run(kind: str, rate: float, seed: int, bias: float | None, updates: int) -> tuple[float, float]:
    """Train once; return what is forgotten, and the seconds."""
    model = memory.network(kind, seed, bias)
    start = time.process_time()
    memory.train(model, STEPS, updates, seed, rate=rate)
    spent = time.process_time() - start
    return round(memory.forgotten(model, STEPS, 10_000 + seed), 4), spent


def measure(
    kind: str, rates: tuple[float, ...], bias: float | None, updates: int = UPDATES
) -> dict[str, Any]:
    """Choose the rate by the tuning seeds, and run the five seeds."""
    tuning = {
        rate: [run(kind, rate, seed, bias, updates)[0] for seed in TUNING_SEEDS] for rate in rates
    }
    rate = min(rates, key=lambda r: float(np.mean(tuning[r])))
    runs = [run(kind, rate, seed, bias, updates) for seed in SEEDS]
    found: dict[str, Any] = {"kind": kind, "bias": bias, "updates": updates, "rate": rate}
    found |= {"tuning": {str(r): scores for r, scores in tuning.items()}}
    found |= {"forgotten": [score for score, _ in runs]}
    found["cpu_seconds"] = round(float(np.median([spent for _, spent in runs])), 2)
    print(found, flush=True)
    return found


def main() -> int:
    """Measure all and store."""
    runtime.start(0, keras=False)
    rows = [measure("RNN", RNN_RATES, None)]
    rows += [measure("LSTM", LSTM_RATES, bias) for bias in BIASES]
    rows.append(measure("RNN", RNN_RATES, None, LONGER))
    store(__file__, {"steps": STEPS, "seeds": list(SEEDS), "rows": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
