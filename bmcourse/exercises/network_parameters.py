"""The exercise of chapter 9 on the number of parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bmcourse.exercises.checker import Case, Exercise, Mistake


def _parameters(
    side: int,
    channels: int,
    filters: Sequence[int],
    hidden: int,
    classes: int,
    *,
    lost: int = 2,
    pooled: bool = True,
    bias: int = 1,
    follow: bool = True,
    flat: bool = True,
) -> int:
    total = 0
    for count in filters:
        total += (9 * channels + bias) * count
        side = (side - lost) // (2 if pooled else 1)
        channels = count if follow else channels
    total += ((side * side if flat else 1) * channels + bias) * hidden
    return total + (hidden + bias) * classes


def _network_cases(rng: np.random.Generator) -> list[Case]:
    small = [(6, 1, [2], 3, 2), (32, 3, [32, 64], 64, 10), (28, 1, [8, 4], 16, 5)]
    return [*small, (33, 3, [int(n) for n in rng.integers(2, 9, 3)], 7, 4)]


def _first_filters_only(convolutions: int) -> Mistake:
    def fixed(side: int, channels: int, filters: Sequence[int], hidden: int, classes: int) -> int:
        kept = [filters[i] for i in range(convolutions)]
        return _parameters(side, channels, kept, hidden, classes)

    return Mistake(fixed, "The list of filters may have any length: use a loop over it.")


SIDE = "Follow the side: a convolution leaves side - 2, and the pooling half of that, rounded down."


def _followed(
    side: int,
    channels: int,
    filters: Sequence[int],
    hidden: int,
    classes: int,
    *,
    shrink: Callable[[float], float] = lambda side: (side - 2) // 2,
    flat: Callable[[float, int], float] = lambda side, channels: side * side * channels,
    window: int = 9,
    one_bias: bool = False,
    dense: bool = True,
) -> float:
    total: float = 0
    size: float = side
    for count in filters:
        total += window * channels * count + (1 if one_bias else count)
        size, channels = shrink(size), count
    if not dense:
        return total
    return total + (flat(size, channels) + 1) * hidden + (hidden + 1) * classes


def _pooled_at_the_end(
    side: int, channels: int, filters: Sequence[int], hidden: int, classes: int
) -> float:
    last = (side - 2 * len(filters)) // 2
    return _followed(
        side, channels, filters, hidden, classes, flat=lambda _, count: last * last * count
    )


network_parameters = Exercise(
    "parameters of the article's kind of network",
    reference=_parameters,
    cases=_network_cases,
    mistakes=[
        Mistake(
            lambda *a: _parameters(*a, lost=0),
            "Without padding a window of 3 x 3 takes 2 pixels from each side.",
        ),
        Mistake(
            lambda *a: _parameters(*a, pooled=False),
            "You forgot the pooling: it halves each side, rounded down.",
        ),
        Mistake(
            lambda *a: _parameters(*a, bias=0),
            "The biases are missing: one for each filter and for each unit.",
        ),
        Mistake(
            lambda *a: _parameters(*a, follow=False),
            "After a convolution there are as many channels as it has filters.",
        ),
        *map(_first_filters_only, (1, 2, 3)),
        Mistake(
            lambda *a: _parameters(*a, flat=False),
            "Flatten gives side times side times channels numbers, not one for each channel.",
        ),
        Mistake(
            lambda side, channels, filters, hidden, classes: (
                _parameters(side, channels, filters, hidden, classes) - (hidden + 1) * classes
            ),
            "The last dense layer is missing: (hidden + 1) times classes.",
        ),
        Mistake(lambda *a: _parameters(*a, lost=1), SIDE),
        Mistake(lambda *a: _parameters(*a, lost=0, pooled=False), SIDE),
        Mistake(
            lambda *a: _parameters(*a, lost=4),
            "The convolution comes first: take 2 away, then halve.",
        ),
        Mistake(
            lambda *a: _followed(*a, shrink=lambda side: (side - 2) / 2),
            "A side is a whole number: (side - 2) / 2 is rounded down, so use //.",
        ),
        Mistake(
            lambda *a: _followed(*a, shrink=lambda side: round((side - 2) / 2)),
            "(side - 2) / 2 is rounded down, not to the nearest: a pixel left over is dropped.",
        ),
        Mistake(lambda *a: _followed(*a, shrink=lambda side: side / 2), SIDE),
        Mistake(
            lambda *a: _followed(*a, window=3), "A window of 3 × 3 has 9 weights for each channel."
        ),
        Mistake(
            lambda *a: _followed(*a, one_bias=True),
            "A convolution has one bias for each filter, not one in all.",
        ),
        Mistake(
            lambda *a: _followed(*a, flat=lambda side, channels: side * channels),
            "Flatten gives side times side times channels numbers: both sides count.",
        ),
        Mistake(
            lambda *a: _followed(*a, flat=lambda side, channels: side * side),
            "Flatten gives side times side numbers for each channel: multiply by the channels.",
        ),
        Mistake(
            lambda *a: _followed(*a, dense=False),
            "Those are the convolutions. Two dense layers follow.",
        ),
        Mistake(
            lambda *a: _parameters(*a) - _followed(*a, dense=False),
            "Those are the dense layers. Add the convolutions before them.",
        ),
        Mistake(_pooled_at_the_end, "A pooling follows each convolution, not only the last one."),
        Mistake(
            lambda *a: _parameters(*a) - sum(a[2]),
            "The biases of the convolutions are missing: one for each filter.",
        ),
        Mistake(
            lambda *a: _parameters(*a) - a[3] - a[4],
            "The biases of the dense layers are missing: one for each unit.",
        ),
        Mistake(
            lambda *a: _followed(*a, shrink=lambda side: side - 1),
            "2 // 2 is computed first: put brackets around side - 2.",
        ),
        Mistake(
            lambda *a: _followed(
                *a,
                shrink=lambda side: (side - 2) / 2,
                flat=lambda side, channels: int(side * side * channels),
            ),
            "Round each side down, not the product at the end: (side - 2) // 2.",
        ),
    ],
)
