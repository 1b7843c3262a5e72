"""Recall and NDCG of ranked lists: slow loops, scikit-learn, ties, types and bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from bmcourse.metrics import ndcg_at_k, recall_at_k, top_k

RNG = np.random.default_rng(0)
TRUE = (RNG.random((40, 30)) < 0.2).astype(int)
GAINS = TRUE * RNG.integers(1, 6, TRUE.shape)
SCORE = RNG.permuted(np.tile(np.arange(30.0), (40, 1)), axis=1)  # no ties


def slow_order(row: np.ndarray) -> list[int]:
    return sorted(range(len(row)), key=lambda i: (-row[i], i))


@pytest.mark.parametrize("k", [1, 5, 30])
def test_top_k_is_a_stable_sort(k: int) -> None:
    ties = RNG.integers(0, 4, (20, 30)).astype(float)
    ties[3] = -np.inf
    np.testing.assert_array_equal(top_k(ties, k), [slow_order(row)[:k] for row in ties])


@pytest.mark.parametrize("k", [1, 3, 20, 30])
def test_recall_is_that_of_a_slow_loop(k: int) -> None:
    wanted = []
    for true, score in zip(TRUE, SCORE, strict=True):
        relevant = set(np.flatnonzero(true).tolist())
        hits = len(relevant & set(slow_order(score)[:k]))
        wanted.append(hits / min(k, len(relevant)) if relevant else math.nan)
    np.testing.assert_allclose(recall_at_k(TRUE, SCORE, k), wanted)


@pytest.mark.parametrize("k", [1, 3, 20, 30])
def test_ndcg_is_scikit_learns(k: int) -> None:
    found = ndcg_at_k(GAINS, SCORE, k)
    for row, value in enumerate(found):
        if GAINS[row].any():
            assert value == pytest.approx(ndcg_score(GAINS[[row]], SCORE[[row]], k=k))
        else:
            assert math.isnan(value)


def test_a_perfect_list_has_1_and_a_user_without_a_relevant_item_has_none() -> None:
    for metric in (recall_at_k, ndcg_at_k):
        found = metric([[1, 1, 1, 0], [0, 0, 0, 0]], [[4, 3, 2, 1]] * 2, 2)
        assert found[0] == pytest.approx(1)
        assert math.isnan(found[1])


@pytest.mark.parametrize("kind", ["bool", "uint8", "int8", "int64", "float16", "float32"])
def test_every_type_counts_as_float64(kind: str) -> None:
    for metric in (recall_at_k, ndcg_at_k):
        wanted = metric(TRUE, SCORE, 5)
        np.testing.assert_allclose(metric(TRUE.astype(kind), SCORE, 5), wanted)
        if kind != "bool":
            np.testing.assert_allclose(metric(TRUE, SCORE.astype(kind), 5), wanted)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: top_k([[1.0, math.nan]], 1), "y_score must be without NaN"),
        (lambda: top_k([[1.0, 2.0]], 3), "k must be at most the number of items, 2, got 3"),
        (lambda: top_k([[1.0, 2.0]], 0), "k must be"),
        (lambda: recall_at_k(TRUE, SCORE[:, :5], 2), "y_score must be an array of shape"),
        (lambda: recall_at_k(TRUE[0], SCORE[0], 2), "y_true must be an array with 2 dimensions"),
        (lambda: ndcg_at_k([[-1.0, 1.0]], [[1.0, 2.0]], 1), "y_true must be at least 0"),
    ],
)
def test_bad_input_is_named(call: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()  # type: ignore[operator]
