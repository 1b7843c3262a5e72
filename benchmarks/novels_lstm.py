"""Train the NumPy LSTM on Jane Austen's novels, character by character, beside n-gram models.

    python benchmarks/novels_lstm.py

Three seeds, 6,000 steps of 16 windows of 64 characters: about 1.7 readings of the training text.
The learning rate is chosen among three by 1,000 steps of another seed on the validation text, as is
the order of the n-gram model among 3 to 8. The test text is cut into windows of 256 characters.
Each is read from an empty state, and its last 192 characters count. The n-gram models see the same
characters. Stores the weights of seed 0.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from machine import store, store_weights

from bmcourse import nn, runtime
from bmcourse.chapters.recurrent_networks import novels
from bmcourse.text import NGramModel

SEEDS, TUNING_SEED = (0, 1, 2), 100
STEPS, TUNING_STEPS, RATES, ORDERS = 6_000, 1_000, (0.003, 0.01, 0.03), range(3, 9)
LENGTH, SKIP = 256, 64


def judged(model: nn.Sequential, text: np.ndarray) -> np.ndarray:
    """Return the mean bits of each window's counted characters, shape (windows,)."""
    pieces = np.array_split(text, max(1, len(text) // 64))
    return np.concatenate([novels.bits_of(model, piece, SKIP).mean(axis=1) for piece in pieces])


def cut(ids: np.ndarray) -> np.ndarray:
    """Return all windows of a text, side by side."""
    starts = np.arange(0, len(ids) - LENGTH - 1, LENGTH)
    return novels.windows(ids, LENGTH, starts)


def n_gram(order: int, symbols: int, train: np.ndarray, text: np.ndarray) -> np.ndarray:
    """Return the same for an n-gram model; no context crosses a window's start."""
    model = NGramModel(order, symbols).fit(train)
    found = [-np.log2(model.probabilities(row))[1 + SKIP :].mean() for row in text]
    return np.array(found)


def interval(gaps: np.ndarray) -> list[float]:
    """Return mean and 95 % interval of gaps (seeds, windows), by bootstrap over both."""
    rng = np.random.default_rng(0)
    means = []
    for _ in range(2_000):
        seeds, rows = (rng.integers(0, n, n) for n in gaps.shape)
        means.append(gaps[seeds][:, rows].mean())
    return [round(float(v), 4) for v in (gaps.mean(), *np.quantile(means, [0.025, 0.975]))]


def main() -> int:
    """Tune, train, judge and store."""
    runtime.start(0, keras=False)
    data = novels.characters()
    symbols = len(data.alphabet)
    validation, test = cut(data.validation), cut(data.test)
    tuning: dict[str, Any] = {"rates": {}, "orders": {}}
    for rate in RATES:
        model = novels.network(symbols, TUNING_SEED)
        novels.train(model, data.train, TUNING_STEPS, TUNING_SEED, rate=rate)
        tuning["rates"][str(rate)] = round(float(judged(model, validation).mean()), 4)
        print(rate, tuning["rates"], flush=True)
    rate = min(RATES, key=lambda r: tuning["rates"][str(r)])
    for order in ORDERS:
        bits = n_gram(order, symbols, data.train, validation)
        tuning["orders"][str(order)] = round(float(bits.mean()), 4)
    print(tuning, flush=True)
    order = min(ORDERS, key=lambda n: tuning["orders"][str(n)])
    rows, seconds, curves = [], [], []
    for seed in SEEDS:
        model = novels.network(symbols, seed)
        start = time.process_time()
        losses = novels.train(model, data.train, STEPS, seed, rate=rate)
        seconds.append(round(time.process_time() - start, 1))
        curves.append([round(float(np.mean(part)), 3) for part in np.split(np.array(losses), 60)])
        rows.append(judged(model, test))
        print(seed, rows[-1].mean(), seconds[-1], flush=True)
        if seed == 0:
            network = f"character LSTM of {novels.UNITS} units, for Jane Austen's novels"
            store_weights(__file__, model.params, seed=seed, network=network)
    ladder = {n: n_gram(n, symbols, data.train, test) for n in sorted({1, 2, 3, 5, order})}
    result = {
        "characters": {"train": len(data.train), "test": int(test[:, 1 + SKIP :].size)},
        "steps": STEPS,
        "read": STEPS * 16 * 64,
        "rate": rate,
        "order": order,
        "tuning": tuning,
        "bits": [round(float(row.mean()), 4) for row in rows],
        "cpu_seconds": seconds,
        "curves": curves,
        "n_gram_bits": {str(n): round(float(bits.mean()), 4) for n, bits in ladder.items()},
        "lstm_minus_n_gram": interval(np.array(rows) - ladder[order]),
        "lstm_minus_3_gram": interval(np.array(rows) - ladder[3]),
    }
    store(__file__, result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
