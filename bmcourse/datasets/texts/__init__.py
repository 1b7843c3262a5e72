"""Texts and word vectors that ship whole inside the package, each checked by its SHA-256."""

from __future__ import annotations

from bmcourse.datasets.texts.novels import Novels, novels
from bmcourse.datasets.texts.quatrains import Quatrains, quatrains
from bmcourse.datasets.texts.vectors import WordVectors, word_vectors

__all__ = ["Novels", "Quatrains", "WordVectors", "novels", "quatrains", "word_vectors"]
