"""Texts that stand more than once."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.text import distinct


def slow(texts: list[str], labels: list[int]) -> list[int]:
    def plain(text: str) -> str:
        return " ".join(text.lower().split())

    kept = []
    for i, text in enumerate(texts):
        same = [j for j, other in enumerate(texts) if plain(other) == plain(text)]
        if same[0] == i and len({labels[j] for j in same}) == 1:
            kept.append(i)
    return kept


@pytest.mark.parametrize("seed", range(10))
def test_against_a_slow_way(seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts = [" ".join(rng.choice(["a", "A", "b", ""], 3)) for _ in range(40)]
    labels = rng.integers(0, 2, 40).tolist()
    assert distinct(texts, labels).tolist() == slow(texts, labels)
    assert distinct(texts).tolist() == slow(texts, [0] * 40)


def test_markup_spaces_and_capitals_do_not_count() -> None:
    assert distinct(["A <b>film</b>", "a  film ", "a\nfilm", "a film!"]).tolist() == [0, 3]


def test_empty_and_wrong_input() -> None:
    assert distinct([]).tolist() == []
    assert distinct(["", " "]).tolist() == [0]
    with pytest.raises(ValueError, match="several texts"):
        distinct("a film")
    with pytest.raises(ValueError, match="one label for each of 2 texts, got 1"):
        distinct(["a", "b"], [1])
