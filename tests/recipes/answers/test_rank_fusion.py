"""Two searches made into one, and how well a search finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from bmcourse.recipes.answers.fusion import ranks, reciprocal_ranks, scaled, weighted
from bmcourse.recipes.answers.judging import first_ranks, over_questions, recall_at


def test_ranks_are_scipys() -> None:
    scores = np.random.default_rng(0).integers(0, 5, (6, 9)).astype(float)
    wanted = [rankdata(-row, method="ordinal") for row in scores]
    np.testing.assert_array_equal(ranks(scores), wanted)


def test_reciprocal_ranks_look_at_the_order_alone() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 4, 7))
    found = reciprocal_ranks([a, b])
    np.testing.assert_allclose(reciprocal_ranks([np.exp(a), 100 * b]), found)
    slow = [
        [1 / (60 + ranks(a)[i, j]) + 1 / (60 + ranks(b)[i, j]) for j in range(7)] for i in range(4)
    ]
    np.testing.assert_allclose(found, slow)
    alone = reciprocal_ranks([a, b], shares=(0, 2))
    np.testing.assert_allclose(alone, 2 / (60 + ranks(b)))
    with pytest.raises(ValueError, match="shares"):
        reciprocal_ranks([a, b], shares=(1,))


def test_a_weighted_sum_runs_from_one_search_to_the_other() -> None:
    a, b = np.array([[1.0, 3.0, 2.0]]), np.array([[5.0, 5.0, 5.0]])
    np.testing.assert_allclose(scaled(a), [[0, 1, 0.5]])
    np.testing.assert_allclose(scaled(b), [[0, 0, 0]])
    np.testing.assert_allclose(weighted(a, b, 1), scaled(a))
    np.testing.assert_allclose(weighted(a, b, 0.25), scaled(a) / 4)
    c = np.array([[0.0, 2.0, 8.0]])
    np.testing.assert_allclose(weighted(a, c, 0.25), [[0, 0.4375, 0.875]])
    with pytest.raises(ValueError, match="share"):
        weighted(a, b, 1.1)


def test_first_ranks_take_the_best_of_several_right_passages() -> None:
    scores = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    found = first_ranks(scores, [[2, 1], [0]])
    assert found.tolist() == [2, 3]
    assert recall_at(found, 2).tolist() == [1, 0]
    with pytest.raises(ValueError, match="right"):
        first_ranks(scores, [[0], []])


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng, hits = np.random.default_rng(2), 0
    for _ in range(200):
        found = over_questions((rng.random(100) < 0.7).astype(float), rng=rng, repeats=300)
        hits += found.low <= 0.7 <= found.high
    assert 175 <= hits <= 199


def test_questions_of_one_section_are_drawn_together() -> None:
    values = np.repeat(np.random.default_rng(3).random(20), 10)
    alone = over_questions(values)
    together = over_questions(values, groups=[str(i // 10) for i in range(200)])
    assert together.mean == alone.mean
    assert together.high - together.low > 2 * (alone.high - alone.low)
