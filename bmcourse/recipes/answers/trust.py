"""How probable it is that a right passage is among those shown, learned from a few signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bmcourse.checks import Array
from bmcourse.recipes.answers.fusion import weighted
from bmcourse.recipes.answers.questions import Question, overlap
from bmcourse.recipes.answers.search import SHARE, Search

SIGNS = ("cosine", "BM25", "words covered")


@dataclass(frozen=True)
class Seen:
    """What a search brought for some questions.

    Attributes
    ----------
    shown : ndarray of shape (questions, k)
        Numbers of the passages shown, the best first.
    signs : ndarray of shape (questions, 3)
        Of the first passage: cosine, BM25's score, share of the question's words in it.
    correct : ndarray of bool, shape (questions,)
        Whether a passage that answers is shown; never, where the book does not answer.
    answerable : ndarray of bool, shape (questions,)
    """

    shown: Array
    signs: Array
    correct: Array
    answerable: Array


def look(search: Search, asked: Sequence[Question], k: int = 3) -> Seen:
    """Search for each question and collect the signs; `asked` may hold unanswerable ones."""
    texts = [question.english for question in asked]
    by_words, by_vectors = search.by_words(texts), search.by_vectors(texts)
    shown = np.argsort(-weighted(by_words, by_vectors, SHARE), axis=1, kind="stable")[:, :k]
    rows, first = np.arange(len(texts)), shown[:, 0]
    covered = [overlap(t, search.passages[i].whole) for t, i in zip(texts, first, strict=True)]
    signs = np.column_stack([by_vectors[rows, first], by_words[rows, first], covered])
    right = search.right(asked)
    correct = np.array([bool({*row} & {*places}) for row, places in zip(shown, right, strict=True)])
    return Seen(shown, signs, correct, np.array([bool(places) for places in right]))


def learned(seen: Seen) -> Pipeline:
    """Return a logistic regression from signs to the probability that a right one is shown."""
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(seen.signs, seen.correct)
