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
    reference=lambda x, g: np.correlate(x, g, mode="valid"),
    cases=_signal_cases,
    mistakes={
        "np.convolve(x, g, mode='valid')": "You turned g around. For the filter, g slides over x as it is.",
        "np.convolve(x, g, mode='full')": "That is the rule for the signal. The filter's gradient is only as long as the filter.",
        "np.correlate(x, g, mode='valid') / len(g)": "No mean is taken here: the weight was used at every place, so the terms add up.",
        "np.correlate(x, g, mode='valid')[::-1]": "The order is reversed: the first weight belongs to the earliest part of the signal.",
        "np.correlate(x, g, mode='full')": "g hangs over the ends here. Use only the places where it fits wholly (valid).",
        "np.correlate(x, g, mode='valid')[:-1]": "The last weight is missing: the filter has len(x) - len(g) + 1 weights.",
        "np.full(len(x) - len(g) + 1, g.sum())": "Each output passes g on times the pixel that the weight met. The signal is missing.",
        "np.correlate(x, g, mode='same')": "g hangs over the ends here. Use only the places where it fits wholly (valid).",
        "np.sum(np.correlate(x, g, mode='valid'))": "You added everything up. Each weight of the filter has a sum of its own.",
        "np.correlate(x, np.ones_like(g), mode='valid')": "The upstream gradient is missing: multiply each pixel by the g of its output.",
    },
)


def _scatter(g: Array, k: Array, stride: int, n: int) -> Array:
    dx = np.zeros(n)
    for i, value in enumerate(g):
        dx[i * stride : i * stride + len(k)] += value * k
    return dx


def _overwrite(g: Array, k: Array, stride: int, n: int) -> Array:
    dx = np.zeros(n)
    for i, value in enumerate(g):
        dx[i * stride : i * stride + len(k)] = value * k
    return dx


def _strided_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([10.0, 1.0]), np.array([2.0, -1.0, 3.0]), 1, 4)
    drawn = [
        (rng.normal(size=places), rng.normal(size=window), stride, n)
        for places, window, stride, n in ((2, 3, 2, 5), (3, 3, 2, 7), (3, 2, 3, 8), (4, 5, 2, 12))
    ]
    return [small, *drawn]


def _weights_spread(g: Array, k: Array, stride: int, n: int) -> Array:
    dx = np.zeros(n)
    for i, a in np.ndindex(len(g), len(k)):
        if i + a * stride < n:
            dx[i + a * stride] += g[i] * k[a]
    return dx


signal_gradient = Exercise(
    "gradient of the signal, with a stride",
    reference=_scatter,
    cases=_strided_cases,
    mistakes={
        "_scatter(g, k, 1, n)": "You left the stride out: output i read from x[i * stride], so it sends back there.",
        "_scatter(g, k[::-1], stride, n)": "You turned the filter around. x[j] gets its share through the weight that read it.",
        _overwrite: "Windows overlap. Add to what is there (+=), don't overwrite it.",
        "_scatter(g, np.ones_like(k), stride, n)": "The weights are missing: a place counts as much as the weight that read it.",
        "np.convolve(g, k)": "That is right for stride 1 only. Let output i send to x[i * stride] and its neighbours.",
        "_scatter(g, k, stride, stride * (len(g) - 1) + len(k))": "The result must have the length n. Pixels that no window read get 0.",
        "_scatter(g, k[:1], stride, n)": "You sent back to the first pixel of each window only. The others were read, too.",
        "_scatter(np.ones_like(g), k, stride, n)": "The upstream gradient is missing: output i sends back g[i] times the weights.",
        "_scatter(g[:-1], k, stride, n)": "The last output is missing: let the loop run over all of g.",
        _weights_spread: "The stride moves the window, not the weights inside it: the place is i * stride + a.",
    },
)


def _windows(x: Array) -> Array:
    rows, columns = x.shape
    # (rows / 2, columns / 2, 2, 2)
    return x.reshape(rows // 2, 2, columns // 2, 2).transpose(0, 2, 1, 3)


def _together(windows: Array) -> Array:
    rows, columns = windows.shape[:2]
    return windows.transpose(0, 2, 1, 3).reshape(2 * rows, 2 * columns)


def _to_place(x: Array, g: Array, last: bool = False) -> Array:
    flat = _windows(x).reshape(*g.shape, 4)
    place = 3 - flat[..., ::-1].argmax(axis=-1) if last else flat.argmax(axis=-1)
    sent = (np.arange(4) == place[..., np.newaxis]) * g[..., np.newaxis]
    return _together(sent.reshape(*g.shape, 2, 2))


def _to_all(x: Array, g: Array, share: bool) -> Array:
    windows = _windows(x)
    won = windows == windows.max(axis=(2, 3), keepdims=True)
    count = won.sum(axis=(2, 3), keepdims=True) if share else 1
    return _together(won * g[..., np.newaxis, np.newaxis] / count)


def _pool_cases(rng: np.random.Generator) -> list[Case]:
    small = (np.array([[1.0, 2.0], [5.0, 4.0]]), np.array([[10.0]]))
    tie = (np.array([[2.0, 2.0, 0.0, 1.0], [0.0, 2.0, 1.0, 1.0]]), np.array([[30.0, 8.0]]))
    drawn = [
        (rng.integers(0, 4, (2 * r, 2 * c)).astype(float), rng.normal(size=(r, c)))
        for r, c in ((2, 2), (3, 2), (4, 5))
    ]
    return [small, tie, *drawn]


def _turned_in_the_window(x: Array, g: Array) -> Array:
    windows = _windows(_to_place(x, g))
    return _together(windows.transpose(0, 1, 3, 2))


def _without_the_start(x: Array, g: Array) -> Array:
    dx = np.zeros_like(x)
    for (i, j), window in ((place, _windows(x)[place]) for place in np.ndindex(*g.shape)):
        a, b = np.unravel_index(window.argmax(), (2, 2))
        dx[i + a, j + b] = g[i, j]
    return dx


pool_backward = Exercise(
    "max pooling, backward",
    reference=_to_place,
    cases=_pool_cases,
    mistakes={
        "_to_all(x, g, share=False)": "In a tie you paid every winner in full: more gradient arrives than was sent.",
        "_to_all(x, g, share=True)": "In a tie you shared. The sum is right, but the task (and TensorFlow) pay one place.",
        "_to_place(x, g, last=True)": "In a tie the first place wins, not the last.",
        "np.kron(g, np.ones((2, 2))) / 4": "That is average pooling: here only the winner gets something.",
        "np.kron(g, np.ones((2, 2)))": "Everybody was paid. Only the largest of each window gets the gradient.",
        "_to_place(x, np.ones_like(g))": "The places are right. Put g there, not 1.",
        "_to_place(x, g * _windows(x).max(axis=(2, 3)))": "You multiplied g by the maximum. The slope of the winner is 1: pass g on as it is.",
        "_windows(x).max(axis=(2, 3))": "That is the forward pass. Return the gradient of x, in the shape of x.",
        "_to_place(x, _windows(x).max(axis=(2, 3)))": "The places are right. Put g there, not the maximum.",
        "np.where(_to_place(x, np.ones_like(g)) == 1, _to_place(x, g), x)": "Begin with zeros: a place that did not win gets 0, not its x.",
        _turned_in_the_window: "Row and column inside the window are swapped.",
        _without_the_start: "The window of g[i, j] begins at x[2 * i, 2 * j]: double i and j.",
        "_to_place(x.T, g.T).T": "In a tie, the first place row by row wins. You went column by column.",
        "(x == x.max()) * np.kron(g, np.ones((2, 2)))": "You took the maximum of the whole map. Take that of each window.",
    },
)
