"""Exercises on CIFAR-10 with Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.cifar10_with_keras.network_parameters import network_parameters
from bmcourse.exercises import Case, Exercise

__all__ = ["network_parameters", "smallest_loss", "worst_confusion"]

Array = npt.NDArray[Any]


def _smallest(classes: int, best: float) -> float:
    rest = (1 - best) / (classes - 1)
    return float(-np.log(np.exp(best) / (np.exp(best) + (classes - 1) * np.exp(rest))))


def _nothing_shared(classes: int, best: float) -> float:
    others = (classes - 1) * np.exp(1 - best)
    return float(-np.log(np.exp(best) / (np.exp(best) + others)))


def _shared_by_all(classes: int, best: float) -> float:
    others = (classes - 1) * np.exp((1 - best) / classes)
    return float(-np.log(np.exp(best) / (np.exp(best) + others)))


smallest_loss = Exercise(
    "smallest loss with softmax twice",
    reference=_smallest,
    cases=lambda rng: [(2, 1.0), (10, 1.0), (10, 0.5), (1000, 0.9), (3, 0.4)],
    mistakes={
        "float(-np.log(best))": "That is the loss with softmax once. The probabilities go through softmax again.",
        "float(-np.log(np.exp(best) / (np.exp(best) + (classes - 1))))": "The others have the exponent 0 only if best is 1. Else they share what is left.",
        "float(np.exp(best) / (np.exp(best) + (classes - 1) * np.exp((1 - best) / (classes - 1))))": "That is the probability. The loss is minus its natural logarithm.",
        "_smallest(classes + 1, best)": "There are classes - 1 other classes, not as many as classes.",
        "-_smallest(classes, best)": "The sign: a logarithm of a probability is negative, and the loss is minus that.",
        _nothing_shared: "The others share what is left: each gets (1 - best) / (classes - 1).",
        "_smallest(classes, best) / float(np.log(10))": "That is the logarithm to base 10. Use the natural one, np.log.",
        "_smallest(classes, best) / float(np.log(2))": "That is the logarithm to base 2. Use the natural one, np.log.",
        _shared_by_all: "The rest is shared by the others: divide it by classes - 1, not by classes.",
        "float(-np.log(np.exp(best) / (np.exp(best) + np.exp((1 - best) / (classes - 1)))))": "There are classes - 1 other classes. You counted one of them.",
        "float(-np.log(np.exp(best) / (np.exp(best) + 1 - best)))": "Softmax raises e to each of the other probabilities, too, before it adds them up.",
        "float(np.log(classes))": "That is the loss where all probabilities are equal. The right one gets best.",
    },
)


def _largest_off_diagonal(shares: Array) -> tuple[int, int]:
    kept = np.where(np.eye(len(shares)) == 1, -1.0, shares)
    row, column = np.unravel_index(kept.argmax(), kept.shape)
    return int(row), int(column)


def _shares_of_mistakes(matrix: Array) -> Array:
    return matrix / matrix.sum(axis=1, keepdims=True) * (1 - np.eye(len(matrix)))


def _worst(matrix: Array) -> tuple[int, int]:
    return _largest_off_diagonal(matrix / matrix.sum(axis=1, keepdims=True))


def _counted(matrix: Array) -> tuple[int, int]:
    return _largest_off_diagonal(matrix)


def _with_diagonal(matrix: Array) -> tuple[int, int]:
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    row, column = np.unravel_index(shares.argmax(), shares.shape)
    return int(row), int(column)


def _matrices(rng: np.random.Generator) -> list[Case]:
    small = np.array([[8, 2, 0], [30, 60, 10], [1, 6, 13]])
    uneven = np.array([[90, 10, 0], [3, 5, 2], [0, 12, 188]])
    tie = np.array([[6, 0, 4], [4, 6, 0], [1, 0, 9]])
    return [(small,), (uneven,), (tie,), *((rng.integers(1, 50, (6, 6)),) for _ in range(4))]


FLAT = (
    "argmax counts all fields in one row. Turn its answer into a pair with "
    "np.unravel_index(…, matrix.shape)."
)


def _place(pair: tuple[int, int], matrix: Array) -> int:
    return pair[0] * matrix.shape[1] + pair[1]


def _only_among_mistakes(matrix: Array) -> tuple[int, int]:
    mistakes = matrix * (1 - np.eye(len(matrix)))
    return _largest_off_diagonal(mistakes / mistakes.sum(axis=1, keepdims=True))


def _of_the_worst_class(matrix: Array) -> tuple[int, int]:
    shares = _shares_of_mistakes(matrix)
    row = shares.sum(axis=1).argmax()
    return int(row), int(shares[row].argmax())


worst_confusion = Exercise(
    "most frequent kind of mistake",
    reference=_worst,
    cases=_matrices,
    mistakes={
        _with_diagonal: "The diagonal holds the right answers: leave it out.",
        _counted: "You compared counts. Divide each row by its sum: the classes may differ in size.",
        "_largest_off_diagonal(matrix / matrix.sum(axis=0, keepdims=True))": "You divided the columns. The share of a true class is taken along its row.",
        "_worst(matrix)[::-1]": "The other way round: the row is the true class, the column what was said.",
        "_place(_worst(matrix), matrix)": FLAT,
        "_place(_counted(matrix), matrix)": FLAT,
        "_place(_with_diagonal(matrix), matrix)": FLAT,
        _only_among_mistakes: "Divide by the whole row, right answers included. Empty the diagonal after that.",
        "_largest_off_diagonal(matrix / matrix.sum(axis=1))": "Without keepdims=True, each column is divided by a row's sum. Divide each row by its own.",
        "_shares_of_mistakes(matrix).argmax(axis=1)": "That is the worst mistake of each class. Return the worst of all, as a pair.",
        "float(_shares_of_mistakes(matrix).max())": "That is the share. Return where it stands: (true class, said class).",
        "(_worst(matrix)[0] + 1, _worst(matrix)[1] + 1)": "Right, but count the classes from 0, as an index does.",
        "(len(matrix) - 1 - _worst(matrix[::-1, ::-1])[0], len(matrix) - 1 - _worst(matrix[::-1, ::-1])[1])": "If two are equal, take the first in reading order, not the last.",
        "_largest_off_diagonal(matrix.T / matrix.sum(axis=1))[::-1]": "If two are equal, take the first in reading order: row by row, not column by column.",
        _of_the_worst_class: "You took the worst class first. The most frequent kind of mistake may belong to another one.",
        "(*_worst(matrix), _shares_of_mistakes(matrix).max())": "The pair is right. Return it alone, without the share.",
    },
)
