"""Compare ways to classify film sentences, with 200 labels and with 4,000, over draws.

    nice -n 10 python benchmarks/text_classifiers.py [DRAWS]

The 8,530 sentences of Rotten Tomatoes, copies dropped. A test set of 2,000 and a validation set of
1,000 are drawn once; each draw takes its training sentences from the rest. Every arm is tuned on
the validation set: seven strengths for the linear ones, two learning rates and the best of the
epochs for the networks. The article's network runs as printed: 10 epochs, nothing tuned, and with
4,000 labels on one draw only, since it is slow. For each
arm the script stores which test answers are right, as bits, so that they can be compared in pairs.
A second part compares words with pairs of words on 25,000 whole reviews of IMDB, on three splits.
"""

from __future__ import annotations

import base64
import os
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any

os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import keras
import numpy as np
import numpy.typing as npt
from machine import store
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bmcourse import datasets, runtime
from bmcourse.recipes import text as recipes
from bmcourse.text import Vocabulary, distinct, words

TEST, VALIDATION, SIZES, LENGTH = 2_000, 1_000, (200, 4_000), 48
STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
RATES, EPOCHS, PRINTED = (2e-3, 1e-2), 8, 1  # PRINTED: draws of the article's slow network
Answers = npt.NDArray[np.bool_]
Part = tuple[list[str], npt.NDArray[Any]]


def linear(features: Callable[[Part, Part, Part], list[Any]]) -> Callable[..., Answers]:
    """Return an arm: features, then logistic regression with the best strength."""

    def arm(train: Part, validation: Part, test: Part, seed: int) -> Answers:
        X, V, T = features(train, validation, test)
        fits = [LogisticRegression(C=c, max_iter=2000).fit(X, train[1]) for c in STRENGTHS]
        best = max(fits, key=lambda fit: fit.score(V, validation[1]))
        return best.predict(T) == test[1]

    return arm


def counted(vectorizer: Any) -> Callable[[Part, Part, Part], list[Any]]:
    """Return features that are counted by a vectorizer of scikit-learn."""

    def features(*parts: Part) -> list[Any]:
        vectorizer.fit(parts[0][0])
        return [vectorizer.transform(texts) for texts, _ in parts]

    return features


def glove(*parts: Part) -> list[Any]:
    """Return the mean of GloVe's vectors, each number with the spread 1 over the training texts."""
    split = [[tokens(text) for text in texts] for texts, _ in parts]
    means = [recipes.mean_vectors(texts, vectors()) for texts in split]
    centre, spread = means[0].mean(axis=0), means[0].std(axis=0)
    return [(m - centre) / spread for m in means]


@cache
def vectors() -> datasets.WordVectors:
    """Return GloVe's vectors, read once."""
    return datasets.word_vectors()


def numbered(*parts: Part) -> tuple[list[Any], int]:
    """Return the numbers of the words of each part, and how many numbers there are."""
    split = [[words(text.lower()) for text in texts] for texts, _ in parts]
    vocabulary = Vocabulary.count(split[0], max_size=32_000)
    arrays = [np.array([vocabulary.encode(t, LENGTH) for t in texts], np.int32) for texts in split]
    return arrays, len(vocabulary)


def network(build: Callable[[int, int], keras.Model]) -> Callable[..., Answers]:
    """Return an arm: a network, with the best learning rate and epoch."""

    def arm(train: Part, validation: Part, test: Part, seed: int) -> Answers:
        (X, V, T), size = numbered(train, validation, test)
        found = []
        for rate in RATES:
            keras.utils.set_random_seed(seed)
            model = build(LENGTH, size)
            parts = (X, train[1]), (V, validation[1])
            options = {"learning_rate": rate, "epochs": EPOCHS, "batch_size": 64}
            found.append((recipes.fit(model, *parts, **options), model))
        best = max(found, key=lambda pair: pair[0])[1]
        return (best.predict(T, verbose=0, batch_size=500)[:, 0] > 0.5) == test[1]

    return arm


def printed(train: Part, validation: Part, test: Part, seed: int) -> Answers:
    """Train the article's network as it is printed; nothing is tuned."""
    (X, _, T), size = numbered(train, validation, test)
    keras.utils.set_random_seed(seed)
    model = recipes.as_printed(LENGTH, size)
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    model.fit([X, X, X], train[1], batch_size=32, epochs=10, verbose=0)
    return (model.predict([T, T, T], verbose=0, batch_size=500)[:, 0] > 0.5) == test[1]


def tokens(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return words(text.lower())


OPTIONS = {"tokenizer": tokens, "token_pattern": None, "lowercase": False}
ARMS: dict[str, Callable[..., Answers]] = {
    "bag of words": linear(counted(CountVectorizer(binary=True, **OPTIONS))),
    "TF-IDF": linear(counted(TfidfVectorizer(sublinear_tf=True, **OPTIONS))),
    "TF-IDF, pairs too": linear(
        counted(TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), **OPTIONS))
    ),
    "word vectors": linear(glove),
    "embedding, mean": network(recipes.mean_of_embeddings),
    "Conv1D, as printed": printed,
    "Conv1D, mended": network(recipes.convolution),
}


def packed(right: Answers) -> str:
    """Return right and wrong answers as text, one bit each."""
    return base64.b64encode(np.packbits(right).tobytes()).decode()


def pairs_of_words() -> list[dict[str, Any]]:
    """Compare single words with words and pairs on whole reviews; three splits."""
    texts, labels = chosen("imdb")
    rows = []
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(texts))
        cuts = np.split(order, [15_000, 17_000, 22_000])[:3]
        train, validation, test = (([texts[i] for i in cut], labels[cut]) for cut in cuts)
        row: dict[str, Any] = {"seed": seed}
        for name, longest in (("words", 1), ("pairs", 2)):
            vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=3, ngram_range=(1, longest))
            X, V, T = counted(vectorizer)(train, validation, test)
            fits = [LogisticRegression(C=c, max_iter=500).fit(X, train[1]) for c in (3, 10, 30)]
            best = max(fits, key=lambda fit: fit.score(V, validation[1]))
            row[name] = packed(best.predict(T) == test[1])
        rows.append({**row, "test": len(test[1])})
        print(seed, "pairs", flush=True)
    return rows


def chosen(source: str) -> Part:
    """Return the reviews of one source, copies dropped."""
    full = datasets.reviews()
    rows = np.flatnonzero(full.groups == full.group_names.index(source))
    texts, labels = [full.texts[i] for i in rows], full.labels[rows]
    kept = distinct(texts, labels)
    return [texts[i] for i in kept], labels[kept].astype(int)


def main() -> None:
    """Run all arms on all draws, and store what was right."""
    runtime.start(0)
    draws = int(sys.argv[1]) if sys.argv[1:] else 5
    texts, labels = chosen("rotten_tomatoes")
    order = np.random.default_rng(2002).permutation(len(texts))

    def part(rows: npt.NDArray[Any]) -> Part:
        return [texts[i] for i in rows], labels[rows]

    test, validation = part(order[:TEST]), part(order[TEST : TEST + VALIDATION])
    about = {"data": datasets.reviews().describe(), "sentences": len(texts), "test": TEST}
    about |= {"validation": VALIDATION, "sizes": SIZES, "draws": draws, "strengths": STRENGTHS}
    about |= {"rates": RATES, "epochs": EPOCHS}
    reviews = pairs_of_words()
    plan = [(d, n, arm) for d in range(draws) for n in SIZES for arm in ARMS]
    slow = [(d, SIZES[-1], "Conv1D, as printed") for d in range(draws)]
    runs: list[dict[str, Any]] = []
    for draw, size, arm in [row for row in plan if row not in slow] + slow[:PRINTED]:
        pool = np.random.default_rng(draw).permutation(order[TEST + VALIDATION :])
        begun = time.process_time()
        right = ARMS[arm](part(pool[:size]), validation, test, draw)
        seconds = round(time.process_time() - begun, 1)
        accuracy = round(float(right.mean()), 4)
        print(draw, size, arm, accuracy, seconds, flush=True)
        run = {"draw": draw, "labels": size, "arm": arm, "accuracy": accuracy}
        runs.append({**run, "seconds": seconds, "right": packed(right)})
        keras.backend.clear_session()
        store(__file__, {**about, "runs": runs, "pairs_of_words": reviews})


if __name__ == "__main__":
    main()
