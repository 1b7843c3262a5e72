"""Exercise on the number of a network's parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bmcourse.exercises import Case, Exercise


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


LOOP = "The list of filters may have any length: use a loop over it."


network_parameters = Exercise(
    "parameters of the article's kind of network",
    reference=_parameters,
    cases=_network_cases,
    mistakes={
        "_parameters(side, channels, filters, hidden, classes, lost=0)": "Without padding a window of 3 x 3 takes 2 pixels from each side.",
        "_parameters(side, channels, filters, hidden, classes, pooled=False)": "You forgot the pooling: it halves each side, rounded down.",
        "_parameters(side, channels, filters, hidden, classes, bias=0)": "The biases are missing: one for each filter and for each unit.",
        "_parameters(side, channels, filters, hidden, classes, follow=False)": "After a convolution there are as many channels as it has filters.",
        "_parameters(side, channels, [filters[0]], hidden, classes)": LOOP,
        "_parameters(side, channels, [filters[0], filters[1]], hidden, classes)": LOOP,
        "_parameters(side, channels, [filters[0], filters[1], filters[2]], hidden, classes)": LOOP,
        "_parameters(side, channels, filters, hidden, classes, flat=False)": "Flatten gives side times side times channels numbers, not one for each channel.",
        "_parameters(side, channels, filters, hidden, classes) - (hidden + 1) * classes": "The last dense layer is missing: (hidden + 1) times classes.",
        "_parameters(side, channels, filters, hidden, classes, lost=1)": SIDE,
        "_parameters(side, channels, filters, hidden, classes, lost=0, pooled=False)": SIDE,
        "_parameters(side, channels, filters, hidden, classes, lost=4)": "The convolution comes first: take 2 away, then halve.",
        "_followed(side, channels, filters, hidden, classes, shrink=lambda side: (side - 2) / 2)": "A side is a whole number: (side - 2) / 2 is rounded down, so use //.",
        "_followed(side, channels, filters, hidden, classes, shrink=lambda side: round((side - 2) / 2))": "(side - 2) / 2 is rounded down, not to the nearest: a pixel left over is dropped.",
        "_followed(side, channels, filters, hidden, classes, shrink=lambda side: side / 2)": SIDE,
        "_followed(side, channels, filters, hidden, classes, window=3)": "A window of 3 × 3 has 9 weights for each channel.",
        "_followed(side, channels, filters, hidden, classes, one_bias=True)": "A convolution has one bias for each filter, not one in all.",
        "_followed(side, channels, filters, hidden, classes, flat=lambda side, channels: side * channels)": "Flatten gives side times side times channels numbers: both sides count.",
        "_followed(side, channels, filters, hidden, classes, flat=lambda side, channels: side * side)": "Flatten gives side times side numbers for each channel: multiply by the channels.",
        "_followed(side, channels, filters, hidden, classes, dense=False)": "Those are the convolutions. Two dense layers follow.",
        "_parameters(side, channels, filters, hidden, classes) - _followed(side, channels, filters, hidden, classes, dense=False)": "Those are the dense layers. Add the convolutions before them.",
        _pooled_at_the_end: "A pooling follows each convolution, not only the last one.",
        "_parameters(side, channels, filters, hidden, classes) - sum(filters)": "The biases of the convolutions are missing: one for each filter.",
        "_parameters(side, channels, filters, hidden, classes) - hidden - classes": "The biases of the dense layers are missing: one for each unit.",
        "_followed(side, channels, filters, hidden, classes, shrink=lambda side: side - 1)": "2 // 2 is computed first: put brackets around side - 2.",
        "_followed(side, channels, filters, hidden, classes, shrink=lambda side: (side - 2) / 2, flat=lambda side, channels: int(side * side * channels))": "Round each side down, not the product at the end: (side - 2) // 2.",
    },
)
