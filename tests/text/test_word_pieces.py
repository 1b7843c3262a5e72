"""WordPiece beside Hugging Face's tokenizer, which reads the published file."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from bmcourse import datasets
from bmcourse.text import WordPieceTokenizer

PIECES = ["[UNK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnop"),
          "film", "##film", "fi", "##lm", "un", "##seen", "seen",
          "!", ",", "'", "$", "好", "1", "##2"]  # fmt: skip
TEXTS = ["Unseen FILM!", "café, über", "好看 film好", "a\tb\n c", "don't $12", "", "  ", "zzz q##r",
         "x" * 101, "a" * 100,
         "\x00a\ufffdb\u200bc", "ﬁlm Å ½", "film\u00a0film\u3000a"]  # fmt: skip


@pytest.fixture(scope="module")
def theirs() -> Tokenizer:
    model = models.WordPiece({p: i for i, p in enumerate(PIECES)}, unk_token="[UNK]")
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_are_hugging_face_s(theirs: Tokenizer, text: str) -> None:
    assert WordPieceTokenizer(PIECES).encode(text) == theirs.encode(text).ids


def test_random_signs(theirs: Tokenizer) -> None:
    rng = np.random.default_rng(0)
    ours = WordPieceTokenizer(PIECES)
    # Latin, Greek, Cyrillic and Chinese: of rarer signs each program has its own version of Unicode
    known = [chr(code) for code in (*range(32, 0x530), *range(0x4E00, 0x9FA6))]
    known = [sign for sign in known if unicodedata.category(sign) != "Cn"]
    for _ in range(300):
        text = "".join(rng.choice(known, 20)) + "".join(rng.choice(list("film unseen,好"), 20))
        assert ours.encode(text) == theirs.encode(text).ids, ascii(text)


def test_a_vocabulary_without_unknown_and_another_type_are_refused() -> None:
    with pytest.raises(ValueError, match="UNK"):
        WordPieceTokenizer(["a"])
    with pytest.raises(ValueError, match="text must be"):
        WordPieceTokenizer(PIECES).encode(b"a")  # type: ignore[arg-type]


def test_the_published_vocabulary() -> None:
    if not datasets.status("minilm").verified:
        pytest.skip("the published model is not on this machine")
    archive = zipfile.ZipFile(io.BytesIO(datasets.minilm().content.tobytes()))
    published = Tokenizer.from_str(archive.read("tokenizer.json").decode())
    published.no_padding()
    published.no_truncation()
    vocabulary = published.get_vocab()
    ours = WordPieceTokenizer(sorted(vocabulary, key=lambda piece: vocabulary[piece]))
    for title, text in datasets.novels().texts.items():
        found = [101, *ours.encode(text[:20_000]), 102]
        assert found == published.encode(text[:20_000]).ids, title
    verse = "\n".join(datasets.quatrains().poems[:300])
    assert [101, *ours.encode(verse), 102] == published.encode(verse).ids
