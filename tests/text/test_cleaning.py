from __future__ import annotations

import pytest

from bmcourse.text import clean, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("  two\n\tlines\u00a0here ", "two lines here"),
        ("fine.<br /><br />Really <b>FINE</b>", "fine. really fine"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),  # no tag
        ("Cafe\u0301", "café"),  # one form of Unicode
        ("好看！", "好看！"),
    ],
)
def test_clean(text: str, plain: str) -> None:
    assert clean(text) == plain
    assert clean(plain) == plain


def test_letters_keep_their_size_where_asked() -> None:
    assert clean("Tom <i>and</i> Jerry", lower=False) == "Tom and Jerry"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("don't -- 'quoted' well-known", ["don't", "quoted", "well", "known"]),
        ("l’été 2024, 3.5%", ["l’été", "2024", "3", "5"]),
        ("这部电影very好", ["这", "部", "电", "影", "very", "好"]),
        ("snake_case", ["snake_case"]),
        ("!?…", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found
