"""Exercises on first steps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bmcourse.exercises import Case, Exercise


def _answer_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [
        (np.array([1, 2]), np.array([1, 3])),
        (np.array([7, 7, 1, 0]), np.array([7, 7, 1, 4])),
    ]
    drawn = [(rng.integers(0, 10, n), rng.integers(0, 10, n)) for n in (10, 200)]
    return [*small, *drawn]


accuracy_of = Exercise(
    "accuracy",
    reference=lambda said, truth: float(np.mean(said == truth)),
    cases=_answer_cases,
    mistakes={
        "int(np.sum(said == truth))": "You counted the right answers. Divide by how many there are.",
        "float(np.mean(said != truth))": "That is the share of wrong answers.",
        "100 * float(np.mean(said == truth))": "Return a share between 0 and 1, not a percentage.",
        "said == truth": "That is one true or false for each image. Take the mean of them.",
        "float(np.mean(np.abs(said - truth)))": "An 8 for a 3 is no worse than a 4 for a 3: compare, don't subtract.",
    },
)


def _network_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [([int(n) for n in rng.integers(1, 50, depth)],) for depth in (3, 4, 5)]
    return [([2, 1],), ([3, 2, 1],), ([784, 64, 10],), *drawn]


LOOP = "The list may have any length: use a loop over neighbours."


dense_parameters = Exercise(
    "parameters of a dense network",
    reference=lambda sizes: sum(n * m + m for n, m in pairwise(sizes)),
    cases=_network_cases,
    mistakes={
        "sum(n * m for n, m in pairwise(sizes))": "You counted the weights. Each unit also has a bias.",
        "sum(n * m + n for n, m in pairwise(sizes))": "The biases belong to the outputs of a layer, not to its inputs.",
        "sum(n * m for n, m in pairwise(sizes)) + sum(sizes)": "The inputs have no biases: only units that compute something do.",
        "sum(n * m + 1 for n, m in pairwise(sizes))": "There is one bias for each unit, not one for each layer.",
        "[n * m + m for n, m in pairwise(sizes)]": "That is one number for each layer. Add them up.",
        "sum(sizes[i] * sizes[i + 1] + sizes[i + 1] for i in range(1))": LOOP,
        "sum(sizes[i] * sizes[i + 1] + sizes[i + 1] for i in range(2))": LOOP,
        "sum(sizes[i] * sizes[i + 1] + sizes[i + 1] for i in range(3))": LOOP,
        "sum(sizes[i] * sizes[i + 1] + sizes[i + 1] for i in range(4))": LOOP,
        "sum(n * sizes[i + 1] + sizes[i + 1] for i, n in enumerate(sizes))": "The last size has no neighbour to its right: let the loop end one earlier.",
    },
)
