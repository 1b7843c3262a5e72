"""Kneser and Ney's rule against a slow loop over dictionaries; probabilities that sum to 1."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest

from bmcourse.text import NGramModel

RNG = np.random.default_rng(3)
SEQUENCE = (RNG.integers(0, 3, 300) + np.arange(300) // 2 % 3).tolist()  # some order, some noise
HELD = (RNG.integers(0, 3, 60) + np.arange(60) // 2 % 3).tolist()
SYMBOLS = 5


def slow(sequence: list[int], order: int, context: tuple[int, ...], symbol: int) -> float:
    """Return the probability of a symbol by the formulas, counting anew for each call."""
    n = len(context) + 1
    grams = [tuple(sequence[i : i + n]) for i in range(len(sequence) - n + 1)]
    counts: dict[tuple[int, ...], int] = defaultdict(int)
    if n == order:
        for gram in grams:
            counts[gram] += 1
    else:
        longer = {tuple(sequence[i : i + n + 1]) for i in range(len(sequence) - n)}
        for gram in longer:
            counts[gram[1:]] += 1
    once, twice = (sum(c == k for c in counts.values()) for k in (1, 2))
    discount = once / (once + 2 * twice) if once else 0.5
    shorter = slow(sequence, order, context[1:], symbol) if context else 1 / SYMBOLS
    after = {gram[-1]: c for gram, c in counts.items() if gram[:-1] == context}
    total = sum(after.values())
    if not total:
        return shorter
    own = max(after.get(symbol, 0) - discount, 0) / total
    return own + discount * len(after) / total * shorter


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_probabilities_are_those_of_a_slow_loop(order: int) -> None:
    model = NGramModel(order, SYMBOLS).fit(SEQUENCE)
    found = model.probabilities(HELD)
    for i in range(0, len(HELD), 7):
        context = tuple(HELD[max(0, i - order + 1) : i])
        assert found[i] == pytest.approx(slow(SEQUENCE, order, context, HELD[i]), rel=1e-12)


@pytest.mark.parametrize("order", [1, 2, 4])
@pytest.mark.parametrize("context", [[], [0], [4, 4, 4, 4], HELD[:6]])
def test_the_next_symbols_have_probabilities_that_sum_to_one(
    order: int, context: list[int]
) -> None:
    model = NGramModel(order, SYMBOLS).fit(SEQUENCE)
    following = model.next(context)
    assert following.sum() == pytest.approx(1, abs=1e-12)
    assert (following > 0).all()


def test_bits_of_what_is_known_by_heart_and_of_noise() -> None:
    pattern = [0, 1, 2, 3] * 200
    assert NGramModel(3, 4).fit(pattern).bits(pattern) < 0.05
    noise = RNG.integers(0, 4, 4000)
    assert NGramModel(3, 4).fit(noise[:3000]).bits(noise[3000:]) == pytest.approx(2, abs=0.05)
    even = NGramModel(1, 4).fit(noise)
    assert even.bits(noise) == pytest.approx(2, abs=0.01)


def test_more_order_helps_until_the_counts_are_too_few() -> None:
    text = np.frombuffer(b"the cat sat on the mat and the rat sat on the hat " * 8, np.uint8)
    ids = np.unique(text, return_inverse=True)[1]
    bits = [NGramModel(n, ids.max() + 1).fit(ids[:300]).bits(ids[300:]) for n in (1, 2, 3, 5)]
    assert bits == sorted(bits, reverse=True)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="order must be at most 9 for 100 symbols, got 10"):
        NGramModel(10, 100)
    with pytest.raises(ValueError, match="ids must be whole numbers from 0 to 4"):
        NGramModel(2, 5).fit([0, 5])
    with pytest.raises(RuntimeError, match="probabilities need fit first"):
        NGramModel(2, 5).bits([0, 1])
    assert math.isfinite(NGramModel(4, 5).fit([0, 1]).bits([0, 1, 2, 3, 4]))
