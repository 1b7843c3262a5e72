"""Windows of a text, and the surprise of a model whose answers are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bmcourse.recipes.language import windows

SYMBOLS = 5
TEXT = np.random.default_rng(0).integers(0, SYMBOLS, 103)


def scores(seen: Any) -> Any:
    """Give logits that depend on all ids so far: the sum of them, in the window."""
    sums = np.cumsum(seen, axis=1)  # (batch, steps)
    return np.sin(sums[..., None] * (1 + np.arange(SYMBOLS)))


def test_targets_are_one_further() -> None:
    x, y = windows.draw(np.arange(50), 200, 8, np.random.default_rng(0))
    assert x.shape == y.shape == (200, 8)
    np.testing.assert_array_equal(x + 1, y)
    assert x.min() == 0
    assert y.max() == 49  # the whole text is used


@pytest.mark.parametrize("length", [2, 3, 4, 5, 8, 9, 102, 103])
@pytest.mark.parametrize("context", [2, 8, 32, 200])
def test_each_id_is_judged_once_with_half_a_window_before_it(length: int, context: int) -> None:
    text, half = TEXT[:length], context // 2
    found = windows.joined(windows.surprises(scores, text, context, batch_size=3))
    assert found.shape == (length - 1,)
    for place in range(1, length):
        block = max((place - 1) // half - 1, 0)  # the window in whose second half it stands
        seen = text[block * half : place]
        logits = scores(seen[None])[0, -1]
        expected = -np.log2(np.exp(logits[text[place]]) / np.exp(logits).sum())
        assert found[place - 1] == pytest.approx(expected)


def test_columns_are_ids_seen_and_nan_is_after_the_end() -> None:
    found = windows.surprises(scores, TEXT[:8], 4)
    assert found.shape == (3, 4)
    assert np.isnan(found).tolist() == [[False] * 4, [False] * 4, [False] * 3 + [True]]
    logits = scores(TEXT[None, 2:5])[0, -1]
    expected = -np.log2(np.exp(logits[TEXT[5]]) / np.exp(logits).sum())
    assert found[1, 2] == pytest.approx(expected)


def test_large_logits_do_not_overflow() -> None:
    found = windows.surprises(lambda x: 1e4 * np.eye(SYMBOLS)[x], np.zeros(9, int), 4)
    np.testing.assert_allclose(found, 0)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: windows.draw(TEXT[:4], 1, 4, np.random.default_rng(0)), "ids must be more"),
        (lambda: windows.surprises(scores, TEXT, 7), "context must be an even number"),
    ],
)
def test_what_does_not_fit_is_named(wrong: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        wrong()
