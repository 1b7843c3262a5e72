"""Pairs of passages and hidden places, on texts whose ids tell where they stood."""

from __future__ import annotations

import numpy as np
import pytest

from bmcourse.recipes.language import bert, masked

TEXTS = [
    " ".join(f"w{100 * k + i}" + (" ." if i % 7 == 6 else "") for i in range(90)) for k in range(6)
]
NUMBERS: dict[str, int] = {}


def encode(text: str) -> list[int]:
    return [NUMBERS.setdefault(word, len(NUMBERS)) for word in text.split()]


CORPUS = masked.Corpus.of(TEXTS, encode)


def owner() -> np.ndarray:
    """Return the number of the text to which each place of the corpus belongs."""
    return np.searchsorted(CORPUS.ends, np.arange(len(CORPUS.ids)), side="right")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A<br />B, it's co-written.", "a b , it's co-written ."),
        ("why?!", "why ? !"),
        ("", ""),
    ],
)
def test_punctuation_stands_alone(text: str, expected: str) -> None:
    assert masked.spaced(text) == expected


def test_sentences_join_to_the_text() -> None:
    text = masked.spaced("One. Two?! Three... and four")
    found = masked.sentences(text)
    assert found == ["one .", " two ? !", " three . . .", " and four"]
    assert "".join(found) == text


def test_corpus_holds_every_id_once() -> None:
    assert len(CORPUS.ids) == sum(len(text.split()) for text in TEXTS)
    assert CORPUS.ids.min() == bert.SPECIALS
    np.testing.assert_array_equal(CORPUS.text[[0, -1]], [0, 5])


def test_pairs_are_neighbours_or_of_two_texts() -> None:
    ids, segments, follows = CORPUS.pairs(400, 23, np.random.default_rng(0))
    assert ids.shape == segments.shape == (400, 23)
    assert 0.4 < follows.mean() < 0.6
    np.testing.assert_array_equal(
        ids[:, [0, 11, 22]], [[bert.CLASS, bert.SEPARATOR, bert.SEPARATOR]] * 400
    )
    np.testing.assert_array_equal(segments.sum(axis=1), 11)
    starts, of = {tuple(CORPUS.ids[i : i + 10]): i for i in range(len(CORPUS.ids) - 9)}, owner()
    for row, goes_on in zip(ids, follows, strict=True):
        a, b = starts[tuple(row[1:11])], starts[tuple(row[12:22])]
        assert of[a] == of[a + 9]
        assert b in CORPUS.starts
        assert (b == a + 10) if goes_on else (of[a] != of[b])


def test_neighbours_come_from_different_texts() -> None:
    first, second = CORPUS.neighbours(6, 20, np.random.default_rng(0))
    starts, of = {tuple(CORPUS.ids[i : i + 20]): i for i in range(len(CORPUS.ids) - 19)}, owner()
    found = [(starts[tuple(a)], starts[tuple(b)]) for a, b in zip(first, second, strict=True)]
    assert all(b == a + 20 for a, b in found)
    assert sorted(of[a] for a, _ in found) == sorted(of[b + 19] for _, b in found) == list(range(6))


def test_hidden_places_of_three_kinds() -> None:
    ids, _, _ = CORPUS.pairs(3_000, 23, np.random.default_rng(1))
    seen, places, targets = masked.hide(ids, 6, 600, np.random.default_rng(2))
    assert all(len(set(row)) == 6 for row in places)
    np.testing.assert_array_equal(np.take_along_axis(ids, places, 1), targets)
    assert targets.min() >= bert.SPECIALS
    shown = np.take_along_axis(seen, places, 1)
    shares = [(shown == bert.MASK).mean(), (shown == targets).mean()]
    np.testing.assert_allclose(shares, [0.8, 0.1], atol=0.01)
    untouched = np.ones(ids.shape, bool)
    np.put_along_axis(untouched, places, False, axis=1)
    np.testing.assert_array_equal(seen[untouched], ids[untouched])
    counts = np.bincount(places.ravel(), minlength=23)[1:-1]
    counts = np.delete(counts, 10)  # the middle separator
    assert counts.min() > 0.8 * counts.max()  # every place alike


def test_padded_texts() -> None:
    ids, segments = masked.padded(["w0 w1", "w0 w1 w2 w3 w4"], encode, 5)
    w = [NUMBERS[f"w{i}"] + bert.SPECIALS for i in range(3)]
    assert ids.tolist() == [[1, w[0], w[1], 2, 0], [1, *w, 2]]
    assert not segments.any()
