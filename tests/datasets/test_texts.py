"""Texts that ship: they are what the registry says, and damage is named."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from bmcourse.datasets import novels, quatrains, shipped, word_vectors
from bmcourse.datasets.errors import DataError

TITLES = [
    "Sense and Sensibility",
    "Pride and Prejudice",
    "Mansfield Park",
    "Emma",
    "Northanger Abbey",
    "Persuasion",
]


def test_the_novels_are_whole() -> None:
    books = novels()
    assert list(books.texts) == TITLES
    assert repr(books) == "<Jane Austen's novels: 6 novels, 4,024,595 characters>"
    assert "universally acknowledged" in books.texts["Pride and Prejudice"][:1000]
    everything = "".join(books.texts.values())
    assert len(set(everything)) == 81  # with the line feed
    assert not set(everything) & {"\r", "\t", "\ufeff"}
    for text in books.texts.values():
        assert text.endswith("\n")
        assert "Gutenberg" not in text
        assert "Signet" not in text  # the note of a publisher of today


def test_the_quatrains_are_whole() -> None:
    verse = quatrains()
    assert repr(verse) == "<Quatrains of the Tang dynasty: 11,110 poems, 3,137 signs>"
    assert len(set(verse.poems)) == len(verse.poems)
    for poem in verse.poems:
        lines = poem[:-1].replace("。", "，").split("，")
        assert len(lines) == 4
        assert {len(line) for line in lines} in ({5}, {7})


def test_groups_of_finals_find_the_rhymes_of_poems_everybody_knows() -> None:
    verse = quatrains()
    famous = next(poem for poem in verse.poems if "疑是地上霜" in poem)  # Li Bai
    assert verse.groups[famous[-2]] == verse.groups["霜"] == "ang"
    ends = [(poem[len(poem) // 2 - 2], poem[-2]) for poem in verse.poems]
    known = [verse.groups.get(a) == verse.groups.get(b) for a, b in ends]
    assert 0.84 < np.mean(known) < 0.88  # 1,200 years of change lost one in seven


def test_the_vectors_are_whole() -> None:
    glove = word_vectors()
    assert len(glove.words) == len(set(glove.words)) == len(glove.vectors) == 20_000
    assert glove.vectors.dtype == np.float32
    assert np.isfinite(glove.vectors).all()
    np.testing.assert_array_equal(glove["film"], glove.vectors[glove.words.index("film")])
    assert repr(glove) == "<GloVe word vectors: 20,000 words, 50 numbers each>"


def test_the_nearest_words_are_those_of_a_slow_loop() -> None:
    glove = word_vectors()
    wanted = glove["king"] - glove["man"] + glove["woman"]
    found = glove.nearest(wanted, 3, without=("king", "man", "woman"))
    cosines = {
        word: float(v @ wanted / np.linalg.norm(v) / np.linalg.norm(wanted))
        for word, v in zip(glove.words, glove.vectors, strict=True)
        if word not in ("king", "man", "woman")
    }
    best = sorted(cosines, key=lambda word: -cosines[word])[:3]
    assert [word for word, _ in found] == best
    assert best[0] == "queen"
    assert found[0][1] == pytest.approx(cosines["queen"], rel=1e-5)


def test_an_unknown_word_and_a_wrong_vector_are_named() -> None:
    glove = word_vectors()
    with pytest.raises(KeyError, match="'qwertz' is not among the 20,000 words"):
        glove["qwertz"]
    with pytest.raises(ValueError, match=r"vector must be an array of shape \(50\)"):
        glove.nearest(np.ones(3))


def test_the_registry_holds_each_file_and_no_other() -> None:
    about = shipped.registry(shipped.TEXTS)
    named = {book["file"]: book["sha256"] for book in about["novels"]["books"]}
    named[about["word_vectors"]["file"]] = about["word_vectors"]["sha256"]
    verse = about["quatrains"]
    named |= {verse[part]: verse[f"{part}_sha256"] for part in ("poems", "rhymes")}
    named[about["book_passages"]["file"]] = about["book_passages"]["sha256"]
    files = {path.name: path for path in shipped.TEXTS.glob("*.[nx][pz]*")}
    assert files.keys() == named.keys()
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == named[name]
    assert sum(path.stat().st_size for path in files.values()) < 6_000_000


@pytest.mark.parametrize(
    ("name", "read"),
    [("emma.txt.xz", novels), ("rhymes.txt.xz", quatrains), ("word_vectors.npz", word_vectors)],
)
def test_damage_and_loss_are_named(tmp_path: Path, name: str, read: object) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(shipped.TEXTS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(DataError, match=f"{name} must have the SHA-256 .* install bmcourse again"):
        read(folder)  # type: ignore[operator]
    (folder / name).unlink()
    with pytest.raises(DataError, match=r"is missing\. Install bmcourse again"):
        read(folder)  # type: ignore[operator]
