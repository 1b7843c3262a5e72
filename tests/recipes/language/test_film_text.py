"""The parts of the film texts: nothing in two of them, and a stand-in for machines without."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from bmcourse.recipes.language.film_text import film_text, reading


def films() -> Any:
    """Return 120 reviews and 3,500 sentences, one of each a copy."""
    texts = [f"Review {i}. It was long!" for i in range(120)] + ["review 7.  It was long!"]
    texts += [f"sentence {i} ." for i in range(3_500)] + ["sentence 5 ."]
    labels = [i % 2 for i in range(120)] + [1] + [i % 2 for i in range(3_500)] + [1]
    return SimpleNamespace(texts=tuple(texts), labels=labels, groups=[0] * 121 + [1] * 3_501)


def test_parts_share_no_text() -> None:
    parts = film_text(cast(Any, films()))
    assert len(parts.held_out) == 3
    assert len(parts.training) == 117
    assert not set(parts.training) & set(parts.held_out)
    assert parts.held_out[1] == "review 50 . it was long !"
    rows = [set(map(int, rows)) for rows in (parts.test, parts.validation, parts.pool)]
    assert [len(part) for part in rows] == [2_000, 1_000, 500]
    assert set.union(*rows) == set(range(3_500))
    assert parts.labels[parts.sentences.index("sentence 9 .")] == 1


def test_reading_without_the_set() -> None:
    training, held_out = reading(None, 10_000)
    assert len(training) > 100
    assert len(held_out) > 20
    assert "anne elliot" in " ".join(held_out)
    assert "anne elliot" not in " ".join(training)
    assert len(reading(cast(Any, films()), 20)[0]) == 20
