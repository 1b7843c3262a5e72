from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from bmcourse import imbalance
from bmcourse.imbalance.smote import ROWS_AT_ONCE, nearest_neighbours

from .oracle import FEW, NOT_LABELS, counts_of


@FEW
@given(
    n=st.integers(3, 40),
    d=st.integers(1, 6),
    seed=st.integers(0, 2**16),
    offset=st.sampled_from([0.0, 1e6]),
)
def test_neighbours_equal_scikit_learn(n: int, d: int, seed: int, offset: float) -> None:
    rng = np.random.default_rng(seed)
    rows, k = rng.normal(size=(n, d)) + offset, int(rng.integers(1, n))
    theirs = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(rows - offset)
    expected = theirs.kneighbors(return_distance=False)
    np.testing.assert_array_equal(
        np.sort(nearest_neighbours(rows, k), axis=1), np.sort(expected, axis=1)
    )


def test_neighbours_of_more_rows_than_one_block() -> None:
    rows = np.random.default_rng(0).normal(size=(2 * ROWS_AT_ONCE + 7, 3))
    found = np.sort(nearest_neighbours(rows, 4), axis=1)
    expected = NearestNeighbors(n_neighbors=4).fit(rows).kneighbors(return_distance=False)
    np.testing.assert_array_equal(found, np.sort(expected, axis=1))


def slow_neighbours(rows: np.ndarray, k: int) -> list[set[int]]:
    """By exact whole numbers where NumPy would round."""
    exact = [[int(value * 20) for value in row] for row in rows.tolist()]
    found = []
    for i, row in enumerate(exact):
        others = [j for j in range(len(exact)) if j != i]
        others.sort(key=lambda j: sum((a - b) ** 2 for a, b in zip(row, exact[j], strict=True)))
        found.append(set(others[:k]))
    return found


def test_small_differences_beside_large_ones_decide() -> None:
    rows = np.array([[1e9, 0.1], [1e9, 0.2], [1e9, 0.9], [1.7e9, 0.1], [1.7e9, 0.5], [1.7e9, 0.45]])
    found = nearest_neighbours(rows, 1)
    assert [set(row) for row in found.tolist()] == slow_neighbours(rows, 1)
    assert found[2, 0] == 1
    rng = np.random.default_rng(0)  # Unix seconds beside a share
    seconds = np.sort(1.7e9 + 3600 * rng.integers(0, 9000, 300))
    share = rng.permutation(300) / 20
    rows = np.stack([seconds, share], axis=1)
    assert [set(row) for row in nearest_neighbours(rows, 3).tolist()] == slow_neighbours(rows, 3)


def on_a_line_to_a_neighbour(new: np.ndarray, rows: np.ndarray, k: int) -> bool:
    """The slow check: is there a row and one of its k nearest with `new` between them?"""
    for row in rows:
        distances = np.linalg.norm(rows - row, axis=1)
        for other in rows[np.argsort(distances)[1 : k + 1]]:
            way, walked = other - row, new - row
            share = (walked @ way) / (way @ way)
            if -1e-9 <= share <= 1 + 1e-9 and np.allclose(walked, share * way, atol=1e-9):
                return True
    return False


@FEW
@given(
    seed=st.integers(0, 2**16),
    k=st.integers(1, 3),
    counts=st.lists(st.integers(4, 12), min_size=2, max_size=4),
)
def test_new_rows_lie_between_neighbours_of_their_class(seed, k, counts) -> None:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.repeat(np.array(["ape", "bee", "cat", "dog"])[: len(counts)], counts))
    X = rng.normal(size=(len(y), 3))
    X_new, y_new = imbalance.smote(X, y, rng, k_neighbors=k)
    after = counts_of(np.concatenate([y, y_new]))
    assert after == dict.fromkeys(after, max(counts))
    for row, name in zip(X_new, y_new, strict=True):
        assert on_a_line_to_a_neighbour(row, X[y == name], k)


def test_places_on_the_line_are_uniform() -> None:
    X = np.array([[0.0], [1.0], *[[5.0]] * 4000])
    y = np.array([1, 1, *[0] * 4000])
    X_new, _ = imbalance.smote(X, y, np.random.default_rng(0), k_neighbors=1)
    assert X_new.min() >= 0
    assert X_new.max() <= 1
    np.testing.assert_allclose(
        np.quantile(X_new, [0.1, 0.25, 0.5, 0.75, 0.9]), [0.1, 0.25, 0.5, 0.75, 0.9], atol=0.03
    )


def test_only_new_rows_and_the_float_type_kept() -> None:
    X = np.arange(12).reshape(6, 2)
    y = [0, 0, 0, 0, 1, 1]
    rng = np.random.default_rng(0)
    X_new, y_new = imbalance.smote(X.astype(np.float32), y, rng, k_neighbors=1)
    assert (X_new.shape, X_new.dtype, y_new.tolist()) == ((2, 2), np.float32, [1, 1])
    assert imbalance.smote(X, y, rng, k_neighbors=1)[0].dtype == np.float64
    X_new, y_new = imbalance.smote(X, [0, 0, 0, 1, 1, 1], rng, k_neighbors=1)
    assert (X_new.shape, y_new.shape) == ((0, 2), (0,))


def test_a_seed_repeats_the_rows() -> None:
    X = np.random.default_rng(0).normal(size=(20, 2))
    y = [0] * 14 + [1] * 6
    one, two = (imbalance.smote(X, y, np.random.default_rng(5))[0] for _ in range(2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("X", "y", "options", "message"),
    [
        (np.zeros((4, 1)), [0, 0, 0, 1], {}, "y must be labels with at least 2 rows of each"),
        (
            np.zeros((9, 1)),
            [0] * 6 + [1] * 3,
            {},
            "k_neighbors must be at most 2, as class 1 has 3 rows, got 5",
        ),
        (np.zeros((9, 1)), [0] * 6 + [1] * 3, {"k_neighbors": 0}, "k_neighbors must be a whole"),
        (np.zeros((3, 1)), [0, 1], {}, "X and y must be of the same length"),
        ([[np.nan], [1.0]], [0, 1], {}, "X must be an array of finite numbers"),
        ([1.0, 2.0], [0, 1], {}, "X must be an array with 2 dimensions"),
        (np.ma.masked_equal([[1.0], [2.0]], 2), [0, 1], {}, "X must be an array without a mask"),
        (
            [[1e308], [-1e308], [0.0], [0.0], [0.0]],
            [1, 1, 0, 0, 0],
            {"k_neighbors": 1},
            "X must be rows at finite distances",
        ),
        (
            np.array([[3e38], [-3e38], [0], [0], [0]], np.float32),
            [1, 1, 0, 0, 0],
            {"k_neighbors": 1},
            "X must be rows whose differences fit float32",
        ),
        ([[1.0], [2.0]], [1, 1], {}, "y must be labels of at least two classes"),
        *[(np.zeros((2, 1)), y, {}, message) for y, message in NOT_LABELS],
    ],
)
def test_bad_input_is_refused(X, y, options, message) -> None:
    with pytest.raises(ValueError, match=message):
        imbalance.smote(X, y, np.random.default_rng(0), **options)
