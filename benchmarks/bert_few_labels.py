"""How many labels does unlabelled text save? Ways to judge film sentences, five paired draws.

    nice python benchmarks/bert_few_labels.py

Needs the weights that `bert_reviews.py` stored. A test set of 2,000 sentences and a validation set
of 1,000 are drawn once; each draw takes its training sentences from the rest, and every way gets
the same ones. All ways are tuned alike, for each draw on the validation sentences: seven strengths
for the ways that end in a logistic regression, three learning rates for the two networks, which
differ in their first weights only. One thread, some 40 minutes of processor time; stored after each
size, and taken up there when it is called again.

A second part learns vectors by finding the passage that goes on with a passage, from two starts
and over three seeds each.
"""

from __future__ import annotations

import base64
import os
import time
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import numpy.typing as npt
from bert_reviews import BLOCKS, FEATURES, HEADS, VOCABULARY
from machine import store, store_weights, stored
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from bmcourse import datasets, results, weights
from bmcourse.recipes.language import bert, masked, passages
from bmcourse.recipes.language.film_text import FilmText, film_text
from bmcourse.recipes.language.sentence_encoder import SentenceEncoder
from bmcourse.recipes.text import mean_vectors
from bmcourse.text import BytePairTokenizer, words

SIZES, DRAWS, BATCH, LENGTH = (50, 200, 1_000, 2_000), 5, 16, 48
EPOCHS = {50: 20, 200: 10, 1_000: 4, 2_000: 3}
RATES = (3e-4, 1e-3, 3e-3)
STRENGTHS = {
    "TF-IDF": (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
    "dense": (3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1),
}
STEPS = 2_000
SEEDS = (0, 1, 2)
Array = npt.NDArray[Any]


def tokenizer() -> BytePairTokenizer:
    """Return the vocabulary that `bert_reviews.py` learned."""
    merges = results.load("bert_reviews")["merges"]
    return BytePairTokenizer(tuple(map(int, pair.split())) for pair in merges)


def packed(right: Array) -> str:
    """Return which test answers are right, as bits in text."""
    return base64.b64encode(np.packbits(right).tobytes()).decode()


class Fitted(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises over a tenth of the steps and falls in a line; both can be set anew."""

    def __init__(self) -> None:
        self.peak = keras.Variable(1e-3, trainable=False)
        self.steps = keras.Variable(1.0, trainable=False)

    def __call__(self, step: Any) -> Any:
        """Return the rate of a step."""
        done = keras.ops.cast(step, "float32") / self.steps
        return self.peak * keras.ops.clip(keras.ops.minimum(10 * done, 1 - done), 0, 1)

    def get_config(self) -> dict[str, Any]:
        """Return nothing: it is never stored."""
        return {}


class Network:
    """BERT with one logit, compiled once and started anew for each training."""

    def __init__(self, films: FilmText, ids: Array) -> None:
        self.films, self.ids = films, ids
        self.body = bert.encoder(
            vocabulary=VOCABULARY, features=FEATURES, blocks=BLOCKS, heads=HEADS, dropout=0.1
        )
        self.model, self.rate = bert.classifier(self.body), Fitted()
        optimizer = keras.optimizers.AdamW(self.rate, weight_decay=0.01, global_clipnorm=1.0)
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        self.model.compile(optimizer=optimizer, loss=loss, jit_compile=True)
        optimizer.build(self.model.trainable_variables)
        self.fresh = [np.array(v) for v in optimizer.variables]
        self.pretrained = weights.load("bert_reviews")

    def start(self, pretrained: bool, seed: int) -> None:
        """Set first weights and an optimizer without memory."""
        keras.utils.set_random_seed(seed)
        body = bert.encoder(vocabulary=VOCABULARY, features=FEATURES, blocks=BLOCKS, heads=HEADS)
        self.body.set_weights(body.get_weights())
        if pretrained:
            for weight in self.body.weights:
                weight.assign(self.pretrained[weight.path])
        for name in self.model.get_layer("label").weights:
            name.assign(np.zeros(name.shape))
        for variable, value in zip(self.model.optimizer.variables, self.fresh, strict=True):
            variable.assign(value)

    def right(self, rows: Array, rate: float, seed: int, pretrained: bool) -> tuple[float, Array]:
        """Train on some sentences; return the validation accuracy, and which answers are right."""
        self.start(pretrained, seed)
        epochs, labels = EPOCHS[len(rows)], self.films.labels
        self.rate.peak.assign(rate)
        self.rate.steps.assign(epochs * (len(rows) // BATCH))
        dice = np.random.default_rng(seed)
        for _ in range(epochs):
            order = dice.permutation(rows)
            for start in range(0, len(rows) - BATCH + 1, BATCH):
                batch = order[start : start + BATCH]
                x = self.ids[batch]
                self.model.train_on_batch([x, 0 * x], labels[batch, np.newaxis].astype(np.float32))
        validation, test = (self.answers(part) for part in (self.films.validation, self.films.test))
        return float(validation.mean()), test

    def answers(self, rows: Array) -> Array:
        """Return which answers are right."""
        found = self.model.predict([self.ids[rows], 0 * self.ids[rows]], batch_size=100, verbose=0)
        return (found[:, 0] > 0) == self.films.labels[rows]


def frozen(films: FilmText, table: Array) -> tuple[dict[str, Array], Array]:
    """Return the features of the ways that do not change them, by name, and all ids."""
    pieces = tokenizer()
    ids, segments = masked.padded(films.sentences, pieces.encode, LENGTH)
    body = bert.encoder(vocabulary=VOCABULARY, features=FEATURES, blocks=BLOCKS, heads=HEADS)
    for weight in body.weights:
        weight.assign(weights.load("bert_reviews")[weight.path])
    vectors = np.concatenate(
        [
            body.predict_on_batch([ids[i : i + 100], segments[i : i + 100]])
            for i in range(0, len(ids), 100)
        ]
    )
    real = (ids != bert.PADDING)[..., np.newaxis]
    glove = mean_vectors([words(text) for text in films.sentences], datasets.word_vectors())
    encoder = SentenceEncoder.from_archive(datasets.minilm().content)
    return {
        "word vectors": glove,
        "BERT, frozen": (vectors * real).sum(axis=1) / real.sum(axis=1),
        "vectors of passages": means(ids, table),
        "MiniLM, frozen": encoder.encode(films.sentences),
    }, ids


def means(ids: Array, table: Array) -> Array:
    """Return the mean vector of each sentence, over its ids that are not special."""
    real = (ids >= bert.SPECIALS)[..., np.newaxis]
    return (table[ids] * real).sum(axis=1) / np.maximum(real.sum(axis=1), 1)


def dense(features: Array, films: FilmText, rows: Array) -> Array:
    """Return which answers of a logistic regression on given features are right."""
    centre, spread = features[rows].mean(axis=0), features[rows].std(axis=0) + 1e-8
    scaled = (features - centre) / spread
    return regression(scaled, films, rows, STRENGTHS["dense"])


def tf_idf(films: FilmText, rows: Array) -> Array:
    """Return which answers are right, from weighted words."""
    vectorizer = TfidfVectorizer().fit([films.sentences[row] for row in rows])
    return regression(vectorizer.transform(films.sentences), films, rows, STRENGTHS["TF-IDF"])


def regression(x: Any, films: FilmText, rows: Array, strengths: tuple[float, ...]) -> Array:
    """Fit with each strength; return the test answers of the best on validation sentences."""
    y, validation = films.labels, films.validation
    fits = [LogisticRegression(C=c, max_iter=3000).fit(x[rows], y[rows]) for c in strengths]
    best = max(fits, key=lambda fit: fit.score(x[validation], y[validation]))
    return best.predict(x[films.test]) == y[films.test]


def vectors_of_passages(films: FilmText) -> tuple[list[dict[str, Any]], Array]:
    """Learn them from two starts, three seeds each; return what came out, and the first table."""
    corpus = masked.Corpus.of(films.training, tokenizer().encode)
    ids, _ = masked.padded(films.sentences, tokenizer().encode, LENGTH)
    near = passages.near(corpus.ids, VOCABULARY, FEATURES)
    near *= 0.3 / near.std()
    rows, first = [], near
    for start, rate in (("near", 1e-3), ("chance", 3e-3)):
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            chance = rng.normal(0, 0.3, near.shape).astype(np.float32)
            table, begin = (near.copy() if start == "near" else chance), time.process_time()
            before = validated(means(ids, table), films)
            found = passages.train(table, corpus, STEPS, rate=rate, rng=rng)
            row = {
                "start": start,
                "seed": seed,
                "seconds": round(time.process_time() - begin, 1),
                "found": round(float(np.mean([right for _, right in found[-100:]])), 4),
                "validation": [before, validated(means(ids, table), films)],
            }
            rows.append(row)
            print(row, flush=True)
            if start == "near" and seed == 0:
                first = table
    return rows, first


def validated(features: Array, films: FilmText) -> float:
    """Return the mean accuracy on the validation sentences with 200 labels, over five draws."""
    scores = []
    for draw in range(DRAWS):
        rows = np.random.default_rng(draw).permutation(films.pool)[:200]
        x = (features - features[rows].mean(axis=0)) / (features[rows].std(axis=0) + 1e-8)
        fit = LogisticRegression(C=0.01, max_iter=3000).fit(x[rows], films.labels[rows])
        scores.append(fit.score(x[films.validation], films.labels[films.validation]))
    return round(float(np.mean(scores)), 4)


def main() -> None:
    """Learn the vectors, then train all ways on all draws; store after each size."""
    films, result = film_text(datasets.reviews()), stored(__file__)
    if "passages" not in result:
        rows, table = vectors_of_passages(films)
        text = f"vectors of {VOCABULARY} ids, by which a passage finds the next"
        store_weights(__file__, {"table": table}, seed=0, network=text)
        result = {"passages": rows, "rows": []}
    table = weights.load("bert_few_labels")["table"].astype(np.float32)
    features, ids = frozen(films, table)
    network = Network(films, ids)
    about = {
        "data": datasets.reviews().describe(),
        "test": len(films.test),
        "validation": len(films.validation),
        "rates": RATES,
        "epochs": {str(size): epochs for size, epochs in EPOCHS.items()},
    }
    for size in SIZES:
        if any(row["labels"] == size for row in result["rows"]):
            continue
        right: dict[str, list[str]] = {}
        chosen: dict[str, list[float]] = {}
        start = time.process_time()
        for draw in range(DRAWS):
            rows = np.random.default_rng(draw).permutation(films.pool)[:size]
            found = {"TF-IDF": tf_idf(films, rows)}
            found |= {way: dense(values, films, rows) for way, values in features.items()}
            for way, pretrained in (("from scratch", False), ("BERT, fine-tuned", True)):
                tries = {rate: network.right(rows, rate, draw, pretrained) for rate in RATES}
                best = max(tries, key=lambda rate: tries[rate][0])
                chosen.setdefault(way, []).append(best)
                found[way] = tries[best][1]
            for way, answers in found.items():
                right.setdefault(way, []).append(packed(answers))
            print(size, draw, {way: round(a.mean(), 3) for way, a in found.items()}, flush=True)
        seconds = round(time.process_time() - start)
        row = {"labels": size, "seconds": seconds, "chosen rates": chosen, "right": right}
        result["rows"].append(row)
        store(__file__, {**about, "passages": result["passages"], "rows": result["rows"]})


if __name__ == "__main__":
    with threadpool_limits(1, "blas"):
        main()
