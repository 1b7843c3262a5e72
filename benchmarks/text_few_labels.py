"""How many labels are ready word vectors worth? TF-IDF against them on film sentences, 20 draws.

    nice -n 10 python benchmarks/text_few_labels.py [DRAWS]

As in `text_classifiers.py`, with more draws and more test sentences, for the linear ways alone: a
test set of 4,000 and a validation set of 1,000 are drawn once; each draw takes its training
sentences from the rest. All ways are tuned alike, on the validation set.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import numpy as np
from machine import store
from text_classifiers import ARMS, VALIDATION, chosen
from threadpoolctl import threadpool_limits

from bmcourse import datasets, runtime
from bmcourse.recipes.text import paired_gap

TEST, SIZES, WAYS = (
    4_000,
    (50, 100, 200, 400, 800, 1_600),
    ("bag of words", "TF-IDF", "word vectors"),
)


def main() -> None:
    """Train all ways on all draws; store their accuracies, and the gap of the vectors to TF-IDF."""
    runtime.start(0, keras=False)
    draws = int(sys.argv[1]) if sys.argv[1:] else 20
    texts, labels = chosen("rotten_tomatoes")
    order = np.random.default_rng(2002).permutation(len(texts))

    def part(rows: Any) -> tuple[list[str], Any]:
        return [texts[i] for i in rows], labels[rows]

    test, validation = part(order[:TEST]), part(order[TEST : TEST + VALIDATION])
    rows = []
    for size in SIZES:
        right: dict[str, list[Any]] = {way: [] for way in WAYS}
        for draw in range(draws):
            pool = np.random.default_rng(draw).permutation(order[TEST + VALIDATION :])
            for way in WAYS:
                right[way].append(ARMS[way](part(pool[:size]), validation, test, draw))
        gap = paired_gap(right["word vectors"], right["TF-IDF"], rng=0)
        means = {way: [round(float(r.mean()), 4) for r in found] for way, found in right.items()}
        rows.append({"labels": size, "accuracy": means, "gap": dataclasses.asdict(gap)})
        print(size, gap, flush=True)
    about = {"data": datasets.reviews().describe(), "test": TEST, "validation": VALIDATION}
    store(__file__, {**about, "draws": draws, "rows": rows})


if __name__ == "__main__":
    with threadpool_limits(1, "blas"):
        main()
