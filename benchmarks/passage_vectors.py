"""Store MiniLM's vector of each passage of this book, in four bits a number.

python benchmarks/passage_vectors.py

Also how much the rounding changes: cosines, and the mean reciprocal rank over all questions.
Nothing is drawn; SEEDS = (0,) is stored because each set of weights has a seed.
"""

from __future__ import annotations

import numpy as np
from machine import store, store_weights

from bmcourse import datasets
from bmcourse.recipes.answers import book
from bmcourse.recipes.answers.judging import first_ranks
from bmcourse.recipes.answers.questions import questions
from bmcourse.recipes.answers.vectors import rounded
from bmcourse.recipes.language.sentence_encoder import SentenceEncoder

SEEDS = (0,)

if __name__ == "__main__":
    encoder = SentenceEncoder.from_archive(datasets.minilm().content)
    found = book.passages()
    exact = encoder.encode([passage.whole for passage in found])
    codes, scale = rounded(exact)
    near = codes * scale
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    arrays = {"codes": codes, "scale": scale}
    name = "MiniLM's vectors of the book's passages"
    store_weights(__file__, arrays, seed=SEEDS[0], network=name)
    number = {passage.name: place for place, passage in enumerate(found)}
    asked = [question for question in questions() if question.passages]
    right = [[number[name] for name in question.passages] for question in asked]
    vectors = encoder.encode([question.english for question in asked])
    ranks = {
        kind: float(np.mean(1 / first_ranks(vectors @ table.T, right)))
        for kind, table in (("float32", exact), ("four bits", near))
    }
    gap = float(np.abs(vectors @ near.T - vectors @ exact.T).max())
    cut = sum(len(encoder.tokenizer.encode(passage.whole)) > 126 for passage in found)
    facts = {"passages": len(found), "cut_short": cut, "largest_gap_of_a_cosine": gap}
    store(__file__, {**facts, "mean_reciprocal_rank": ranks})
