"""An answer without a language model: the sentence of the passages nearest to the question."""

from __future__ import annotations

from collections.abc import Sequence

from bmcourse import checks
from bmcourse.recipes.answers.passages import sentences
from bmcourse.recipes.language.sentence_encoder import SentenceEncoder


def nearest_sentence(encoder: SentenceEncoder, question: str, texts: Sequence[str]) -> str:
    """Return the sentence of all texts whose vector is nearest to the question's."""
    found = [sentence for text in texts for sentence in sentences(text)]
    if not found:
        checks.fail("texts", "texts with a sentence", "none")
    vectors = encoder.encode([question, *found])
    return found[int((vectors[1:] @ vectors[0]).argmax())]
