"""The longest passage that two texts share, against the standard library's matcher."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmcourse.text import longest_copy

FEW = st.text("ab ", max_size=30)


@given(FEW, FEW)
def test_it_is_as_long_as_the_matcher_finds(text: str, source: str) -> None:
    found = longest_copy(text, source)
    matcher = SequenceMatcher(None, text, source, autojunk=False)
    assert len(found) == matcher.find_longest_match().size
    assert found in text
    assert found in source


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        ("", "abc", ""),
        ("abc", "", ""),
        ("xyz", "abc", ""),
        ("ab-cd", "cd ab", "ab"),
        ("你好吗", "问你好", "你好"),
    ],
)
def test_small_cases(text: str, source: str, found: str) -> None:
    assert longest_copy(text, source) == found


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="source must be a text"):
        longest_copy("a", ["a"])  # type: ignore[arg-type]
