"""The questions: enough of each kind, split by section, and not copied from their passages."""

from __future__ import annotations

import collections

import numpy as np
import pytest

from bmcourse.recipes.answers import book
from bmcourse.recipes.answers.questions import of, overlap, questions, sections


def test_there_are_enough_of_each_kind() -> None:
    found = questions()
    kinds = collections.Counter(question.kind for question in found)
    assert kinds == {"own words": 128, "terms": 50, "outside": 34}
    assert sum(bool(q.chinese) for q in found if q.passages) >= 30
    assert len({question.english for question in found}) == len(found)
    assert all(bool(q.passages) == (q.kind != "outside") == bool(q.answer) for q in found)


def test_no_section_is_on_both_sides() -> None:
    sides = [set(sections(of(part, answered=True))) for part in ("validation", "test")]
    assert sides[0].isdisjoint(sides[1])
    assert all(len(of(part, answered=False)) == 17 for part in ("validation", "test"))
    with pytest.raises(ValueError, match="part"):
        of("train", answered=True)


def test_own_words_are_not_the_passages() -> None:
    text = {passage.name: passage.whole for passage in book.passages()}
    shared = collections.defaultdict(list)
    for q in questions():
        if q.passages:
            shared[q.kind].append(overlap(q.english, text[q.passages[0]]))
    assert np.mean(shared["own words"]) < 0.3
    assert np.mean(shared["terms"]) > 0.6


def test_answers_stand_in_their_passages() -> None:
    text = {passage.name: passage.whole for passage in book.passages()}
    share = [
        overlap(q.answer, " ".join(text[name] for name in q.passages))
        for q in questions()
        if q.answer
    ]
    assert np.mean(share) > 0.7
    assert min(share) > 0.2
