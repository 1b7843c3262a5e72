"""Vectors of passages: the gradient against differences, a table that learns, nearness by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.language import masked, passages

RNG = np.random.default_rng(0)
FIRST, SECOND = RNG.integers(0, 9, (4, 5)), RNG.integers(0, 9, (4, 5))


def test_shares_of_ids() -> None:
    found = passages.counted([[2, 0, 2, 1]], 4).toarray()
    np.testing.assert_allclose(found, [[0.25, 0.25, 0.5, 0]])


def test_gradient_is_that_of_differences() -> None:
    table = RNG.normal(size=(9, 3))
    _, gradient, _ = passages.find_next(table, FIRST, SECOND)
    for place in np.ndindex(table.shape):
        moved = []
        for step in (1e-6, -1e-6):
            changed = table.copy()
            changed[place] += step
            moved.append(passages.find_next(changed, FIRST, SECOND)[0])
        assert gradient[place] == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-3, abs=1e-6)


def test_equal_passages_cost_the_logarithm_of_their_number() -> None:
    loss, _, _ = passages.find_next(np.ones((9, 3)), FIRST, SECOND)
    assert loss == pytest.approx(np.log(4))


def test_one_more_first_passage_is_refused() -> None:
    with pytest.raises(ValueError, match="first"):
        passages.find_next(np.ones((9, 3)), FIRST, SECOND[:3])


def test_training_finds_texts_of_different_words() -> None:
    rng = np.random.default_rng(1)
    texts = [" ".join(map(str, rng.integers(10 * k, 10 * k + 10, 200))) for k in range(8)]
    corpus = masked.Corpus.of(texts, lambda text: [int(word) for word in text.split()])
    table = rng.normal(size=(84, 6)).astype(np.float32)
    found = passages.train(table, corpus, 200, passages=8, length=20, rate=0.05, rng=rng)
    assert np.mean([right for _, right in found[:2]]) < 0.7
    assert np.mean([right for _, right in found[-5:]]) > 0.95


def test_near_ids_have_near_vectors() -> None:
    rng = np.random.default_rng(2)
    ids = np.concatenate([rng.permutation(5) + 5 * rng.integers(2) for _ in range(400)])
    table = passages.near(ids, 12, 2, window=2)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    alike = table @ table.T
    assert alike[:5, :5].min() > 0.8
    assert alike[:5, 5:10].max() < 0.6
    np.testing.assert_array_equal(table[10:], 0)  # ids that never come
