"""Exercises on texts as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]
Pair = tuple[int, int]


def _merged(ids: list[int], pair: Pair, new: int) -> list[int]:
    result: list[int] = []
    at = 0
    while at < len(ids):
        if tuple(ids[at : at + 2]) == tuple(pair):
            result.append(new)
            at += 2
        else:
            result.append(ids[at])
            at += 1
    return result


def _one_step(ids: list[int], pair: Pair, new: int, keep: int) -> list[int]:
    """Write `new` for each pair, but then move on by one place only; or keep one of the two."""
    result: list[int] = []
    for at, number in enumerate(ids):
        found = tuple(ids[at : at + 2]) == tuple(pair)
        before = at > 0 and tuple(ids[at - 1 : at + 1]) == tuple(pair)
        if found:
            result.append(new)
        elif not before or keep:
            result.append(number)
    return result


def _first_only(ids: list[int], pair: Pair, new: int) -> list[int]:
    for at in range(len(ids) - 1):
        if tuple(ids[at : at + 2]) == tuple(pair):
            return [*ids[:at], new, *ids[at + 2 :]]
    return list(ids)


def _from_the_right(ids: list[int], pair: Pair, new: int) -> list[int]:
    return _merged(list(ids)[::-1], (pair[1], pair[0]), new)[::-1]


def _again(ids: list[int], pair: Pair, new: int) -> list[int]:
    """Drop what follows the last whole pair of places: every second place is looked at."""
    result: list[int] = []
    for at in range(0, len(ids), 2):
        two = list(ids[at : at + 2])
        result += [new] if tuple(two) == tuple(pair) else two
    return result


def _short(ids: list[int], pair: Pair, new: int) -> list[int]:
    result: list[int] = []
    at = 0
    while at < len(ids) - 1:
        if (ids[at], ids[at + 1]) == tuple(pair):
            result.append(new)
            at += 2
        else:
            result.append(ids[at])
            at += 1
    return result


def _merge_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [(rng.integers(1, 4, size=n).tolist(), (1, 2), 9) for n in (6, 15)]
    return [
        ([1, 2], (1, 2), 5),
        ([3, 1, 2, 1, 2, 1], (1, 2), 5),
        ([7, 7, 7], (7, 7), 8),
        ([7, 7, 7, 7, 2], (7, 7), 8),
        ([], (1, 2), 3),
        *drawn,
    ]


merged = Exercise(
    "one merge of byte-pair encoding",
    reference=_merged,
    cases=_merge_cases,
    mistakes={
        "_one_step(ids, pair, new, 1)": "Both parts of a pair are used up: after a merge, go on two places, not one.",
        "_one_step(ids, pair, new, 0)": "Three equal ids in a row hold one pair, not two: after a merge, go on two places.",
        _first_only: "Only the first pair was merged. Replace every one, from the left to the right.",
        _from_the_right: "Go from the left: of three equal ids, the first two are merged.",
        _again: "You looked at every second place only. A pair may begin at any place.",
        _short: "The last id is lost where it does not end a pair.",
        "[new if i in pair else i for i in ids]": "That replaces single ids. Only the two side by side, in this order, are a pair.",
        "_merged(ids, (pair[1], pair[0]), new)": "The order counts: the left id of the pair comes first.",
        "[i for i in _merged(ids, pair, new) if i == new]": "The ids that are not merged must stay.",
    },
)


def _scatter_add(ids: Array, dY: Array, rows: int) -> Array:
    dE = np.zeros((rows, dY.shape[1]))
    np.add.at(dE, np.asarray(ids), dY)
    return dE


def _last_wins(ids: Array, dY: Array, rows: int) -> Array:
    dE = np.zeros((rows, dY.shape[1]))
    dE[np.asarray(ids)] += dY
    return dE


def _counts(ids: Array, rows: int) -> Array:
    return np.maximum(np.bincount(ids, minlength=rows), 1)[:, np.newaxis]


def _embedding_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([2, 0, 2]), np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]), 4)
    drawn = [
        (rng.integers(0, v, n), rng.normal(size=(n, d)), v) for n, d, v in ((5, 3, 4), (9, 2, 3))
    ]
    return [small, *drawn]


embedding_backward = Exercise(
    "gradient of an embedding",
    reference=_scatter_add,
    cases=_embedding_cases,
    mistakes={
        _last_wins: "A word that comes twice got only one of its gradients: dE[ids] += dY writes each row once. Use np.add.at, or a loop.",
        "_scatter_add(ids, dY, rows) / _counts(ids, rows)": "You took the mean for each word. Paths that meet are added.",
        "_scatter_add(ids, dY, rows)[np.unique(ids)]": "The rows of words that did not come belong to dE, too: they are 0.",
        "_scatter_add(ids, dY, rows)[ids]": "That has a row for each place of the text. dE has a row for each word of the table.",
        "_scatter_add(ids, dY, rows) / len(ids)": "No division here: a mean over examples belongs to the loss, and dY already holds it.",
        "dY": "That is the gradient at each place of the text. Carry it to the row that the place looked up.",
        "-_scatter_add(ids, dY, rows)": "The sign is wrong: this is the gradient, not the step against it.",
        "np.eye(rows)[np.asarray(ids)] @ dY[:rows]": "The one-hot matrix must be transposed: dE = one_hot.T @ dY.",
        "np.ones_like(_scatter_add(ids, dY, rows)) * (np.bincount(ids, minlength=rows)[:, np.newaxis])": "Those are counts. Multiply along the path: the gradients dY are missing.",
    },
)


def _tf_idf(counts: Array) -> Array:
    n = len(counts)
    df = (counts > 0).sum(axis=0)
    weighted = counts * (np.log((1 + n) / (1 + df)) + 1)
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    return weighted / np.where(norms > 0, norms, 1)


def _scaled(weighted: Array) -> Array:
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    return weighted / np.where(norms > 0, norms, 1)


def _idf(counts: Array) -> Array:
    found: Array = np.log((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))) + 1
    return found


def _tf_idf_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([[1, 1, 0], [2, 0, 1], [1, 0, 0]]),)
    drawn = [(rng.integers(0, 4, size=shape),) for shape in ((4, 3), (6, 8))]
    empty = (np.array([[3, 0], [0, 0]]),)
    return [small, *drawn, empty]


tf_idf = Exercise(
    "TF-IDF",
    reference=_tf_idf,
    cases=_tf_idf_cases,
    mistakes={
        "counts * _idf(counts)": "Each row must get the length 1 at the end.",
        "_scaled(counts * (_idf(counts) - 1))": "The + 1 after the logarithm is missing: a word in all documents would count nothing.",
        "_scaled(counts * (np.log((1 + len(counts)) / (1 + counts.sum(axis=0))) + 1))": "df counts the documents that hold a word, not how often it comes in all.",
        "_scaled(counts * (np.log(len(counts) / (counts > 0).sum(axis=0)) + 1))": "The two ones inside the logarithm are missing: one more document, that holds every word.",
        "_scaled((counts > 0) * _idf(counts))": "A word that comes twice counts twice: multiply the counts, not whether it comes.",
        "_scaled(counts * (np.log2((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))) + 1))": "Take the natural logarithm.",
        "_scaled(counts * (np.log10((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))) + 1))": "Take the natural logarithm.",
        "_scaled(counts / _idf(counts))": "Multiply by the weight: a rare word counts more.",
        "counts * _idf(counts) / np.linalg.norm(counts * _idf(counts), axis=0)": "You divided the columns by their lengths. Each row, one document, gets the length 1.",
        "counts * _idf(counts) / np.maximum((counts * _idf(counts)).sum(axis=1, keepdims=True), 1e-300)": "You divided by the sum of a row. Divide by its length, the root of the sum of squares.",
        "counts * _idf(counts) / np.linalg.norm(counts * _idf(counts), axis=1, keepdims=True)": "An empty document has length 0: do not divide by it, leave zeros.",
        "_scaled(counts.astype(float))": "The weight for rare words is missing.",
    },
)


def _analogy(vectors: Array, a: int, b: int, c: int) -> int:
    return _nearest(vectors, vectors[b] - vectors[a] + vectors[c], {a, b, c})


def _nearest(vectors: Array, wanted: Array, without: set[int]) -> int:
    cosine = vectors @ wanted / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(wanted))
    cosine[list(without)] = -np.inf
    return int(np.argmax(cosine))


def _products(vectors: Array, wanted: Array, without: set[int]) -> int:
    found = vectors @ wanted
    found[list(without)] = -np.inf
    return int(np.argmax(found))


def _distances(vectors: Array, wanted: Array, without: set[int]) -> int:
    found = np.linalg.norm(vectors - wanted, axis=1)
    found[list(without)] = np.inf
    return int(np.argmin(found))


def _analogy_cases(rng: np.random.Generator) -> list[Case]:
    square = np.array([[1.0, 0.2], [1.0, 1.0], [0.2, 1.0], [0.3, 1.9], [6.0, 6.5], [0.4, 0.9]])
    drawn = [(rng.normal(size=(n, 3)) + 0.5, 0, 1, 2) for n in (9, 14, 20, 30)]
    narrow = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.1], [0.2, 1.0]])  # nearest is b itself
    short = np.array([[1.0, 0.0], [1.1, 0.1], [0.0, 1.0], [0.5, 1.0], [-1.0, 0.2]])  # c itself
    return [(square, 0, 1, 2), (narrow, 0, 1, 2), (short, 0, 1, 2), *drawn]


analogy = Exercise(
    "an analogy of words",
    reference=_analogy,
    cases=_analogy_cases,
    mistakes={
        "_nearest(vectors, vectors[b] - vectors[a] + vectors[c], set())": "Leave out the three words of the question: often one of them is the nearest.",
        "_nearest(vectors, vectors[b] - vectors[a] + vectors[c], {c})": "Leave out all three words of the question.",
        "_nearest(vectors, vectors[a] - vectors[b] + vectors[c], {a, b, c})": "The step goes from a to b: b minus a.",
        "_nearest(vectors, vectors[b] + vectors[a] + vectors[c], {a, b, c})": "Subtract a: the step from a to b is b minus a.",
        "_nearest(vectors, vectors[b] - vectors[a], {a, b, c})": "That is the step alone. Go the step from c.",
        "_nearest(vectors, vectors[b] - vectors[a] - vectors[c], {a, b, c})": "Add c: the step begins there.",
        "_products(vectors, vectors[b] - vectors[a] + vectors[c], {a, b, c})": "A plain dot product prefers long vectors. Divide by the lengths: take the cosine.",
        "_distances(vectors, vectors[b] - vectors[a] + vectors[c], {a, b, c})": "That is the smallest distance. Take the largest cosine.",
        "vectors[_analogy(vectors, a, b, c)]": "Return the number of the row, not the vector.",
    },
)


def _leak(train: list[str], test: list[str]) -> float:
    def plain(text: str) -> str:
        return " ".join(text.lower().split())

    known = {plain(text) for text in train}
    return sum(plain(text) in known for text in test) / len(test)


def _exact(train: list[str], test: list[str]) -> float:
    return sum(text in set(train) for text in test) / len(test)


def _lower(train: list[str], test: list[str]) -> float:
    return _exact([t.lower() for t in train], [t.lower() for t in test])


def _kinds(train: list[str], test: list[str]) -> float:
    left, right = ({" ".join(t.lower().split()) for t in part} for part in (train, test))
    return len(left & right) / len(right)


leak = Exercise(
    "share of test texts that leaked",
    reference=_leak,
    cases=lambda _: [
        (["a b", "c"], ["c", "d"]),
        (["Good film", "bad"], ["good film", "x"]),
        (["good  film"], ["Good film", "good film ", "bad", "bad"]),
        (["a", "a", "b"], ["a", "a", "a", "c"]),
        (["a"], ["b"]),
    ],
    mistakes={
        _exact: "Capitals and spaces do not make another text: compare them in small letters, with single spaces.",
        _lower: "Spaces do not make another text: join the words with single spaces first.",
        _kinds: "Count test texts, not kinds of them: a text that stands three times in the test set counts three times.",
        "_leak(test, train)": "Turned around: the share is that of the test texts.",
        "1 - _leak(train, test)": "That is the share of test texts that did not leak.",
        "_leak(train, test) * len(test)": "That is a number of texts. Divide by all test texts.",
        "_leak(train, test) * len(test) / len(train)": "Divide by the number of test texts.",
        "100 * _leak(train, test)": "Return a share from 0 to 1, not per cent.",
    },
)
