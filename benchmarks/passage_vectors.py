"""Store MiniLM's vector of each passage of this book, in four bits a number.

python benchmarks/passage_vectors.py

Nothing is drawn: SEED = 0, is stored because each network has one.
"""

from __future__ import annotations

import numpy as np
from machine import store, store_weights

from bmcourse import datasets
from bmcourse.recipes.answers import book
from bmcourse.recipes.answers.vectors import rounded
from bmcourse.recipes.language.sentence_encoder import SentenceEncoder

SEED = 0

if __name__ == "__main__":
    encoder = SentenceEncoder.from_archive(datasets.minilm().content)
    found = book.passages()
    vectors = encoder.encode([passage.whole for passage in found])
    codes, scale = rounded(vectors)
    near = codes * scale
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    arrays = {"codes": codes, "scale": scale}
    store_weights(__file__, arrays, seed=SEED, network="MiniLM's vectors of the book's passages")
    gap = float(np.abs(near @ near.T - vectors @ vectors.T).max())
    cut = sum(len(encoder.tokenizer.encode(passage.whole)) > 126 for passage in found)
    store(__file__, {"largest_gap_of_a_cosine": gap, "passages": len(found), "cut_short": cut})
