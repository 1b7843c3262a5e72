"""Film reviews as the text without labels, film sentences as the task with labels."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bmcourse.datasets import LabelledTexts, novels
from bmcourse.recipes.language.masked import spaced
from bmcourse.text import distinct

TEST, VALIDATION, HELD_OUT = 2_000, 1_000, 50


@dataclass(frozen=True)
class FilmText:
    """The parts of the set, copies dropped, all texts as `spaced` leaves them.

    Attributes
    ----------
    training, held_out : list of str
        Whole reviews; each fiftieth is held out.
    sentences : list of str
        Short judgements of films.
    labels : ndarray of shape (sentences,)
        1 for praise.
    test, validation, pool : ndarray
        Places of the sentences: 2,000 and 1,000 that are never trained on, and all others.
    """

    training: list[str]
    held_out: list[str]
    sentences: list[str]
    labels: npt.NDArray[np.int64]
    test: npt.NDArray[np.int64]
    validation: npt.NDArray[np.int64]
    pool: npt.NDArray[np.int64]


def film_text(films: LabelledTexts) -> FilmText:
    """Cut `bmcourse.datasets.reviews()` into its parts, the same ones each time."""
    keep = distinct(films.texts, films.labels)
    groups, labels = np.asarray(films.groups)[keep], np.asarray(films.labels)[keep].astype(np.int64)
    long = [spaced(films.texts[i]) for i in keep[groups == 0]]
    short = [spaced(films.texts[i]) for i in keep[groups == 1]]
    order = np.random.default_rng(2002).permutation(len(short))
    held = set(range(0, len(long), HELD_OUT))
    return FilmText(
        [text for number, text in enumerate(long) if number not in held],
        [long[number] for number in sorted(held)],
        short,
        labels[groups == 1],
        order[:TEST],
        order[TEST : TEST + VALIDATION],
        order[TEST + VALIDATION :],
    )


def reading(films: LabelledTexts | None, n: int) -> tuple[list[str], list[str]]:
    """Return `n` reviews to train on, and the held-out ones.

    Without the set, chapters of five novels and those of a sixth, *Persuasion*, stand in for them.
    """
    if films is not None:
        parts = film_text(films)
        return parts.training[:n], parts.held_out
    books = {title: chapters(text) for title, text in novels().texts.items()}
    held_out = books.pop("Persuasion")
    return [chapter for book in books.values() for chapter in book][:n], held_out


def chapters(novel: str) -> list[str]:
    """Return the chapters of a novel as `spaced` leaves them."""
    parts = re.split(r"\bchapter [0-9ivxl]+\b", novel, flags=re.IGNORECASE)
    return [text for part in parts if len(text := spaced(part)) > 1_000]
