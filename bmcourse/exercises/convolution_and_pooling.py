"""Exercises of chapter 5."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises.checker import Case, Exercise, Mistake

Array = npt.NDArray[Any]
Layers = list[tuple[int, int]]


def _one_weight(row: int, column: int) -> list[list[int]]:
    return [[int((i, j) == (row, column)) for j in range(3)] for i in range(3)]


def _at_a_corner(row: int, column: int) -> Mistake:
    hint = "A weight in a corner moves the picture along a diagonal. Move it along its row only."
    return Mistake(lambda: _one_weight(row, column), hint)


move_right = Exercise(
    "a filter that moves the picture to the right",
    reference=lambda: _one_weight(1, 0),
    cases=lambda rng: [()],
    mistakes=[
        Mistake(
            lambda: _one_weight(1, 2),
            "This moves the picture to the left. Without a flip, the weight stands where it looks.",
        ),
        Mistake(lambda: _one_weight(1, 1), "This copies the picture and moves nothing."),
        Mistake(
            lambda: _one_weight(0, 1),
            "This moves the picture down. The first index is the row, the second the column.",
        ),
        Mistake(
            lambda: _one_weight(2, 1),
            "This moves the picture up. The first index is the row, the second the column.",
        ),
        Mistake(
            lambda: [[1, 0, 0], [1, 0, 0], [1, 0, 0]],
            "This adds three pixels of the left column. You want only the one beside the middle.",
        ),
        *map(_at_a_corner, (0, 0, 2, 2), (0, 2, 0, 2)),
        Mistake(
            lambda: [number for row in _one_weight(1, 0) for number in row],
            "Nine numbers in one list. Make three rows of them, a list of three lists.",
        ),
    ],
    instead="The sum must be a single pixel, unchanged: the left neighbour of the middle. Which "
    "weight meets that pixel, and what must all others be?",
)


def _output_size(n: int, k: int, s: int, padding: str) -> int:
    return -(-n // s) if padding == "same" else (n - k) // s + 1


def _without_the_first(n: int, k: int, s: int, padding: str) -> int:
    return -(-n // s) if padding == "same" else (n - k) // s


def _never_padded(n: int, k: int, s: int, padding: str) -> int:
    return (n - k) // s + 1


def _no_stride(n: int, k: int, s: int, padding: str) -> int:
    return n if padding == "same" else n - k + 1


def _rounded_down(n: int, k: int, s: int, padding: str) -> int:
    return n // s if padding == "same" else (n - k) // s + 1


def _rounded_up(n: int, k: int, s: int, padding: str) -> int:
    return -(-n // s) if padding == "same" else -(-(n - k) // s) + 1


def _same_keeps_the_size(n: int, k: int, s: int, padding: str) -> int:
    return n if padding == "same" else (n - k) // s + 1


def _size_cases(rng: np.random.Generator) -> list[Case]:
    small = [(5, 3, 1), (4, 2, 1), (6, 3, 2), (7, 3, 2), (28, 3, 1), (13, 2, 2), (32, 5, 3)]
    return [(*case, padding) for case in small for padding in ("valid", "same")]


def _equal_zeros(extra: int) -> Mistake:
    def size(n: int, k: int, s: int, padding: str) -> int:
        zeros = 2 * ((k - 1 + extra) // 2) if padding == "same" else 0
        return (n + zeros - k) // s + 1

    return Mistake(
        size,
        "Right, but for an even window: then 'same' adds an odd number of zeros, not as many on "
        "both sides. Take n / s, rounded up.",
    )


output_size = Exercise(
    "size of the output",
    reference=_output_size,
    cases=_size_cases,
    mistakes=[
        Mistake(_without_the_first, "One place is missing for 'valid': the first start counts."),
        Mistake(_never_padded, "That is 'valid' for both. 'same' gives n / s, rounded up."),
        Mistake(_no_stride, "The stride is not used. It divides the number of starts."),
        Mistake(_rounded_down, "For 'same', n / s is rounded up, not down."),
        Mistake(_rounded_up, "For 'valid', round down: a window must fit wholly."),
        Mistake(_same_keeps_the_size, "'same' keeps the size only with stride 1."),
        Mistake(
            lambda n, k, s, padding: -(-n // s) if padding == "same" else (n - k + 1) // s,
            "For 'valid', divide n - k by the stride, round down, and add the 1 last.",
        ),
        Mistake(
            lambda n, k, s, padding: n / s if padding == "same" else (n - k) / s + 1,
            "A size is a whole number. Round 'same' up and 'valid' down.",
        ),
        Mistake(
            lambda n, k, s, padding: n / s if padding == "same" else (n - k) // s + 1,
            "A size is a whole number: round n / s up for 'same'.",
        ),
        *map(_equal_zeros, (0, 1)),
    ],
)


def _receptive_field(layers: Layers) -> int:
    field, jump = 1, 1
    for k, s in layers:
        field, jump = field + (k - 1) * jump, jump * s
    return field


def _without_jump(layers: Layers) -> int:
    return 1 + sum(k - 1 for k, _ in layers)


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


def _product_of_windows(layers: Layers) -> int:
    return int(np.prod([k for k, _ in layers]))


def _area(layers: Layers) -> int:
    return _receptive_field(layers) ** 2


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


def _own_stride(layers: Layers) -> int:
    return 1 + sum((k - 1) * s for k, s in layers)


def _forwards(layers: Layers) -> int:
    field = 1
    for k, s in layers:
        field = (field - 1) * s + k
    return field


receptive_field = Exercise(
    "receptive field of a stack",
    reference=_receptive_field,
    cases=_field_cases,
    mistakes=[
        Mistake(
            _without_jump, "The strides are not used: after a stride, neighbours lie further apart."
        ),
        Mistake(
            _stride_too_early,
            "A stride counts for the layers after its own. You used it for its own window.",
        ),
        Mistake(_whole_windows, "A window of k adds k - 1 neighbours: the first is there already."),
        Mistake(_product_of_windows, "Windows overlap, so their sizes do not multiply."),
        Mistake(_area, "That is the number of pixels. The width was asked for."),
        Mistake(
            _own_stride,
            "Neighbours of a layer lie apart by the product of all strides before it, not by its "
            "own stride.",
        ),
        Mistake(
            _forwards,
            "That rule walks back from the last layer to the first. You went from the first on.",
        ),
        Mistake(
            lambda layers: sum(k for k, _ in layers),
            "A window of k adds k - 1 neighbours, and strides before it spread them.",
        ),
    ],
)


def _windows(x: Array, kernel: Array) -> Array:
    # (rows, columns, channels, k, k)
    return np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(0, 1))


def _depthwise(x: Array, kernel: Array) -> Array:
    return np.einsum("rchij,ijh->rch", _windows(x, kernel), kernel)


def _added_up(x: Array, kernel: Array) -> Array:
    return np.einsum("rchij,ijh->rc", _windows(x, kernel), kernel)


def _flipped(x: Array, kernel: Array) -> Array:
    return _depthwise(x, kernel[::-1, ::-1])


def _first_window_for_all(x: Array, kernel: Array) -> Array:
    return np.einsum("rchij,ij->rch", _windows(x, kernel), kernel[:, :, 0])


def _transposed(x: Array, kernel: Array) -> Array:
    return _depthwise(x, kernel.transpose(1, 0, 2))


def _depthwise_cases(rng: np.random.Generator) -> list[Case]:
    shapes = [(3, 3, 2, 2), (5, 6, 3, 3), (7, 5, 1, 2), (8, 8, 4, 5)]
    return [
        (rng.normal(size=(height, width, channels)), rng.normal(size=(k, k, channels)))
        for height, width, channels, k in shapes
    ]


def _same_sum_for_all(x: Array, kernel: Array) -> Array:
    return np.repeat(_added_up(x, kernel)[..., np.newaxis], x.shape[2], axis=2)


depthwise = Exercise(
    "depthwise convolution",
    reference=_depthwise,
    cases=_depthwise_cases,
    mistakes=[
        Mistake(_added_up, "You added the channels up. Here each channel stays by itself."),
        Mistake(_flipped, "You turned the kernel around. Our sum has no flip."),
        Mistake(_first_window_for_all, "You used the first channel's window for all channels."),
        Mistake(_transposed, "Rows and columns of the kernel are swapped."),
        Mistake(
            _same_sum_for_all,
            "np.sum added the channels up, and every channel got the same sum. Add over the "
            "window only: axis=(0, 1).",
        ),
        Mistake(
            lambda x, kernel: _added_up(x, kernel)[..., np.newaxis],
            "You added the channels up. Here each channel stays by itself.",
        ),
        Mistake(
            lambda x, kernel: np.moveaxis(_depthwise(x, kernel), -1, 0),
            "The numbers are right. Put the channels last.",
        ),
        Mistake(
            lambda x, kernel: _depthwise(x, kernel) / kernel[..., 0].size,
            "You took the mean over each window. A convolution takes the sum.",
        ),
    ],
)
