"""Exercises on back-propagation through convolution."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _signal_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([1.0, 2.0, 3.0, 4.0]), np.array([10.0, 1.0]))
    drawn = [(rng.normal(size=n), rng.normal(size=m)) for n, m in ((5, 3), (8, 6), (12, 4))]
    return [small, *drawn]


filter_gradient = Exercise(
    "gradient of the filter",
    reference=lambda x, dz: np.correlate(x, dz, mode="valid"),
    cases=_signal_cases,
    mistakes={
        "np.convolve(x, dz, mode='valid')": "You turned dz around. For the filter, dz slides over x as it is.",
        "np.convolve(x, dz, mode='full')": "That is the rule for the signal. The filter's gradient is only as long as the filter.",
        "np.correlate(x, dz, mode='valid') / len(dz)": "No mean is taken here: the weight was used at every place, so the terms add up.",
        "np.correlate(x, dz, mode='valid')[::-1]": "The order is reversed: the first weight belongs to the earliest part of the signal.",
        "np.correlate(x, dz, mode='full')": "dz hangs over the ends here. Use only the places where it fits wholly (valid).",
        "np.correlate(x, dz, mode='valid')[:-1]": "The last weight is missing: the filter has len(x) - len(dz) + 1 weights.",
        "np.full(len(x) - len(dz) + 1, dz.sum())": "Each output passes dz on times the pixel that the weight met. The signal is missing.",
        "np.correlate(x, dz, mode='same')": "dz hangs over the ends here. Use only the places where it fits wholly (valid).",
        "np.sum(np.correlate(x, dz, mode='valid'))": "You added everything up. Each weight of the filter has a sum of its own.",
        "np.correlate(x, np.ones_like(dz), mode='valid')": "The upstream gradient is missing: multiply each pixel by the dz of its output.",
    },
)


def _scatter(dz: Array, w: Array, stride: int, n: int) -> Array:
    dx = np.zeros(n)
    for r, value in enumerate(dz):
        dx[r * stride : r * stride + len(w)] += value * w
    return dx


def _overwrite(dz: Array, w: Array, stride: int, n: int) -> Array:
    dx = np.zeros(n)
    for r, value in enumerate(dz):
        dx[r * stride : r * stride + len(w)] = value * w
    return dx


def _strided_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([10.0, 1.0]), np.array([2.0, -1.0, 3.0]), 1, 4)
    drawn = [
        (rng.normal(size=places), rng.normal(size=window), stride, n)
        for places, window, stride, n in ((2, 3, 2, 5), (3, 3, 2, 7), (3, 2, 3, 8), (4, 5, 2, 12))
    ]
    return [small, *drawn]


def _weights_spread(dz: Array, w: Array, stride: int, n: int) -> Array:
    dx = np.zeros(n)
    for r, i in np.ndindex(len(dz), len(w)):
        if r + i * stride < n:
            dx[r + i * stride] += dz[r] * w[i]
    return dx


signal_gradient = Exercise(
    "gradient of the signal, with a stride",
    reference=_scatter,
    cases=_strided_cases,
    mistakes={
        "_scatter(dz, w, 1, n)": "You left the stride out: output r read from x[r * stride], so it sends back there.",
        "_scatter(dz, w[::-1], stride, n)": "You turned the filter around. x[t] gets its share through the weight that read it.",
        _overwrite: "Windows overlap. Add to what is there (+=), don't overwrite it.",
        "_scatter(dz, np.ones_like(w), stride, n)": "The weights are missing: a place counts as much as the weight that read it.",
        "np.convolve(dz, w)": "That is right for stride 1 only. Let output r send to x[r * stride] and its neighbours.",
        "_scatter(dz, w, stride, stride * (len(dz) - 1) + len(w))": "The result must have the length n. Pixels that no window read get 0.",
        "_scatter(dz, w[:1], stride, n)": "You sent back to the first pixel of each window only. The others were read, too.",
        "_scatter(np.ones_like(dz), w, stride, n)": "The upstream gradient is missing: output r sends back dz[r] times the weights.",
        "_scatter(dz[:-1], w, stride, n)": "The last output is missing: let the loop run over all of dz.",
        _weights_spread: "The stride moves the window, not the weights inside it: the place is r * stride + i.",
    },
)


def _as_matrix(w: Array, n: int) -> Array:
    matrix = np.zeros((n - len(w) + 1, n))
    for row, weights in enumerate(matrix):
        weights[row : row + len(w)] = w
    return matrix


def _around_the_end(w: Array, n: int) -> Array:
    row = np.concatenate([w, np.zeros(n - len(w))])
    return np.array([np.roll(row, place) for place in range(n)])


def _matrix_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([2.0, -1.0, 3.0]), 4)
    return [small, *((rng.normal(size=window), n) for window, n in ((2, 5), (3, 7), (4, 4)))]


as_matrix = Exercise(
    "a convolution as a matrix",
    reference=_as_matrix,
    cases=_matrix_cases,
    mistakes={
        "_as_matrix(w, n).T": "That is the transpose. Each row belongs to an output, each column to a number of x.",
        "_as_matrix(w[::-1], n)": "You turned the filter around. Row 0 begins with w[0], as the formula of the output does.",
        "np.tile(_as_matrix(w, n)[0], (n - len(w) + 1, 1))": "All rows are equal. In each row, the weights stand one place further to the right.",
        _around_the_end: "Weights come back in on the left. Keep only the rows where the filter fits wholly: n - len(w) + 1.",
        "_as_matrix(np.ones_like(w), n)": "The places are right. Put the weights there, not 1.",
        "_as_matrix(w, n)[::-1]": "The rows are in the wrong order: row 0 belongs to the first output.",
        "_as_matrix(w, n)[:-1]": "The last row is missing: the filter fits at n - len(w) + 1 places.",
        "_as_matrix(w, n)[0]": "That is the row of the first output. Make one row for each output.",
        "_as_matrix(w, n)[:, : len(w)]": "A row has n numbers, one for each number of x. Where no weight stands, there is a 0.",
    },
)


def _windows(x: Array) -> Array:
    rows, columns = x.shape
    # (rows / 2, columns / 2, 2, 2)
    return x.reshape(rows // 2, 2, columns // 2, 2).transpose(0, 2, 1, 3)


def _together(windows: Array) -> Array:
    rows, columns = windows.shape[:2]
    return windows.transpose(0, 2, 1, 3).reshape(2 * rows, 2 * columns)


def _to_place(x: Array, dz: Array, last: bool = False) -> Array:
    flat = _windows(x).reshape(*dz.shape, 4)
    place = 3 - flat[..., ::-1].argmax(axis=-1) if last else flat.argmax(axis=-1)
    sent = (np.arange(4) == place[..., np.newaxis]) * dz[..., np.newaxis]
    return _together(sent.reshape(*dz.shape, 2, 2))


def _to_all(x: Array, dz: Array, share: bool) -> Array:
    windows = _windows(x)
    won = windows == windows.max(axis=(2, 3), keepdims=True)
    count = won.sum(axis=(2, 3), keepdims=True) if share else 1
    return _together(won * dz[..., np.newaxis, np.newaxis] / count)


def _pool_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([[1.0, 2.0], [5.0, 4.0]]), np.array([[10.0]]))
    tie = (np.array([[2.0, 2.0, 0.0, 1.0], [0.0, 2.0, 1.0, 1.0]]), np.array([[30.0, 8.0]]))
    drawn = [
        (rng.integers(0, 4, (2 * r, 2 * c)).astype(float), rng.normal(size=(r, c)))
        for r, c in ((2, 2), (3, 2), (4, 5))
    ]
    return [small, tie, *drawn]


def _turned_in_the_window(x: Array, dz: Array) -> Array:
    windows = _windows(_to_place(x, dz))
    return _together(windows.transpose(0, 1, 3, 2))


def _without_the_start(x: Array, dz: Array) -> Array:
    dx = np.zeros_like(x)
    for (i, j), window in ((place, _windows(x)[place]) for place in np.ndindex(*dz.shape)):
        a, b = np.unravel_index(window.argmax(), (2, 2))
        dx[i + a, j + b] = dz[i, j]
    return dx


pool_backward = Exercise(
    "max pooling, backward",
    reference=_to_place,
    cases=_pool_cases,
    mistakes={
        "_to_all(x, dz, share=False)": "In a tie you gave every winner the whole: more gradient arrives than was sent.",
        "_to_all(x, dz, share=True)": "In a tie you shared. That is a valid convention, but the task (and TensorFlow) send all to one place.",
        "_to_place(x, dz, last=True)": "In a tie the first place wins, not the last.",
        "np.kron(dz, np.ones((2, 2))) / 4": "That is average pooling: here only the winner gets something.",
        "np.kron(dz, np.ones((2, 2)))": "Every number got the gradient. Only the largest of each window gets it.",
        "_to_place(x, np.ones_like(dz))": "The places are right. Put dz there, not 1.",
        "_to_place(x, dz * _windows(x).max(axis=(2, 3)))": "You multiplied dz by the maximum. The slope of the winner is 1: pass dz on as it is.",
        "_windows(x).max(axis=(2, 3))": "That is the forward pass. Return the gradient of x, in the shape of x.",
        "_to_place(x, _windows(x).max(axis=(2, 3)))": "The places are right. Put dz there, not the maximum.",
        "np.where(_to_place(x, np.ones_like(dz)) == 1, _to_place(x, dz), x)": "Begin with zeros: a place that did not win gets 0, not its x.",
        _turned_in_the_window: "Row and column inside the window are swapped.",
        _without_the_start: "The window of dz[r, q] begins at x[2 * r, 2 * q]: double r and q.",
        "_to_place(x.T, dz.T).T": "In a tie, the first place row by row wins. You went column by column.",
        "(x == x.max()) * np.kron(dz, np.ones((2, 2)))": "You took the maximum of the whole map. Take that of each window.",
    },
)
