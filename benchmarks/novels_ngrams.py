"""Score Kneser-Ney models of all orders on the novels, in characters and in byte pairs.

    python benchmarks/novels_ngrams.py

Bits a character on validation text, on the ends of known novels and on a whole new one. The order
is to be chosen on validation text.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from machine import store

from bmcourse import text
from bmcourse.recipes.language import austen

CHARACTER_ORDERS = range(1, 10)
PIECE_ORDERS = range(1, 6)
VOCABULARIES = (512, 1024, 2048)


def scores(order: int, symbols: int, parts: dict[str, Any], characters: dict[str, int]) -> Any:
    """Fit one model, and return bits a character of each part that was not learned from."""
    model = text.NGramModel(order, symbols).fit(parts["training"])
    found = {"order": order}
    for name, ids in parts.items():
        if name != "training":
            found[name] = round(model.bits(ids) * len(ids) / characters[name], 4)
    print(symbols, found, flush=True)
    return found


def main() -> None:
    """Score all, and store."""
    cut = vars(austen.splits())
    characters = {name: len(part) for name, part in cut.items()}
    signs = {sign: number for number, sign in enumerate(sorted(set("".join(cut.values()))))}
    spelled = {name: np.array([signs[sign] for sign in part]) for name, part in cut.items()}
    result: dict[str, Any] = {
        "characters": [scores(n, len(signs), spelled, characters) for n in CHARACTER_ORDERS]
    }
    for size in VOCABULARIES:
        tokenizer = text.BytePairTokenizer.train([cut["training"]], size)
        pieces = {name: np.array(tokenizer.encode(part)) for name, part in cut.items()}
        result[f"{size} pieces"] = [scores(n, size, pieces, characters) for n in PIECE_ORDERS]
    store(__file__, result)


if __name__ == "__main__":
    main()
