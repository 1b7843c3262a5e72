"""Load on the served forest of the chapter on the life cycle, with and without micro-batching.

    python benchmarks/service_load.py

Three rounds, in each of them both servers in turn, on the same machine as the customers: 1, 4 and
16 customers, each of whom waits for an answer before asking again. A seed fixes the order of the
houses. Needs fastapi and uvicorn.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from machine import store

from bmcourse.recipes.service import houses, load, server
from bmcourse.recipes.service.forest import Forest

SEEDS = (0, 1, 2)
CUSTOMERS = (1, 4, 16)


def measured(path: Path, later: houses.Sales, expected: Any, most: int, seed: int) -> list[Any]:
    """Return a row for each number of customers."""
    rows = []
    rng = np.random.default_rng([34, seed])
    with server.serving(path, most) as running:
        load.send(running.url, later.rows[:40], 4)
        for clients in CUSTOMERS:
            chosen = rng.permutation(len(later.rows))[: 80 + 20 * clients]
            came = load.send(running.url, [later.rows[i] for i in chosen], clients)
            prices = [answer["price"] for answer in came.answers]
            row: dict[str, Any] = {
                "most": most,
                "customers": clients,
                "seed": seed,
                "requests": len(chosen),
            }
            row |= {f"p{q}_ms": round(1000 * came.percentile(q), 1) for q in (50, 95, 99)}
            row |= {"a_second": round(came.throughput, 1), "lost": came.lost}
            row["equal"] = bool(np.array_equal(prices, expected[chosen]))
            rows.append(row)
    return rows


def main() -> None:
    """Measure and store."""
    sales = houses.load()
    past, later = sales.between(0, 24), sales.between(24, 60)
    forest = Forest.trained(past.rows, past.prices)
    expected, rows = forest.prices(later.rows), []
    with tempfile.TemporaryDirectory() as folder:
        path = forest.save(Path(folder))
        for seed in SEEDS:
            for most in (1, 16):
                rows += measured(path, later, expected, most, seed)
    versions = {name: version(name) for name in ("fastapi", "uvicorn", "httpx")}
    store(__file__, {**versions, "loads": rows})


if __name__ == "__main__":
    main()
