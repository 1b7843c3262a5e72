"""Exercises on sizes: of the output, and of the receptive field."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bmcourse.exercises import Case, Exercise

Layers = list[tuple[int, int]]


def _output_size(n: int, k: int, s: int, padding: str) -> int:
    return -(-n // s) if padding == "same" else (n - k) // s + 1


def _size_cases(rng: np.random.Generator) -> list[Case]:
    small = [(5, 3, 1), (4, 2, 1), (6, 3, 2), (7, 3, 2), (28, 3, 1), (13, 2, 2), (32, 5, 3)]
    return [(*case, padding) for case in small for padding in ("valid", "same")]


EVEN = "Right, except for an even window: then 'same' adds an odd number of zeros, not as many on both sides. Take n / s, rounded up."


output_size = Exercise(
    "size of the output",
    reference=_output_size,
    cases=_size_cases,
    mistakes={
        "-(-n // s) if padding == 'same' else (n - k) // s": "One place is missing for 'valid': the first start counts.",
        "(n - k) // s + 1": "That is 'valid' for both. 'same' gives n / s, rounded up.",
        "n if padding == 'same' else n - k + 1": "The stride is not used. It divides the number of starts.",
        "n // s if padding == 'same' else (n - k) // s + 1": "For 'same', n / s is rounded up, not down.",
        "-(-n // s) if padding == 'same' else -(-(n - k) // s) + 1": "For 'valid', round down: a window must fit wholly.",
        "n if padding == 'same' else (n - k) // s + 1": "'same' keeps the size only with stride 1.",
        "-(-n // s) if padding == 'same' else (n - k + 1) // s": "For 'valid', divide n - k by the stride, round down, and add the 1 last.",
        "n / s if padding == 'same' else (n - k) / s + 1": "A size is a whole number. Round 'same' up and 'valid' down.",
        "n / s if padding == 'same' else (n - k) // s + 1": "A size is a whole number: round n / s up for 'same'.",
        "(n + (2 * ((k - 1) // 2) if padding == 'same' else 0) - k) // s + 1": EVEN,
        "(n + (2 * (k // 2) if padding == 'same' else 0) - k) // s + 1": EVEN,
        "_output_size(n, k, s, 'same' if padding == 'valid' else 'valid')": "'valid' and 'same' are swapped.",
        "n // s + 1 if padding == 'same' else (n - k) // s + 1": "For 'same', n / s is rounded up. n // s + 1 is one too many where s divides n.",
        "-(-n // s)": "That is 'same' for both. 'valid' gives (n - k) / s, rounded down, plus 1.",
        "-(-n // s) if padding == 'same' else (n - k) / s + 1": "A size is a whole number: round (n - k) / s down for 'valid'.",
        "round(n / s) if padding == 'same' else (n - k) // s + 1": "For 'same', n / s is rounded up, not to the nearest.",
        "-(-n // s) if padding == 'same' else n // s": "'valid' loses the rim: divide n - k by the stride, round down, and add 1.",
        "(n + 2 - k) // s + 1 if padding == 'same' else (n - k) // s + 1": "One zero on each side suits a window of 3 only. For 'same', take n / s, rounded up.",
    },
)


def _dilated_cases(rng: np.random.Generator) -> list[Case]:
    return [(5, 3, 2), (7, 3, 1), (7, 1, 3), (9, 2, 4), (28, 3, 2), (28, 5, 3), (40, 4, 7)]


dilated_size = Exercise(
    "places of a window with dilation",
    reference=lambda n, k, dilation: n - (k - 1) * dilation,
    cases=_dilated_cases,
    mistakes={
        "n - k * dilation + 1": "k weights have k - 1 gaps between them: the window reaches over (k - 1) * dilation + 1 pixels.",
        "n - k + 1": "The dilation is not used: it spreads the window over more pixels.",
        "n - (k - 1) * dilation - 1": "One place is missing: a window that reaches over all n pixels has one place.",
        "(k - 1) * dilation + 1": "That is how many pixels the window reaches over. How many places has a window of that size?",
        "(n - k) // dilation + 1": "That is a stride: the whole window jumps. With dilation, its weights stand apart.",
        "n - k - dilation + 1": "There is a gap between every two weights: k - 1 gaps, not one.",
        "n - (k + (k - 1) * dilation) + 1": "A dilation of 2 takes every second pixel, so it skips one between two weights, not two.",
        "n - k * (dilation + 1) + 1": "A dilation of 2 takes every second pixel, and k weights have k - 1 gaps.",
        "n - (k - 1) * dilation + 1": "One place too many: with k = 1 there are n places.",
        "n - k * dilation + 2": "A window of k weights reaches over (k - 1) * dilation + 1 pixels, the first and the last included.",
        "n - (k - 1) * (dilation - 1) + 1": "Between two weights you counted the pixels that are skipped, but not the weights themselves.",
        "n": "A window that must fit wholly loses the rim: it reaches over (k - 1) * dilation + 1 pixels.",
    },
)


def _receptive_field(layers: Layers) -> int:
    field, jump = 1, 1
    for k, s in layers:
        field, jump = field + (k - 1) * jump, jump * s
    return field


def _stride_too_early(layers: Layers) -> int:
    field, jump = 1, 1
    for k, s in layers:
        jump *= s
        field += (k - 1) * jump
    return field


def _whole_windows(layers: Layers) -> int:
    field, jump = 1, 1
    for k, s in layers:
        field, jump = field + k * jump, jump * s
    return field


def _field_cases(rng: np.random.Generator) -> list[Case]:
    article = [(3, 1), (2, 2), (3, 1), (2, 2), (3, 1)]
    drawn = [
        [
            (int(k), int(s))
            for k, s in zip(rng.integers(1, 6, 4), rng.integers(1, 4, 4), strict=True)
        ]
        for _ in range(4)
    ]
    small: list[Layers] = [[(3, 1)], [(3, 1), (3, 1)], [(3, 2), (3, 1)], [(3, 1)] * 3]
    return [(layers,) for layers in [*small, article, *drawn]]


def _forwards(layers: Layers) -> int:
    field = 1
    for k, s in layers:
        field = (field - 1) * s + k
    return field


def _wrong_jump(layers: Layers, following: Callable[[int, int], int]) -> int:
    field, jump = 1, 1
    for k, s in layers:
        field, jump = field + (k - 1) * jump, following(jump, s)
    return field


receptive_field = Exercise(
    "receptive field of a stack",
    reference=_receptive_field,
    cases=_field_cases,
    mistakes={
        "1 + sum(k - 1 for k, _ in layers)": "The strides are not used: after a stride, neighbours lie further apart.",
        _stride_too_early: "A stride counts for the layers after its own. You used it for its own window.",
        _whole_windows: "A window of k adds k - 1 neighbours: the first is there already.",
        "int(np.prod([k for k, _ in layers]))": "Windows overlap, so their sizes do not multiply.",
        "_receptive_field(layers) ** 2": "That is the number of pixels. The width was asked for.",
        "1 + sum((k - 1) * s for k, s in layers)": "Neighbours of a layer lie apart by the product of all strides before it, not by its own stride.",
        _forwards: "That rule walks back from the last layer to the first. You went from the first on.",
        "layers[0][0]": "You returned inside the loop: that is the field after the first layer.",
        "sum(k for k, _ in layers)": "A window of k adds k - 1 neighbours, and strides before it spread them.",
        "_receptive_field(layers) - 1": "Begin at 1: before any layer, a unit sees one pixel.",
        "_wrong_jump(layers, lambda jump, s: s)": "After several strides the distances multiply: jump *= s, not jump = s.",
        "_wrong_jump(layers, lambda jump, s: jump + s)": "After several strides the distances multiply: jump *= s, not jump += s.",
    },
)
