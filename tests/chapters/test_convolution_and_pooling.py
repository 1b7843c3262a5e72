"""Wrong answers and quick questions on convolution and pooling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bmcourse.chapters.convolution_and_pooling import exercises, questions
from bmcourse.exercises import Exercise

from .answers import message, right_answers

Array = Any


def channels_summed(x: Array, kernel: Array) -> Array:
    k = kernel.shape[0]
    rows, columns, channels = x.shape
    out = np.zeros((rows - k + 1, columns - k + 1, channels))
    for i in range(rows - k + 1):
        for j in range(columns - k + 1):
            out[i, j] = np.sum(x[i : i + k, j : j + k] * kernel)
    return out


def half_of_the_window(n: int, k: int, s: int, padding: str) -> int:
    p = k // 2 if padding == "same" else 0
    return (n + 2 * p - k) // s + 1


def same_size(n: int, k: int, s: int) -> int:
    return -(-n // s)


def size(valid: Callable[..., Any], same: Callable[..., Any]) -> Any:
    return lambda n, k, s, padding: (same if padding == "same" else valid)(n, k, s)


def valid_size(n: int, k: int, s: int) -> int:
    return (n - k) // s + 1


def jumping(jump_on: Callable[[int, int], int], field: int = 1) -> Any:
    def attempt(layers: list[tuple[int, int]]) -> int:
        seen, jump = field, 1
        for k, s in layers:
            seen += (k - 1) * jump
            jump = jump_on(jump, s)
        return seen

    return attempt


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("exercise", "attempt", "told"),
    [
        (exercises.depthwise, channels_summed, "axis=(0, 1)"),
        (exercises.receptive_field, lambda layers: layers[0][0], "inside the loop"),
        (exercises.dilated_size, lambda n, k, d: n - (k - 1) * (d - 1) + 1, "skipped"),
        (exercises.output_size, half_of_the_window, "even window"),
        (exercises.output_size, size(same_size, same_size), "'same' for both"),
        (
            exercises.output_size,
            size(lambda n, k, s: (n - k) / s + 1, same_size),
            "down for 'valid'",
        ),
        (
            exercises.output_size,
            size(valid_size, lambda n, k, s: round(n / s)),
            "not to the nearest",
        ),
        (exercises.output_size, size(lambda n, k, s: n // s, same_size), "loses the rim"),
        (
            exercises.output_size,
            size(valid_size, lambda n, k, s: (n + 2 - k) // s + 1),
            "a window of 3 only",
        ),
        (
            exercises.output_size,
            lambda n, k, s, p: -(-n // s) if p == "valid" else (n - k) // s + 1,
            "are swapped",
        ),
        (
            exercises.output_size,
            lambda n, k, s, p: n // s + 1 if p == "same" else (n - k) // s + 1,
            "one too many",
        ),
        (exercises.dilated_size, lambda n, k, d: n - len(range(0, k * d, 1)) + 1, "k - 1 gaps"),
        (exercises.dilated_size, lambda n, k, d: len(range(k, n + 1)), "not used"),
        (exercises.dilated_size, lambda n, k, d: (n - k) // d + 1, "That is a stride"),
        (exercises.receptive_field, jumping(lambda jump, s: jump * s, field=0), "Begin at 1"),
        (exercises.receptive_field, jumping(lambda jump, s: s), "not jump = s"),
        (exercises.receptive_field, jumping(lambda jump, s: jump + s), "not jump += s"),
    ],
)
def test_the_hint_names_the_slip(exercise: Exercise, attempt: Any, told: str) -> None:
    assert told in message(exercise, attempt)


@pytest.mark.parametrize(
    "attempt",
    [
        [[0, 0, 0], [1, 1, 0], [0, 0, 0]],
        [[0, 0, 0], [-1, 0, 0], [0, 0, 0]],
        np.zeros((3, 3)),
        [[0, 0, 0], [1, 0], [0, 0, 0]],
        [1, 0, 0],
    ],
)
def test_the_filter_that_was_asked_for_is_not_told(attempt: Any) -> None:
    verdict = exercises.move_right.judge(attempt)
    assert verdict.status == "wrong"
    assert "expected [" not in verdict.message
    assert not {*"01"} & {*verdict.message}


def test_quick_questions() -> None:
    assert right_answers(questions) == [
        pytest.approx(len(range(0, 32, 2)), rel=1e-9),
        "Training learns the weights, so it can learn the flipped ones as well.",
        "It hides a part of it: a maximum that stays in its window changes nothing.",
    ]
