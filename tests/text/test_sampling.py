"""Temperature, top-k, top-p: against SciPy and slow loops, and draws counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from bmcourse.text import draw, top_k, top_p, with_temperature

Array = Any
TIED = [0.2, 0.3, 0.2, 0.3]


def slow_top_p(shares: list[float], p: float) -> list[float]:
    """Take ids from the likeliest on, until their sum reaches p."""
    order = sorted(range(len(shares)), key=lambda i: (-shares[i], i))
    kept, total = [], 0.0
    for i in order:
        if total >= p:
            break
        kept.append(i)
        total += shares[i]
    return [share / total if i in kept else 0.0 for i, share in enumerate(shares)]


@pytest.mark.parametrize("temperature", [0.01, 0.5, 1, 3])
def test_temperature_divides_the_logits(temperature: float) -> None:
    logits = np.random.default_rng(0).normal(size=(3, 4, 7)) * 10
    found = with_temperature(logits, temperature)
    np.testing.assert_allclose(found, softmax(logits / temperature, axis=-1), rtol=1e-12)


def test_large_logits_do_not_overflow() -> None:
    np.testing.assert_allclose(with_temperature([1e4, 1e4 - 1, -1e4], 1), softmax([1, 0, -1e9]))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.floats(0.01, 1))
def test_top_p_takes_the_fewest_that_reach_p(counts: list[int], p: float) -> None:
    shares = [(c + 1) / sum(c + 1 for c in counts) for c in counts]
    found = top_p(shares, p)
    assert found.sum() == pytest.approx(1)
    kept = np.array(shares)[found > 0]
    assert kept.sum() >= p - 1e-9
    assert kept.sum() - kept.min() < p + 1e-9  # one fewer would not do
    assert kept.min() >= max((s for s, f in zip(shares, found, strict=True) if f == 0), default=0)


@pytest.mark.parametrize("p", [0.1, 0.3, 0.31, 0.6, 0.95, 1.0])
def test_top_p_of_ties_keeps_the_first(p: float) -> None:
    np.testing.assert_allclose(top_p(TIED, p), slow_top_p(TIED, p))


@pytest.mark.parametrize(("k", "kept"), [(1, [1]), (2, [1, 3]), (3, [0, 1, 3]), (9, [0, 1, 2, 3])])
def test_top_k_keeps_the_likeliest_and_of_ties_the_first(k: int, kept: list[int]) -> None:
    found = top_k(TIED, k)
    assert np.flatnonzero(found).tolist() == kept
    np.testing.assert_allclose(found[kept], np.array(TIED)[kept] / np.array(TIED)[kept].sum())


def test_of_many_equals_the_first_stay() -> None:
    for cut in (top_k(np.full(100, 0.01), 3), top_p(np.full(100, 0.01), 0.025)):
        assert np.flatnonzero(cut).tolist() == [0, 1, 2]


def test_rows_are_cut_on_their_own() -> None:
    rows = [[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]]
    np.testing.assert_allclose(top_k(rows, 1), [[1, 0, 0], [0, 0, 1]])
    np.testing.assert_allclose(top_p(rows, 0.65), [[2 / 3, 1 / 3, 0], [0, 0, 1]])


def test_draws_follow_the_shares() -> None:
    shares = np.array([0.5, 0.0, 0.2, 0.3])
    drawn = draw(np.tile(shares, (40_000, 1)), np.random.default_rng(1))
    counts = np.bincount(drawn, minlength=4) / len(drawn)
    assert counts[1] == 0
    assert np.all(np.abs(counts - shares) <= 4.5 * np.sqrt(shares * (1 - shares) / len(drawn)))
    pairs = np.bincount(drawn[:-1] * 4 + drawn[1:], minlength=16).reshape(4, 4) / len(drawn)
    np.testing.assert_allclose(pairs, np.outer(shares, shares), atol=0.01)  # independent rows


@pytest.mark.parametrize(
    ("wrong", "argument"),
    [
        (lambda: with_temperature([0.0], 0), "temperature"),
        (lambda: top_k([1.0], 0), "k must"),
        (lambda: top_p([1.0], 0), "p must"),
        (lambda: top_p([1.0], 1.5), "p must be at most 1"),
    ],
)
def test_wrong_settings_are_named(wrong: Any, argument: str) -> None:
    with pytest.raises(ValueError, match=argument):
        wrong()
