from __future__ import annotations

import pytest

from bmcourse.text import Vocabulary

TEXTS = [["b", "a", "d"], ["b", "a"], ["b"], ["c"]]


def test_common_words_come_first_and_equals_by_alphabet() -> None:
    assert Vocabulary.count(TEXTS, max_size=9).words == ["[PAD]", "[UNK]", "b", "a", "c", "d"]
    assert Vocabulary.count(TEXTS, max_size=4).words == ["[PAD]", "[UNK]", "b", "a"]
    assert Vocabulary.count(TEXTS, max_size=9, min_count=2).words[2:] == ["b", "a"]


def test_numbers_and_back() -> None:
    vocabulary = Vocabulary(["x", "y"])
    assert len(vocabulary) == 4
    assert vocabulary.encode(["y", "z", "x"]) == [3, 1, 2]
    assert vocabulary.encode(["y", "x"], length=4) == [3, 2, 0, 0]
    assert vocabulary.encode(["y", "x"], length=1) == [3]
    assert vocabulary.decode([3, 1, 0, 0]) == ["y", "[UNK]"]


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"known must be words that differ .* 'x' twice"):
        Vocabulary(["x", "y", "x"])
    with pytest.raises(ValueError, match=r"known must be words that differ .* '\[PAD\]' twice"):
        Vocabulary(["[PAD]"])
    with pytest.raises(ValueError, match="numbers must be from 0 to 3, got 4"):
        Vocabulary(["x", "y"]).decode([4])
    with pytest.raises(ValueError, match="max_size must be a whole number of at least 3"):
        Vocabulary.count(TEXTS, max_size=2)
    with pytest.raises(ValueError, match="texts must be lists of words, got one text"):
        Vocabulary.count("one text", max_size=5)
    with pytest.raises(ValueError, match="length must be a whole number"):
        Vocabulary(["x"]).encode(["x"], length=0)
