"""Edit distance, word errors and warping against slow second ways."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import pytest

from bmcourse import sound
from bmcourse.sound import Errors


def slow_distance(a: str, b: str) -> int:
    """Levenshtein's recursion, from the front."""

    @lru_cache(None)
    def cost(i: int, j: int) -> int:
        if i == len(a) or j == len(b):
            return len(a) - i + len(b) - j
        if a[i] == b[j]:
            return cost(i + 1, j + 1)
        return 1 + min(cost(i + 1, j), cost(i, j + 1), cost(i + 1, j + 1))

    return cost(0, 0)


def test_all_short_strings() -> None:
    texts = ["".join(t) for n in range(4) for t in itertools.product("ab", repeat=n)]
    for a, b in itertools.product(texts, texts):
        assert sound.edit_table(a, b)[-1, -1] == slow_distance(a, b)
        found = sound.word_errors(" ".join(a), " ".join(b))
        assert found.total == slow_distance(a, b)
        assert found.words == len(a)
        assert len(a) - found.left_out + found.put_in == len(b)


def test_the_cells_are_the_distances_of_the_beginnings() -> None:
    table = sound.edit_table("kitten", "sitting")
    for i, j in itertools.product(range(7), range(8)):
        assert table[i, j] == slow_distance("kitten"[:i], "sitting"[:j])


@pytest.mark.parametrize(
    ("said", "heard", "expected"),
    [
        ("please try again", "please try again", (0, 0, 0)),
        ("please try again", "", (0, 3, 0)),
        ("please try again", "try", (0, 2, 0)),
        ("one", "why in", (1, 0, 1)),
        ("", "hello", (0, 0, 1)),
        ("a b", "b a", (2, 0, 0)),
    ],
)
def test_the_kinds_of_error(said: str, heard: str, expected: tuple[int, int, int]) -> None:
    found = sound.word_errors(said, heard)
    assert (found.replaced, found.left_out, found.put_in) == expected


def test_errors_add_up_and_a_rate_can_be_above_one() -> None:
    both = sound.word_errors("one", "why in the") + sound.word_errors("two three", "two three")
    assert both == Errors(1, 0, 2, 3)
    assert both.rate == 1.0
    assert sound.word_errors("one", "why in").rate == 2.0
    with pytest.raises(ValueError, match="said must be a text with at least one word"):
        _ = sound.word_errors("", "a").rate
    with pytest.raises(ValueError, match="heard must be an object such as"):
        sound.word_errors("a", None)  # type: ignore[arg-type]


def slow_warping(a: np.ndarray, b: np.ndarray) -> float:
    @lru_cache(None)
    def cost(i: int, j: int) -> float:
        here = float(np.linalg.norm(a[i] - b[j]))
        if i == j == 0:
            return here
        ways = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
        return here + min(cost(*way) for way in ways if min(way) >= 0)

    return cost(len(a) - 1, len(b) - 1) / (len(a) + len(b))


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 4), (5, 2), (7, 6)])
def test_warping_is_that_of_a_slow_recursion(n: int, m: int) -> None:
    rng = np.random.default_rng([n, m])
    a, b = rng.normal(size=(n, 3)), rng.normal(size=(m, 3))
    assert sound.warped_distance(a, b) == pytest.approx(slow_warping(a, b), abs=1e-12)
    assert sound.warped_distance(a, b) == pytest.approx(sound.warped_distance(b, a), abs=1e-12)


def test_a_stretched_sound_is_the_same() -> None:
    a = np.random.default_rng(0).normal(size=(5, 2))
    assert sound.warped_distance(a, np.repeat(a, 3, axis=0)) == 0
    with pytest.raises(ValueError, match=r"other must be an array of shape \(any, 2\)"):
        sound.warped_distance(a, [[1.0]])
