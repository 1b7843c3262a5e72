"""BM25: by hand on a few words, against slow loops and against a library."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bmcourse.recipes.answers import book
from bmcourse.recipes.answers.bm25 import BM25, rarity, stems, words

TEXTS = ["a b b c", "b d", "a a a d d e f g", ""]


def slow(texts: list[str], question: str, k1: float, b: float) -> list[float]:
    """The formula, passage by passage and word by word."""
    split = [text.split() for text in texts]
    mean = sum(map(len, split)) / len(split)
    scores = []
    for one in split:
        score = 0.0
        for word in question.split():
            n, holding = one.count(word), sum(word in other for other in split)
            if n:
                weight = math.log(1 + (len(split) - holding + 0.5) / (holding + 0.5))
                score += weight * n / (n + k1 * (1 - b + b * len(one) / mean))
        scores.append(score)
    return scores


@pytest.mark.parametrize(("k1", "b"), [(1.5, 0.75), (0.0, 0.5), (1.2, 0.0), (2.0, 1.0)])
@pytest.mark.parametrize("question", ["a", "b d", "b b", "z", "a z g"])
def test_scores_are_those_of_the_formula(k1: float, b: float, question: str) -> None:
    found = BM25(TEXTS, k1, b, cut=str.split).scores(question)
    np.testing.assert_allclose(found, slow(TEXTS, question, k1, b), atol=1e-12)


def test_by_hand() -> None:
    """Two passages of two words, one word in one of them: log 2 times 1 / (1 + 1.5)."""
    found = BM25(["cat dog", "dog bird"], cut=str.split).scores("cat")
    np.testing.assert_allclose(found, [math.log(2) / 2.5, 0])


def test_scores_are_those_of_a_library() -> None:
    bm25s = pytest.importorskip("bm25s")
    texts = [passage.whole for passage in book.passages()[:300]]
    ours = BM25(texts, 1.5, 0.75)
    theirs = bm25s.BM25(k1=1.5, b=0.75, method="lucene", dtype="float64")
    theirs.index([words(text) for text in texts], show_progress=False)
    for question in ("why does the loss fall", "learning rate too large", "a neuron"):
        found = theirs.get_scores(words(question))
        np.testing.assert_allclose(ours.scores(question), found, rtol=1e-6, atol=1e-9)


def test_a_word_is_rarer_the_fewer_passages_hold_it_and_never_counts_against() -> None:
    found = rarity(10, np.arange(1, 11))
    assert (np.diff(found) < 0).all()
    assert found.min() > 0


def test_repetition_saturates_and_length_is_charged() -> None:
    texts = [" ".join(["x"] * n) for n in (1, 2, 4, 8)] + ["y"]
    flat = BM25(texts, 1.5, 0, cut=str.split).scores("x")[:4]
    assert (np.diff(flat) > 0).all()
    assert flat[3] < 2.5 * flat[0]
    charged = BM25(["x", "x y y y", "z"], 1.5, 0.75, cut=str.split).scores("x")
    assert charged[0] > charged[1] > charged[2] == 0


def test_words_and_stems() -> None:
    assert words("Don't 你好 X_1") == ["don", "t", "你", "好", "x", "1"]
    assert stems("losses loss classes red bed") == ["loss", "loss", "class", "red", "bed"]
    assert stems("training trained trains") == ["train"] * 3


@pytest.mark.parametrize("bad", [{"k1": -1}, {"b": 1.5}, {"b": -0.1}])
def test_bad_settings_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        BM25(TEXTS, **bad)  # type: ignore[arg-type]
