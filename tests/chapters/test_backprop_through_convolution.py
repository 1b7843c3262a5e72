"""Wrong answers and quick questions on back-propagation through convolution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.backprop_through_convolution import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def scattered(place: Callable[[int, int, int], int], passed: bool = True, left: int = 0) -> Any:
    def attempt(g: Array, k: Array, stride: int, n: int) -> Array:
        dx = np.zeros(n)
        for i in range(len(g) - left):
            for a in range(len(k)):
                if place(i, a, stride) < n:
                    dx[place(i, a, stride)] += (g[i] if passed else 1) * k[a]
        return dx

    return attempt


def rows(w: Array, n: int) -> list[Array]:
    return [np.pad(w, (place, n - len(w) - place)) for place in range(n - len(w) + 1)]


def pooled(start: Callable[[Array], Array], place: Callable[..., Any]) -> Any:
    def attempt(x: Array, g: Array) -> Array:
        dx = start(x)
        for i in range(g.shape[0]):
            for j in range(g.shape[1]):
                window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                a, b = np.unravel_index(np.argmax(window), (2, 2))
                dx[place(i, j, a, b)] = g[i, j]
        return dx

    return attempt


def down_the_columns(x: Array, g: Array) -> Array:
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*g.shape):
        window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        b, a = np.unravel_index(np.argmax(window.T), (2, 2))
        dx[2 * i + a, 2 * j + b] = g[i, j]
    return dx


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.filter_gradient, lambda x, g: np.correlate(x, g, "same"), "hangs over the ends"),
        (exercises.filter_gradient, lambda x, g: np.correlate(x, g).sum(), "a sum of its own"),
        (
            exercises.filter_gradient,
            lambda x, g: np.convolve(x, g**0, "valid"),
            "upstream gradient is missing",
        ),
        (
            exercises.signal_gradient,
            scattered(lambda i, a, s: i * s + a, passed=False),
            "upstream gradient",
        ),
        (
            exercises.signal_gradient,
            scattered(lambda i, a, s: i * s + a, left=1),
            "last output is missing",
        ),
        (exercises.signal_gradient, scattered(lambda i, a, s: i + a * s), "moves the window"),
        (exercises.as_matrix, lambda w, n: np.stack(rows(w, n), axis=1), "the transpose"),
        (exercises.as_matrix, lambda w, n: np.stack(rows(w[::-1], n)), "turned the filter"),
        (
            exercises.as_matrix,
            lambda w, n: np.stack(rows(w, n)[:1] * (n - len(w) + 1)),
            "are equal",
        ),
        (
            exercises.pool_backward,
            pooled(np.copy, lambda i, j, a, b: (2 * i + a, 2 * j + b)),
            "Begin with zeros",
        ),
        (
            exercises.pool_backward,
            pooled(np.zeros_like, lambda i, j, a, b: (2 * i + b, 2 * j + a)),
            "are swapped",
        ),
        (
            exercises.pool_backward,
            pooled(np.zeros_like, lambda i, j, a, b: (i + a, j + b)),
            "double r and q",
        ),
        (exercises.pool_backward, down_the_columns, "column by column"),
        (
            exercises.pool_backward,
            lambda x, g: (x == x.max()) * g.repeat(2, 0).repeat(2, 1),
            "the whole map",
        ),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(sum(1 for _ in np.ndindex(28 - 2, 28 - 2)), rel=1e-9),
        "It is zero: a small change of them changes nothing.",
        "One large matrix product uses the processor far better than many small steps in Python.",
    ]
