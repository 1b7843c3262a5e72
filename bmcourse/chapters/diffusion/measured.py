"""What the scripts in ``benchmarks/`` measured, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bmcourse import results

FIELDS = (
    "model",
    "certain",
    "covered",
    "frechet",
    "frechet_error",
    "nearest",
    "processor_seconds",
    "seconds_a_sample",
)


def drawn(**wanted: Any) -> pd.DataFrame:
    """Return the stored rows of `diffusion_samples` that have these values."""
    rows = results.load("diffusion_samples")["rows"]
    return pd.DataFrame([row for row in rows if wanted.items() <= row.items()])


def side_by_side() -> pd.DataFrame:
    """Return a row for each stored model that the judge has seen, the mean of its seeds.

    Any script that stores ``runs`` with these fields takes part, so the table grows with the
    course.
    """
    found = []
    for name in results.names():
        stored = results.load(name).get("runs", [])
        runs = list(stored.values()) if isinstance(stored, Mapping) else stored
        found += [run for run in runs if isinstance(run, Mapping) and run.keys() >= {*FIELDS}]
    table = pd.DataFrame(found)[list(FIELDS)]
    seeds = table.groupby("model").size().rename("seeds")
    together = table.groupby("model").mean().join(seeds)
    return together.sort_values("frechet")
