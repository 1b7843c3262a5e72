"""Measure where recurrence pays: TF-IDF, Conv1D and LSTM on three tasks with Jane Austen's words.

    python benchmarks/order_of_words.py                  # all methods
    python benchmarks/order_of_words.py "LSTM, largest"  # one more beside those that are stored

The examples are passages of 24 words. Three tasks: which of the six novels a passage is from;
whether its words stand forwards or backwards; and which of two marker words, put in at random
places away from the ends and from each other, comes first. Training passages come from the first
70 % of each novel, those for validation from the next 10 %, those for the test from the last 20 %.
Each method chooses its setting on the validation passages of seed 100: TF-IDF among 3 values of C,
each network among 3 learning rates. Then 3 seeds: each draws its own training passages and first
weights, the same for all methods, and the validation passages choose the epoch. All methods answer
the same test passages. An interval is a bootstrap over seeds and test passages together. All on one
thread; seconds are the processor's.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", TF_NUM_INTRAOP_THREADS="1")
os.environ["TF_NUM_INTEROP_THREADS"] = "1"

import numpy as np
import numpy.typing as npt
from machine import store, stored

from bmcourse import datasets, runtime, text

Array = npt.NDArray[Any]
LENGTH, WORDS, UNITS, BATCH, EPOCHS = 24, 5_000, 64, 64, 5
TRAIN, VALIDATION, TEST = 4_800, 1_200, 2_400
SEEDS, TUNING_SEED = range(3), 100
RATES, STRENGTHS = (0.001, 0.003, 0.01), (1.0, 10.0, 100.0)
METHODS = ("TF-IDF, words", "TF-IDF, words and pairs", "Conv1D", "LSTM", "LSTM, largest")
TASKS = ("which novel", "forwards or backwards", "which marker first")
FIRST, SECOND = WORDS, WORDS + 1  # the markers' numbers
Split = tuple[Array, Array]


def passages() -> dict[str, Split]:
    """Return the passages of each part as numbers of words, and the novel of each."""
    novels = [text.words(text.clean(book)) for book in datasets.novels().texts.values()]
    cuts = {"train": (0.0, 0.7), "validation": (0.7, 0.8), "test": (0.8, 1.0)}
    known = [book[: int(0.7 * len(book))] for book in novels]
    vocabulary = text.Vocabulary.count(known, max_size=WORDS)
    parts = {}
    for name, (low, high) in cuts.items():
        rows, labels = [], []
        for novel, book in enumerate(novels):
            piece = book[int(low * len(book)) : int(high * len(book))]
            ids = np.array(vocabulary.encode(piece))
            blocks = ids[: len(ids) // LENGTH * LENGTH].reshape(-1, LENGTH)
            rows.append(blocks)
            labels.append(np.full(len(blocks), novel))
        parts[name] = np.concatenate(rows), np.concatenate(labels)
    return parts


def examples(task: str, part: Split, n: int, rng: np.random.Generator) -> Split:
    """Draw n passages, the same number of each novel, and make a task of them."""
    rows, novels = part
    share = n // 6
    chosen = [rng.choice(np.flatnonzero(novels == k), share, replace=False) for k in range(6)]
    order = rng.permutation(np.concatenate(chosen))
    x, y = rows[order].copy(), novels[order]
    if task == "which novel":
        return x, y
    y = rng.integers(0, 2, len(x))
    if task == "forwards or backwards":
        x[y == 1] = x[y == 1, ::-1]
        return x, y
    # Away from the ends, where a convolution's window would tell the place, and from each other.
    places = rng.integers([[4], [LENGTH - 9]], [[9], [LENGTH - 4]], (2, len(x)))
    lines = np.arange(len(x))
    x[lines, places[0]] = np.where(y == 0, FIRST, SECOND)
    x[lines, places[1]] = np.where(y == 0, SECOND, FIRST)
    return x, y


def tf_idf(pairs: bool, strength: float, train: Split, parts: list[Split]) -> list[Array]:
    """Return the answers of a logistic regression on TF-IDF for each part."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    def lines(x: Array) -> list[str]:
        return [" ".join(f"w{word}" for word in row) for row in x]

    vectors = TfidfVectorizer(ngram_range=(1, 1 + pairs), sublinear_tf=True)
    model = LogisticRegression(C=strength, max_iter=300)
    model.fit(vectors.fit_transform(lines(train[0])), train[1])
    return [model.predict(vectors.transform(lines(x))) for x, _ in parts]


def network(method: str, classes: int, rate: float, seed: int) -> Any:
    """Return an untrained Keras network: embedding, one layer that reads, and a dense layer."""
    import keras

    keras.utils.set_random_seed(seed)
    reading = {
        "LSTM": [keras.layers.LSTM(UNITS)],  # its last state
        "LSTM, largest": [  # the largest of each unit's states
            keras.layers.LSTM(UNITS, return_sequences=True),
            keras.layers.GlobalMaxPooling1D(),
        ],
        "Conv1D": [
            keras.layers.Conv1D(UNITS, 5, activation="relu"),
            keras.layers.GlobalMaxPooling1D(),
        ],
    }
    layers = [
        keras.Input((LENGTH,), dtype="int32"),
        keras.layers.Embedding(WORDS + 2, UNITS),
        *reading[method],
        keras.layers.Dropout(0.3),
        keras.layers.Dense(classes),
    ]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0), loss)
    return model


def trained(
    method: str, setting: float, train: Split, parts: list[Split], seed: int
) -> tuple[list[Array], list[list[float]]]:
    """Return the answers for each part; the first part chooses the epoch.

    And for each epoch: the processor's seconds so far, and the share right of each part.
    """
    start = time.process_time()
    if method.startswith("TF-IDF"):
        answers = tf_idf("pairs" in method, setting, train, parts)
        return answers, [[time.process_time() - start, *shares(answers, parts)]]
    model = network(method, int(train[1].max()) + 1, setting, seed)
    best, kept, spent = -1.0, [], 0.0
    history = []
    for _ in range(EPOCHS):
        start = time.process_time()
        model.fit(*train, batch_size=BATCH, epochs=1, verbose=0)
        spent += time.process_time() - start
        answers = [model.predict(x, batch_size=600, verbose=0).argmax(axis=1) for x, _ in parts]
        history.append([spent, *shares(answers, parts)])
        if history[-1][1] > best:
            best, kept = history[-1][1], answers
    return kept, history


def shares(answers: list[Array], parts: list[Split]) -> list[float]:
    """Return the share of right answers in each part."""
    return [round(float(np.mean(a == y)), 4) for a, (_, y) in zip(answers, parts, strict=True)]


def choose(method: str, train: Split, validation: Split) -> float:
    """Return the setting with the most right answers on the validation passages."""
    settings = STRENGTHS if method.startswith("TF-IDF") else RATES
    scores = []
    for setting in settings:
        (answers,), _ = trained(method, setting, train, [validation], TUNING_SEED)
        scores.append(float(np.mean(answers == validation[1])))
    return settings[int(np.argmax(scores))]


def interval(gain: Array, rng: np.random.Generator) -> list[float]:
    """Return a 95 % interval of the mean gain, of shape (seeds, passages), by bootstrap."""
    means = []
    for _ in range(2_000):
        seeds = rng.integers(0, len(gain), len(gain))
        rows = rng.integers(0, gain.shape[1], gain.shape[1])
        means.append(gain[seeds][:, rows].mean())
    return [round(float(edge), 4) for edge in np.quantile(means, [0.025, 0.975])]


def measure(task: str, parts: dict[str, Split], methods: Sequence[str]) -> dict[str, Any]:
    """Tune all methods on one task, run the seeds, and compare the LSTM with the others."""
    fixed = np.random.default_rng(1)
    validation = examples(task, parts["validation"], VALIDATION, fixed)
    test = examples(task, parts["test"], TEST, fixed)
    tuning = examples(task, parts["train"], TRAIN, np.random.default_rng(TUNING_SEED))
    found: dict[str, Any] = {}
    right: dict[str, Array] = {}
    for method in methods:
        setting = choose(method, tuning, validation)
        rows, histories = [], []
        for seed in SEEDS:
            train = examples(task, parts["train"], TRAIN, np.random.default_rng(seed))
            answers, history = trained(method, setting, train, [validation, test], seed)
            rows.append(answers[1] == test[1])
            histories.append([[round(epoch[0], 2), *epoch[1:]] for epoch in history])
        right[method] = np.array(rows)
        found[method] = {
            "setting": setting,
            "accuracy": [round(float(row.mean()), 4) for row in rows],
            "seconds": round(float(np.median([history[-1][0] for history in histories])), 2),
            "epochs": histories,
        }
        print(
            task, method, setting, found[method]["accuracy"], found[method]["seconds"], flush=True
        )
    rng = np.random.default_rng(2)
    for method in methods if "LSTM" in methods else ():
        gain = right["LSTM"].astype(float) - right[method]
        found[method]["lstm_gains"] = [round(float(gain.mean()), 4), *interval(gain, rng)]
    return found


def main() -> int:
    """Measure the three tasks and store what came out."""
    runtime.start(0)
    parts = passages()
    about: dict[str, Any] = {
        "train": TRAIN,
        "validation": VALIDATION,
        "test": TEST,
        "words": LENGTH,
    }
    about |= {"epochs": EPOCHS, "seeds": list(SEEDS)}
    tasks: dict[str, Any] = stored(__file__)["tasks"] if sys.argv[1:] else {}
    for task in TASKS:
        tasks[task] = tasks.get(task, {}) | measure(task, parts, sys.argv[1:] or METHODS)
        store(__file__, about | {"tasks": tasks})
    return 0


if __name__ == "__main__":
    sys.exit(main())
