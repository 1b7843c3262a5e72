"""Store MiniLM's vectors of the questions to this book, for those who do not have the model.

python benchmarks/question_vectors.py

Nothing is drawn; SEEDS = (0,) is stored because each set of weights has a seed.
"""

from __future__ import annotations

from machine import store_weights

from bmcourse import datasets
from bmcourse.recipes.answers.vectors import known_texts, rounded
from bmcourse.recipes.language.sentence_encoder import SentenceEncoder

SEEDS = (0,)

if __name__ == "__main__":
    encoder = SentenceEncoder.from_archive(datasets.minilm().content)
    codes, scale = rounded(encoder.encode(known_texts()))
    arrays = {"codes": codes, "scale": scale}
    name = "MiniLM's vectors of the questions to this book"
    print(store_weights(__file__, arrays, seed=SEEDS[0], network=name))
