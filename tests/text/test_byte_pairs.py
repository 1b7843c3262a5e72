"""Byte pairs: the way back for any text; the library `tokenizers`, and a slow loop, as oracles."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

import pytest
import tokenizers
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import decoders, models, pre_tokenizers

from bmcourse.text import BytePairTokenizer
from bmcourse.text.byte_pairs import pattern

TEXTS = [
    "The lower the rate, the slower the walk; the slowest walker isn't lost.",
    "it's low, it's lower, it's the lowest 1234 12345 ½ ² x_y",
    "你好，世界。你好，朋友。世界很大。 🙂🙂🙂 naïve café\n\n  two  lines\t",
] * 3
TRAINED = BytePairTokenizer.train(TEXTS, vocab_size=340)
ANY = st.text(st.characters(codec=None, categories=None))  # lone surrogates, too


@given(ANY)
@example("\ud83d")
@example("a\udc00b")
@example("🙂\u0301 \x00\x1c\x85\u2028")
@example("")
def test_the_way_back_is_exact_for_every_text(text: str) -> None:
    assert TRAINED.decode(TRAINED.encode(text)) == text


def library(merges: BytePairTokenizer) -> tokenizers.Tokenizer:
    """Return the library's tokenizer with the same merges; it writes bytes as letters."""
    letters = bytes_as_letters()
    names = ["".join(letters[b] for b in piece) for piece in merges.pieces]
    pairs = [(names[left], names[right]) for left, right in merges.merges]
    model = models.BPE(vocab={name: i for i, name in enumerate(names)}, merges=pairs)
    found = tokenizers.Tokenizer(model)
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = decoders.ByteLevel()
    return found


def bytes_as_letters() -> list[str]:
    """Return GPT-2's letter for each byte: itself where it can be seen, else one from 256 on."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in seen]
    return [chr(b) if b in seen else chr(256 + hidden.index(b)) for b in range(256)]


ORACLE = library(TRAINED)


@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"])))
@example("it's 'll' don't  two   spaces \n\n x")
@example("½² 12³ ⅷ x_y __ a̐b")
@example("\u00a0\u2003 mixed\u3000spaces\r\n")
@example("世界 hello，你好")
def test_ids_are_those_of_the_library(text: str) -> None:
    assert TRAINED.encode(text) == ORACLE.encode(text).ids


@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"])))
@example("x² ½a 12³b ⅷⅷ x_y")
def test_the_pieces_before_merging_are_those_of_the_library(text: str) -> None:
    letters = bytes_as_letters()
    theirs = [piece for piece, _ in ORACLE.pre_tokenizer.pre_tokenize_str(text)]
    ours = ["".join(letters[b] for b in piece.encode()) for piece in pattern().findall(text)]
    assert ours == theirs


def test_texts_of_the_training_too() -> None:
    for text in TEXTS:
        ids = TRAINED.encode(text)
        assert ids == ORACLE.encode(text).ids
        assert len(ids) < 0.6 * len(text.encode())
        assert ORACLE.decode(ids) == text


def slow_merges(texts: list[str], count: int) -> list[tuple[int, int]]:
    """Count all pairs anew at every step."""
    words = Counter(word for text in texts for word in pattern().findall(text))
    pieces = {word: list(word.encode()) for word in words}
    merges: list[tuple[int, int]] = []
    for new in range(256, 256 + count):
        pairs: Counter[tuple[int, int]] = Counter()
        for word, ids in pieces.items():
            for pair in pairwise(ids):
                pairs[pair] += words[word]
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word, ids in pieces.items():
            at, joined = 0, []
            while at < len(ids):
                here = tuple(ids[at : at + 2]) == best
                joined.append(new if here else ids[at])
                at += 2 if here else 1
            pieces[word] = joined
    return merges


def test_training_is_that_of_a_slow_loop() -> None:
    assert slow_merges(TEXTS, 84) == TRAINED.merges
    repeated = ["aaaaaaa aaaa aaa baba babab"]
    assert slow_merges(repeated, 5) == BytePairTokenizer.train(repeated, vocab_size=261).merges


def test_training_ends_when_no_pair_stands_twice() -> None:
    assert len(BytePairTokenizer.train(["abab"], vocab_size=999)) == 257
    assert len(BytePairTokenizer.train([], vocab_size=300)) == 256
    assert len(TRAINED) == 340


def test_merges_can_be_stored_as_json() -> None:
    again = BytePairTokenizer(json.loads(json.dumps(TRAINED.merges)))
    assert again.pieces == TRAINED.pieces
    assert again.encode(TEXTS[2]) == TRAINED.encode(TEXTS[2])


def test_what_a_model_might_write_is_shown() -> None:
    """Half a character is no text: the sign for it, and no error."""
    assert TRAINED.decode([0xE4, 0xBD]) == "\ufffd"
    assert TRAINED.decode([72, 105]) == "Hi"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TRAINED.decode([340]), "ids must be whole numbers from 0 to 339, got 340"),
        (lambda: TRAINED.decode([-1]), "ids must be whole numbers from 0 to 339, got -1"),
        (lambda: TRAINED.encode(b"bytes"), "text must be a text, got bytes"),  # type: ignore[arg-type]
        (lambda: BytePairTokenizer([(0, 256)]), r"merges\[0\] must be pairs .* below 256, got"),
        (lambda: BytePairTokenizer.train("one", 300), "texts must be several texts"),
        (lambda: BytePairTokenizer.train([], 255), "vocab_size must be a whole number of at least"),
    ],
)
def test_refuses_what_does_not_fit(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
