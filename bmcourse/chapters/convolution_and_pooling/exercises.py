"""Exercises on convolution and pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.convolution_and_pooling.sizes import (
    dilated_size,
    output_size,
    receptive_field,
)
from bmcourse.exercises import Case, Exercise

__all__ = ["depthwise", "dilated_size", "move_right", "output_size", "receptive_field"]

Array = npt.NDArray[Any]


def _one_weight(row: int, column: int) -> list[list[int]]:
    return [[int((i, j) == (row, column)) for j in range(3)] for i in range(3)]


CORNER = "A weight in a corner moves the picture along a diagonal. Move it along its row only."


move_right = Exercise(
    "a filter that moves the picture to the right",
    reference=lambda: _one_weight(1, 0),
    cases=lambda rng: [()],
    mistakes={
        "_one_weight(1, 2)": "This moves the picture to the left. Without a flip, the weight stands where it looks.",
        "_one_weight(1, 1)": "This copies the picture and moves nothing.",
        "_one_weight(0, 1)": "This moves the picture down. The first index is the row, the second the column.",
        "_one_weight(2, 1)": "This moves the picture up. The first index is the row, the second the column.",
        "[[1, 0, 0], [1, 0, 0], [1, 0, 0]]": "This adds three pixels of the left column. You want only the one beside the middle.",
        "_one_weight(0, 0)": CORNER,
        "_one_weight(0, 2)": CORNER,
        "_one_weight(2, 0)": CORNER,
        "_one_weight(2, 2)": CORNER,
        "[number for row in _one_weight(1, 0) for number in row]": "Nine numbers in one list. Make three rows of them, a list of three lists.",
    },
    instead="The sum must be a single pixel, unchanged: the left neighbour of the middle. Which "
    "weight meets that pixel, and what must all others be?",
)


def _windows(x: Array, kernel: Array) -> Array:
    # (rows, columns, channels, k, k)
    return np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(0, 1))


def _depthwise(x: Array, kernel: Array) -> Array:
    return np.einsum("rchij,ijh->rch", _windows(x, kernel), kernel)


def _added_up(x: Array, kernel: Array) -> Array:
    return np.einsum("rchij,ijh->rc", _windows(x, kernel), kernel)


def _depthwise_cases(rng: np.random.Generator) -> list[Case]:
    shapes = [(3, 3, 2, 2), (5, 6, 3, 3), (7, 5, 1, 2), (8, 8, 4, 5)]
    return [
        (rng.normal(size=(height, width, channels)), rng.normal(size=(k, k, channels)))
        for height, width, channels, k in shapes
    ]


depthwise = Exercise(
    "depthwise convolution",
    reference=_depthwise,
    cases=_depthwise_cases,
    mistakes={
        _added_up: "You added the channels up. Here each channel stays by itself.",
        "_depthwise(x, kernel[::-1, ::-1])": "You turned the kernel around. Our sum has no flip.",
        "np.einsum('rchij,ij->rch', _windows(x, kernel), kernel[:, :, 0])": "You used the first channel's window for all channels.",
        "_depthwise(x, kernel.transpose(1, 0, 2))": "Rows and columns of the kernel are swapped.",
        "np.repeat(_added_up(x, kernel)[..., np.newaxis], x.shape[2], axis=2)": "np.sum added the channels up, and every channel got the same sum. Add over the window only: axis=(0, 1).",
        "_added_up(x, kernel)[..., np.newaxis]": "You added the channels up. Here each channel stays by itself.",
        "np.moveaxis(_depthwise(x, kernel), -1, 0)": "The numbers are right. Put the channels last.",
        "_depthwise(x, np.ones_like(kernel))": "You added up the pixels of each window. Multiply each by its weight first.",
        "_depthwise(x, kernel).transpose(1, 0, 2)": "Rows and columns of the output are swapped.",
        "_depthwise(x, kernel) / kernel[..., 0].size": "You took the mean over each window. A convolution takes the sum.",
    },
)
