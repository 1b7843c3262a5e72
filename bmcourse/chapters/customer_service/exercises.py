"""Exercises on customer service: a word's score, two lists as one, when to refuse, a mean rank."""

from __future__ import annotations

import numpy as np

from bmcourse.checks import Array
from bmcourse.exercises import Exercise


def _word(n: float, length: float, mean: float, k1: float, b: float) -> float:
    return n / (n + k1 * (1 - b + b * length / mean))


word_score = Exercise(
    "how much a word's repetitions count in BM25",
    reference=_word,
    cases=lambda rng: [(1, 50, 100, 1.5, 0.75), (4, 200, 100, 1.2, 0.5), (2, 80, 100, 2.0, 1.0)],
    mistakes={
        "n": "That grows without end: ten repetitions would count ten times as much as one.",
        "n / (n + k1)": "A long passage holds words by chance: divide by a larger number where the passage is long.",
        "n / (n + k1 * length / mean)": "That is for `b = 1`. With `b`, only a part of the length is charged: `1 - b + b * length / mean`.",
        "n / (n + k1 * (1 - b + b * mean / length))": "Upside down: a passage that is longer than the mean should score less.",
        "n / (n + k1 * (b + (1 - b) * length / mean))": "`b` is the share of the length that is charged, so `b` stands at the length and `1 - b` stands alone.",
        "n * (k1 + 1) / (n + k1 * (1 - b + b * length / mean))": "Some books multiply by `k1 + 1`. It is the same for all passages, so the order stays; we leave it out.",
        "n / (k1 * (1 - b + b * length / mean))": "Here repetitions count without end. `n` belongs into the denominator, too.",
    },
)


def _least(wrong: float, refused: float, right: float) -> float:
    return (wrong - refused) / (wrong - right)


least_probability = Exercise(
    "from which probability on to answer",
    reference=_least,
    cases=lambda rng: [(10.0, 2.0, 0.0), (6.0, 2.5, -1.0), (5.0, 4.0, 1.0)],
    mistakes={
        "refused / wrong": "That is the largest probability of being *wrong* at which you answer (if a right answer costs nothing).",
        "1 - refused / wrong": "A right answer has a cost or a gain, too: `right`. Write both expected costs down and set them equal.",
        "(refused - right) / (wrong - right)": "That is the probability of being wrong at which both cost the same. Take the rest.",
        "(wrong - refused) / (wrong + right)": "A sign: p right + (1 - p) wrong = refused. Collect p.",
        "(wrong - refused) / (refused - right)": "That is the odds p / (1 - p), not the probability.",
        "0.5": "That is for a refusal whose cost is in the middle between right and wrong.",
    },
)


def _fused(first: Array, second: Array, k: float) -> Array:
    return 1 / (k + np.asarray(first)) + 1 / (k + np.asarray(second))


fused = Exercise(
    "two lists of ranks as one",
    reference=_fused,
    cases=lambda rng: [
        (np.array([1, 2, 3]), np.array([3, 1, 2]), 60.0),
        (np.array([2, 1, 4, 3]), np.array([4, 3, 1, 2]), 1.0),
    ],
    mistakes={
        "np.asarray(first) + np.asarray(second)": "A sum of ranks is *low* for the best, and a rank of 900 in one list would cancel a rank of 1 in the other.",
        "1 / np.asarray(first) + 1 / np.asarray(second)": "Without `k` the first rank of either list decides nearly alone.",
        "1 / (k + np.asarray(first) + np.asarray(second))": "Each list gives its own reciprocal; then they are added.",
        "(1 / (k + np.asarray(first)) + 1 / (k + np.asarray(second))) / 2": "That has the same order, but the question asks for the sum.",
        "1 / (k * np.asarray(first)) + 1 / (k * np.asarray(second))": "`k` is added to the rank. A factor changes no order.",
        "1 / (k + np.asarray(first) - 1) + 1 / (k + np.asarray(second) - 1)": "Ranks begin at 1 already: do not subtract 1.",
    },
)


def _mean_reciprocal(ranks: Array, most: int) -> float:
    ranks = np.asarray(ranks, float)
    return float(np.where(ranks <= most, 1 / ranks, 0).mean())


mean_reciprocal_rank = Exercise(
    "the mean reciprocal rank of what is shown",
    reference=_mean_reciprocal,
    cases=lambda rng: [
        (np.array([1, 2, 5, 40]), 5),
        (np.array([3, 1, 1, 7, 2]), 3),
        (np.array([10, 20]), 10),
    ],
    mistakes={
        "float((1 / np.asarray(ranks, float)).mean())": "What stands behind place `most` is not shown: it counts 0.",
        "float((np.asarray(ranks) <= most).mean())": "That is the recall at `most`. A hit at place 2 counts half as much as one at place 1.",
        "float(1 / np.asarray(ranks, float).mean())": "Take the reciprocal of each rank, and then the mean.",
        "float((1 / np.asarray(ranks, float))[np.asarray(ranks) <= most].mean())": "The questions that were not found count, too, with 0: divide by all questions.",
        "float(np.where(np.asarray(ranks) < most, 1 / np.asarray(ranks, float), 0).mean())": "Place `most` itself is shown.",
        "float(np.where(np.asarray(ranks) <= most, 1 / np.asarray(ranks, float), 0).sum())": "That is the sum. Divide by the number of questions.",
        "float(np.asarray(ranks, float).mean())": "That is the mean rank: one question at rank 900 would outweigh all others.",
    },
)
