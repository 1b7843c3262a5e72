"""Exercises on a convolutional network in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _convolution_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [
        (int(h), int(w), int(c), int(f), int(k))
        for h, w, c, f, k in rng.integers((6, 6, 1, 2, 1), (15, 15, 5, 9, 5), (5, 5))
    ]
    return [(3, 3, 1, 1, 3), (5, 4, 2, 3, 2), (28, 28, 1, 32, 3), *drawn]


def _flops(places: int, kernel: int, filters: int, bias: int = 1) -> int:
    return places * filters * (2 * kernel + bias)


conv_flops = Exercise(
    "FLOPs of a convolution",
    reference=lambda h, w, c, f, k: _flops((h - k + 1) * (w - k + 1), k * k * c, f),
    cases=_convolution_cases,
    mistakes={
        "_flops((h - k + 1) * (w - k + 1), k * k * c, f, bias=0)": "The sum for the bias is missing: one for every output number.",
        "_flops(h * w, k * k * c, f)": "Without padding, the window fits at fewer places than there are pixels.",
        "_flops((h - k + 1) * (w - k + 1), k * k, f)": "Every window reads all input channels.",
        "(h - k + 1) * (w - k + 1) * f * (k * k * c + 1)": "A product and its sum are two operations.",
        "_flops((h - k) * (w - k), k * k * c, f)": "One place more: a window of 3 fits once into 3 pixels.",
        "2 * k * k * c * f + f": "That counts the weights once. They are used again at every place of the picture.",
        "_flops((h - k + 1) * (w - k + 1), k * c, f)": "The window is a square: it has kernel_size times kernel_size weights in each channel.",
        "_flops((h - k + 1) * (w - k + 1), k * k * c, 1)": "That is the work of one filter. Multiply by the number of filters.",
        "_flops((h - k + 1) * (w - k + 1), k * k * c, f, bias=2)": "The bias is one sum only. It has no product.",
        "_flops((h - k + 1) * (w - k + 1), k * k * c, f, bias=0) + f": "The bias is added at every place, once for each output number.",
        "(h - k + 1) * (w - k + 1) * f * k * k * c": "You counted the products. Each has a sum, too, and so has each bias.",
        "_flops((h - 2) * (w - 2), k * k * c, f)": "The window is not always 3 × 3: it fits at height - kernel_size + 1 places in a column.",
        "_flops((h - k + 1) ** 2, k * k * c, f)": "The picture need not be a square: the places are rows times columns.",
        "(h - k + 1) * (w - k + 1) * f * c * (2 * k * k + 1)": "One bias for each output number: it is not repeated for every input channel.",
        "(k * k * c + 1) * f": "Those are the parameters. The work repeats at every place of the picture.",
        "_flops((h - k + 1) * (w - k + 1), k * k * f, c)": "You swapped filters and in_channels: each filter reads all input channels.",
        "(h - k + 1) * (w - k + 1) * (2 * k * k * c * f + 1)": "Every filter adds its own bias at every place: one sum for each output number.",
        "_flops((h - k + 1) * (w - k + 1), k * k * c, f, bias=-1)": "The task counts a sum for each weight, and one more for the bias.",
    },
)


def _part_cases(rng: np.random.Generator) -> list[Case]:
    small: list[Case] = [(np.array([1.0]), 1, np.array([4.0]), 2)]
    drawn = [
        (rng.normal(size=shape), n1, rng.normal(size=shape), n2)
        for shape, n1, n2 in (((3,), 16, 16), ((2, 3), 17, 15), ((4, 2), 64, 8))
    ]
    return [*small, *drawn]


whole_gradient = Exercise(
    "gradient of the whole batch",
    reference=lambda g1, n1, g2, n2: (n1 * g1 + n2 * g2) / (n1 + n2),
    cases=_part_cases,
    mistakes={
        "(g1 + g2) / 2": "That is right only for parts of equal size: weight each part by its images.",
        "g1 + g2": "Both are means already. Adding them makes the step about twice too long.",
        "n1 * g1 + n2 * g2": "That is the gradient of the sum over the images. The loss is their mean.",
        "(n2 * g1 + n1 * g2) / (n1 + n2)": "You swapped the weights: g1 belongs to n1 images.",
        "(n1 * g1 + n2 * g2) / 2": "Divide by the number of images, n1 + n2, not by the number of parts.",
        "(g1 + g2) / (n1 + n2)": "g1 is a mean already. Multiply it by n1 to get the sum over its images, likewise g2.",
        "g1 / n1 + g2 / n2": "g1 is a mean already. Multiply by n1 to undo it; you divided once more.",
        "(n1 * g1 + n2 * g2) / (n1 * n2)": "Divide by the sum n1 + n2, not by the product.",
        "n1 * g1 + n2 * g2 / (n1 + n2)": "Brackets are missing: divide the whole sum by n1 + n2.",
        "(g1 / n1 + g2 / n2) / (n1 + n2)": "g1 is a mean already. Multiply by n1 to undo it; you divided once more.",
        "n1 * g1 / (n1 + n2) + g2": "g2 needs its weight, too: n2 / (n1 + n2).",
        "(g1 / n1 + g2 / n2) / 2": "g1 is a mean already. Multiply by n1 to undo it; you divided once more.",
    },
)


def _slope(x: Array, y: Array) -> float:
    return float(np.polyfit(x, y, 1)[0])


def _growth_cases(rng: np.random.Generator) -> list[Case]:
    sizes = np.array([1.0, 2.0, 4.0, 8.0])
    exact = [(sizes[:2], 3 * sizes[:2]), (sizes, 5 * sizes**2), (10 * sizes, 0.2 * sizes**0.5)]
    noisy = 7 * sizes**1.2 * np.exp(rng.normal(scale=0.05, size=4))
    return [*exact, (3 * sizes, noisy)]


exponent = Exercise(
    "exponent of growth",
    reference=lambda sizes, times: _slope(np.log(sizes), np.log(times)),
    cases=_growth_cases,
    mistakes={
        "_slope(sizes, times)": "Take logarithms first: the exponent is the slope of log time against log size.",
        "_slope(np.log(times), np.log(sizes))": "The axes are swapped: the slope of log time against log size is asked for.",
        "_slope(sizes, np.log(times))": "Take the logarithm of the sizes, too.",
        "_slope(np.log(sizes), times)": "Take the logarithm of the times, too.",
        "float(np.polyfit(np.log(sizes), np.log(times), 1)[1])": "That is the logarithm of the factor c. The slope is the other number of the line.",
        "np.polyfit(np.log(sizes), np.log(times), 1)": "np.polyfit gives slope and intercept. Return the slope alone, the first one.",
        "float(np.log(times[-1] / times[0]))": "Divide by the logarithm of how often the size grew.",
        "2 ** _slope(np.log(sizes), np.log(times))": "That says how many times as long twice the size takes. Return the exponent itself.",
        "float(np.exp(_slope(np.log(sizes), np.log(times))))": "The slope is the exponent already. No exponential is needed.",
        "float(np.mean(np.log(times) / np.log(2 * sizes)))": "The factor c is still in there. It drops out of the slope of a line.",
        "float((times[-1] / times[0]) / (sizes[-1] / sizes[0]))": "Both ratios need a logarithm before you divide.",
        "float(np.log(times[-1] / times[0]) / np.log(sizes[-1] / sizes[0]))": "That uses the first and the last size only. Lay a line through all points.",
    },
)


def _blocks(z: Array) -> Array:
    rows, columns = z.shape
    return z.reshape(rows // 2, 2, columns // 2, 2)


def _map_cases(rng: np.random.Generator) -> list[Case]:
    first = (np.array([[-3.0, -1.0], [-2.0, -4.0]]), 2.0)
    drawn = [
        (rng.normal(size=shape), float(rng.normal())) for shape in ((2, 4), (4, 4), (6, 2), (8, 6))
    ]
    return [first, *drawn, (np.full((2, 2), -1.0), 0.5)]


def _cut_into_rows(z: Array, bias: float) -> Array:
    rows, columns = z.shape
    pools = z.reshape(rows // 2, columns // 2, 2, 2)
    return np.asarray(np.maximum(pools.max(axis=(2, 3)) + bias, 0))


pooled_relu = Exercise(
    "pool, then bias and ReLU",
    reference=lambda z, bias: np.maximum(_blocks(z).max(axis=(1, 3)) + bias, 0),
    cases=_map_cases,
    mistakes={
        "np.maximum(_blocks(z).max(axis=(1, 3)), 0) + bias": "The bias comes before ReLU. After it, negative outputs appear and zeros move.",
        "_blocks(z).max(axis=(1, 3)) + bias": "ReLU is missing.",
        "np.maximum(_blocks(z).max(axis=(1, 3)), 0)": "The bias is missing.",
        "np.maximum(_blocks(z).mean(axis=(1, 3)) + bias, 0)": "That is average pooling. Only the maximum may change places with bias and ReLU.",
        "np.maximum(z + bias, 0)": "The result must have half the rows and half the columns: pool first.",
        "np.maximum(z[::2, ::2] + bias, 0)": "You kept the upper left number of every pool. Keep the largest.",
        "np.max(_blocks(z).max(axis=(1, 3)) + bias, 0)": "np.max(…, 0) takes the largest along axis 0. Use np.maximum, which compares each number with 0.",
        _cut_into_rows: "Each pool is 2 rows by 2 columns. Your reshape put numbers together that are not neighbours.",
        "float(np.maximum(z.max() + bias, 0))": "You took the largest of the whole map. Take the largest of each pool of 2 × 2.",
        "np.maximum(_blocks(z).sum(axis=(1, 3)) + bias, 0)": "You added up each pool. Max pooling keeps the largest number.",
        "np.maximum(_blocks(z).max(axis=(1, 3)) + 2 * bias, 0)": "You added the bias twice.",
        "np.maximum(_blocks(z).max(axis=(1, 3), keepdims=True) + bias, 0)": "keepdims=True keeps two axes of length 1. Leave it out.",
        "np.maximum(_blocks(z).max(axis=(1, 3)) - bias, 0)": "The bias is added, not subtracted.",
        "np.maximum(_blocks(z).max(axis=(1, 3)), bias)": "np.maximum(…, bias) compares with the bias. Add it first, then compare with 0.",
        "np.maximum(np.maximum(_blocks(z).max(axis=(1, 3)), 0) + bias, 0)": "One ReLU only, after the bias. The first one cut numbers that the bias would have lifted.",
    },
)
