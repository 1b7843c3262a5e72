"""Passages: cut in the same way each time, whole sentences, every glossary term."""

from __future__ import annotations

import pytest

from bmcourse.datasets import shipped
from bmcourse.datasets.errors import DataError
from bmcourse.recipes.answers import book
from bmcourse.recipes.answers.passages import (
    Passage,
    digest,
    ends,
    of_chapter,
    of_glossary,
    plain,
    sentences,
)

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# The title\n", "\n", "Words before any section."]},
        {"cell_type": "markdown", "source": "## 1. First part\n\n" + "One sentence here. " * 40},
        {"cell_type": "code", "source": "print('## 2. Not a section')"},
        {"cell_type": "markdown", "source": "Behind a cell, still the first part, it goes on."},
        {"cell_type": "markdown", "source": "## Exercises\n\n" + "Solve this one. " * 30},
        {"cell_type": "markdown", "source": "## Founder's lens: money\n\n" + "It costs much. " * 8},
    ]
}


def test_a_chapter_gives_the_two_ends_of_each_section() -> None:
    found = list(of_chapter(7, NOTEBOOK))
    assert [passage.name for passage in found] == ["07.1 begin", "07.1 end", "07.2 begin"]
    assert found[0].title == "The title: First part"
    assert found[1].text.endswith("it goes on.")
    assert all(len(passage.text.split()) <= 100 for passage in found)
    assert not any("Solve" in p.text or "Words before" in p.text for p in found)


def test_ends_share_no_sentence_and_lose_none_of_a_short_text() -> None:
    text = "One two. Three four. Five six."
    assert ends(text, 4) == ("One two. Three four.", "Five six.")
    assert ends(text, 100) == (text, "")
    begin, end = ends(" ".join(f"Word{i} more." for i in range(30)), 10)
    assert set(sentences(begin)).isdisjoint(sentences(end))
    assert len(ends("long " * 50 + "end.", 10)[0].split()) == 51


def test_plain_keeps_words_and_drops_what_is_no_prose() -> None:
    markdown = (
        "| a | b |\n|---|---|\n\n> quote\n\nSee **this** [page](x.md).\n```python\nx = 1\n```\n"
    )
    assert plain(markdown) == "See this page."
    assert plain("![alt](x.png)\n\nA $w_1$ here.") == "A w_1 here."


def test_a_glossary_gives_a_passage_for_each_term() -> None:
    markdown = (
        "# G\n\n```{glossary}\n:sorted:\n\nloss\n  How wrong.\n\ntwo words\n  More\n  text.\n```\n"
    )
    assert list(of_glossary(markdown)) == [
        Passage("glossary loss", "loss", "How wrong."),
        Passage("glossary two words", "two words", "More text."),
    ]


def test_the_digest_sees_every_part_and_the_order() -> None:
    a, b = Passage("n", "t", "x"), Passage("m", "t", "y")
    others = [[b, a], [a], [Passage("n", "t", "z"), b], [Passage("n", "s", "x"), b]]
    assert len({digest(found) for found in [[a, b], *others]}) == 5
    assert digest([a, b]) == digest([a, b])


def test_the_stored_passages_are_those_that_the_questions_were_written_for() -> None:
    found = book.passages()
    names = [passage.name for passage in found]
    assert len(set(names)) == len(names) == 983
    assert digest(found) == book.DIGEST
    assert all(passage.text and passage.title for passage in found)


def test_another_file_is_refused(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="SHA-256"):
        shipped.read(book.FILE, "0" * 64, shipped.TEXTS)
