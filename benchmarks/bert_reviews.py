"""Pre-train a small BERT on 24,403 film reviews, without their labels.

    nice python benchmarks/bert_reviews.py

Pairs of passages of 30 ids, half of them neighbours in one review, the others from two reviews;
16 of the 61 ids of a pair are hidden. One thread, some 45 minutes of processor time. After each
1,500 steps the network is judged on 1,024 pairs of the 499 held-out reviews, and stored; a run that
is cut off goes on from there. Weights and vocabulary travel with the course.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from machine import store, store_weights, write

from bmcourse import datasets
from bmcourse.recipes.language import bert, masked
from bmcourse.recipes.language.film_text import film_text
from bmcourse.text import BytePairTokenizer

VOCABULARY, FEATURES, BLOCKS, HEADS = 4_096, 128, 3, 4
LENGTH, MASKED, BATCH, RATE, STEPS, EVERY = 64, 16, 16, 2e-3, 30_000, 1_500
READ, JUDGED = 8_000, 1_024  # reviews that the vocabulary is learned from; held-out pairs
SEEDS = (0,)


def compiled() -> keras.Model:
    """Return the untrained network with its optimizer: warm-up, then a fall along a cosine."""
    body = bert.encoder(vocabulary=VOCABULARY, features=FEATURES, blocks=BLOCKS, heads=HEADS)
    model = bert.pretraining(body)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, STEPS - STEPS // 20, alpha=0.05, warmup_target=RATE, warmup_steps=STEPS // 20
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(
            schedule, weight_decay=0.1, beta_2=0.99, global_clipnorm=1.0
        ),
        loss={
            "masked": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "next": keras.losses.BinaryCrossentropy(from_logits=True),
        },
        jit_compile=True,
    )
    return model


def judged(model: keras.Model, held_out: masked.Corpus) -> dict[str, float]:
    """Return what share of hidden ids and of neighbours it finds, and the loss in nats."""
    rng = np.random.default_rng(99)
    ids, segments, follows = held_out.pairs(JUDGED, LENGTH, rng)
    seen, places, targets = masked.hide(ids, MASKED, VOCABULARY, rng)
    right, nats, neighbours = [], [], []
    for rows in np.split(np.arange(JUDGED), JUDGED // 128):
        found = model.predict_on_batch([seen[rows], segments[rows], places[rows]])
        logits, wanted = found["masked"].astype(float), targets[rows]
        logits -= logits.max(axis=-1, keepdims=True)
        chosen = np.take_along_axis(logits, wanted[..., np.newaxis], -1)[..., 0]
        right.append((logits.argmax(axis=-1) == wanted).mean())
        nats.append((np.log(np.exp(logits).sum(axis=-1)) - chosen).mean())
        neighbours.append(((found["next"][:, 0] > 0) == follows[rows]).mean())
    scores = {"masked": right, "nats": nats, "next": neighbours}
    return {name: round(float(np.mean(values)), 4) for name, values in scores.items()}


def train(corpus: masked.Corpus, held_out: masked.Corpus) -> tuple[keras.Model, dict[str, Any]]:
    """Train, or go on with a training; return the network and what was measured on the way."""
    place = Path(tempfile.gettempdir()) / f"bmcourse_bert_{STEPS}_{SEEDS[0]}"
    keras.utils.set_random_seed(SEEDS[0])
    model: Any = compiled()
    run: dict[str, Any] = {"steps": 0, "seconds": 0.0, "judged": []}
    if place.with_suffix(".json").exists():
        model = keras.models.load_model(place.with_suffix(".keras"))
        run = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
        if int(model.optimizer.iterations) != run["steps"]:  # cut off between the two files
            raise RuntimeError(f"remove {place}.json and {place}.keras: they are of two moments")
    while run["steps"] < STEPS:
        rng = np.random.default_rng([SEEDS[0], run["steps"]])
        ids, segments, follows = corpus.pairs(EVERY * BATCH, LENGTH, rng)
        seen, places, targets = masked.hide(ids, MASKED, VOCABULARY, rng)
        wanted = {"masked": targets, "next": follows[:, np.newaxis].astype(np.float32)}
        start = time.process_time()
        model.fit([seen, segments, places], wanted, batch_size=BATCH, shuffle=False, verbose=0)
        run["seconds"] = round(run["seconds"] + time.process_time() - start, 1)
        run["steps"] += EVERY
        run["judged"].append({"steps": run["steps"], **judged(model, held_out)})
        print(f"{run['steps']:>6}/{STEPS}  {run['judged'][-1]}  {run['seconds']:.0f} s", flush=True)
        model.save(place.with_suffix(".part.keras"))
        place.with_suffix(".part.keras").replace(place.with_suffix(".keras"))
        write(place.with_suffix(".json"), json.dumps(run).encode())
    return model, run


def main() -> None:
    """Learn the vocabulary, train, store."""
    films = film_text(datasets.reviews())
    tokenizer = vocabulary(films)
    corpus = masked.Corpus.of(films.training, tokenizer.encode)
    held_out = masked.Corpus.of(films.held_out, tokenizer.encode)
    model, run = train(corpus, held_out)
    about = {
        "keras": keras.__version__,
        "data": datasets.reviews().describe(),
        "plan": {"length": LENGTH, "masked": MASKED, "batch": BATCH, "rate": RATE},
        "ids": {"training": len(corpus.ids), "held out": len(held_out.ids)},
        "weights": model.count_params(),
        "merges": [f"{left} {right}" for left, right in tokenizer.merges],
    }
    store(__file__, {**about, "seed": SEEDS[0], **run})
    arrays = {weight.path: np.array(weight) for weight in model.weights}
    text = f"BERT of {BLOCKS} blocks of {FEATURES} features, {VOCABULARY} ids"
    store_weights(__file__, arrays, seed=SEEDS[0], network=text)


def vocabulary(films: Any) -> BytePairTokenizer:
    """Learn it from the first 8,000 reviews, of which 160 are held out from the network."""
    every = iter(films.training)
    long = [
        films.held_out[number // 50] if number % 50 == 0 else next(every) for number in range(READ)
    ]
    return BytePairTokenizer.train(long, VOCABULARY - bert.SPECIALS)


if __name__ == "__main__":
    main()
