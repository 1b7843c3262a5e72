"""Jane Austen's novels, cut into text to learn from and two kinds of text to be judged on."""

from __future__ import annotations

from dataclasses import dataclass

from bmcourse import datasets

HELD_OUT = "Persuasion"
"""The novel of which nothing is learned."""


@dataclass(frozen=True)
class Splits:
    """The texts, each a string.

    Attributes
    ----------
    training : str
        The first 90 % of five novels.
    validation : str
        The next 5 % of each of the five: settings are chosen on it.
    ends : str
        Their last 5 %: known stories, people and places.
    novel : str
        A sixth novel, whole: a new story.
    """

    training: str
    validation: str
    ends: str
    novel: str


def splits() -> Splits:
    """Cut the novels.

    Examples
    --------
    >>> cut = splits()
    >>> len(cut.training), len(cut.validation), len(cut.ends), len(cut.novel)
    (3201966, 177886, 177889, 466854)
    """
    texts = datasets.novels().texts
    parts: list[list[str]] = [[], [], []]
    for title, text in texts.items():
        if title != HELD_OUT:
            first, second = 9 * len(text) // 10, 19 * len(text) // 20
            for part, piece in zip(
                parts, (text[:first], text[first:second], text[second:]), strict=True
            ):
                part.append(piece)
    training, validation, ends = map("".join, parts)
    return Splits(training, validation, ends, texts[HELD_OUT])
