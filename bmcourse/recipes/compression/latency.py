"""How long one answer takes: several ways in turn, so that all meet the same load."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse import checks

Array = npt.NDArray[Any]


def in_turn(
    answers: Mapping[str, Callable[[Array], Any]],
    examples: Array,
    rounds: int = 100,
    warm_up: int = 3,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Array]:
    """Return the seconds of each answer, an array of `rounds` for each way.

    Parameters
    ----------
    answers : mapping of str to callable
        Each takes a batch of one example.
    examples : ndarray of shape (n, ...)
        Asked one after the other, from the first again when all were asked.
    rounds : int
        Each round asks every way once.
    warm_up : int
        Rounds before that, not counted: the first call often compiles or allocates.
    clock : callable
    """
    checks.integer("rounds", rounds)
    found: dict[str, list[float]] = {name: [] for name in answers}
    for number in range(warm_up + rounds):
        one = examples[number % len(examples)][np.newaxis]  # (1, ...)
        for name, answer in answers.items():
            start = clock()
            answer(one)
            seconds = clock() - start
            if number >= warm_up:
                found[name].append(seconds)
    return {name: np.array(seconds) for name, seconds in found.items()}
