"""Exercises on compression."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Exercise
from bmcourse.nn.activations import softmax

Array = npt.NDArray[Any]


def _scale_and_zero(minimum: float, maximum: float) -> tuple[float, int]:
    scale = (maximum - minimum) / 255
    return scale, round(-128 - minimum / scale)


scale_and_zero = Exercise(
    "scale and zero point",
    reference=_scale_and_zero,
    cases=lambda rng: [(-1.0, 4.1), (0.0, 1.0), (-2.0, 2.1), (-3.7, 0.0), (-0.3, 9.41)],
    mistakes={
        "((maximum - minimum) / 256, round(-128 - minimum / ((maximum - minimum) / 256)))": "256 numbers have 255 steps between them.",
        "((maximum - minimum) / 255, -128 - minimum / ((maximum - minimum) / 255))": "The zero point is a whole number: round it. Then 0 has an exact place.",
        "((maximum - minimum) / 255, round(-minimum / ((maximum - minimum) / 255)))": "That is the zero point of numbers from 0 to 255. Ours begin at -128.",
        "((maximum - minimum) / 255, round(128 - minimum / ((maximum - minimum) / 255)))": "The smallest whole number is -128, not 128.",
        "((maximum - minimum) / 255, round(-128 + minimum / ((maximum - minimum) / 255)))": "The sign: put r = minimum into q = r / s + z, set q = -128, and solve for z.",
        "((maximum - minimum) / 255, round(minimum / ((maximum - minimum) / 255)))": "Put r = minimum into q = r / s + z, set q = -128, and solve for z.",
        "(max(abs(minimum), abs(maximum)) / 127, 0)": "That is the symmetric code, with zero point 0. Here the range need not be symmetric.",
        "((maximum - minimum) / 255, 0)": "0 is not at the whole number 0 here: only at z. Put r = minimum and q = -128 into q = r / s + z.",
        "((maximum - minimum) / 255, round((minimum + maximum) / 2 / ((maximum - minimum) / 255)))": "The middle of the range is not the place of 0.",
        "((maximum - minimum) / 255, minimum)": "z is a whole number, in steps: divide by the scale, and begin at -128.",
    },
)


def _requantised(total: Array, factor: float, zero: int) -> Array:
    steps = np.round(factor * np.asarray(total, float)) + zero
    return np.clip(steps, -128, 127).astype(int)


requantised = Exercise(
    "from the sum to 8 bits",
    reference=_requantised,
    cases=lambda rng: [
        (np.array([0, 1000, -1000]), 0.01, -5),
        (np.array([40_000, -40_000]), 0.005, 10),
        (rng.integers(-200_000, 200_000, 9), 0.00071, 3),
        (np.array([249, 251, 151]), 0.01, 0),
        (np.array([37, -21, 60]), 0.9, 20),
    ],
    mistakes={
        "np.round(factor * np.asarray(total, float)).astype(int) + zero": "The result may lie outside -128 to 127: cut it.",
        "np.clip(np.round(factor * np.asarray(total, float)), -128, 127).astype(int) + zero": "First add the zero point, then cut.",
        "np.clip(np.floor(factor * np.asarray(total, float)) + zero, -128, 127).astype(int)": "Round to the nearest whole number, not downwards.",
        "np.clip(np.trunc(factor * np.asarray(total, float)) + zero, -128, 127).astype(int)": "Round to the nearest whole number: int() and astype(int) cut off.",
        "np.clip(np.round(factor * (np.asarray(total, float) + zero)), -128, 127).astype(int)": "The zero point is in steps of the output: add it after the factor.",
        "np.clip(np.round(factor * (np.asarray(total, float) - zero)), -128, 127).astype(int)": "The zero point is in steps of the output: add it after the factor.",
        "np.clip(np.round(factor * np.asarray(total, float)) - zero, -128, 127).astype(int)": "The sign of the zero point: q = r / s + z.",
        "np.clip(np.round(np.asarray(total, float) / factor) + zero, -128, 127).astype(int)": "Multiply by the factor: it is s_x s_j / s_y.",
        "np.clip(np.round(factor * np.asarray(total, float)), -128, 127).astype(int)": "The zero point of the output is missing.",
        "np.clip(factor * np.asarray(total, float) + zero, -128, 127)": "Whole numbers are asked for: round.",
        "np.clip(np.round(factor * np.asarray(total, float)) + zero, 0, 255).astype(int)": "Our whole numbers go from -128 to 127.",
        "(np.round(factor * np.asarray(total, float)) + zero).astype(np.int8).astype(int)": "Turning a large number into int8 wraps around: 130 becomes -126. Cut it first.",
    },
)


def _soft_gradient(z: Array, v: Array, temperature: float) -> Array:
    found: Array = temperature * (softmax(z / temperature) - softmax(v / temperature))
    return found


soft_gradient = Exercise(
    "gradient of the soft part",
    reference=_soft_gradient,
    cases=lambda rng: [
        (np.array([2.0, 0.0]), np.array([0.0, 1.0]), 2.0),
        (rng.normal(size=4), rng.normal(size=4) * 3, 1.0),
        (rng.normal(size=5) * 2, rng.normal(size=5), 4.0),
        (rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), 8.0),
    ],
    mistakes={
        "softmax(z / temperature) - softmax(v / temperature)": "One factor is missing: T² before the divergence, and 1 / T from the inner derivative, make T.",
        "temperature**2 * (softmax(z / temperature) - softmax(v / temperature))": "The inner derivative is missing: z stands in softmax divided by T, which gives a factor 1 / T.",
        "(softmax(z / temperature) - softmax(v / temperature)) / temperature": "That is the gradient of the divergence alone. It is multiplied by T².",
        "temperature * (softmax(v / temperature) - softmax(z / temperature))": "The sign: student minus teacher, as in probability minus target.",
        "temperature * (softmax(z) - softmax(v))": "Both softmaxes are taken at the temperature T.",
        "softmax(z) - softmax(v)": "Both softmaxes are taken at the temperature T, and a factor is missing.",
        "temperature * (softmax(z / temperature) - softmax(v))": "The teacher's logits are divided by T, too.",
        "temperature * (softmax(z) - softmax(v / temperature))": "The student's logits are divided by T, too.",
        "temperature * (softmax(z * temperature) - softmax(v * temperature))": "Logits are divided by the temperature, not multiplied.",
        "(z - v) / z.shape[-1]": "That is the limit for a large temperature and centred logits. Give the exact gradient.",
        "temperature**2 * (softmax(v / temperature) * np.log(softmax(v / temperature) / softmax(z / temperature)))": "Those are the terms of the loss. Asked for is its gradient with respect to z.",
    },
    atol=1e-10,
)


def _block_megabytes(weights: int, bits: int, block: int) -> float:
    return weights * (bits + 32 / block) / 8 / 1e6


block_megabytes = Exercise(
    "megabytes of a model in blocks",
    reference=_block_megabytes,
    cases=lambda _: [
        (32_000_000, 4, 32),
        (7_000_000_000, 4, 32),
        (7_000_000_000, 3, 64),
        (1_000_000, 8, 16),
    ],
    mistakes={
        "weights * bits / 8 / 1e6": "Each block has a scale and a minimum besides: two numbers of 16 bits.",
        "weights * (bits + 16 / block) / 8 / 1e6": "Two numbers of 16 bits, scale and minimum, not one.",
        "weights * (bits + 64 / block) / 8 / 1e6": "Half precision: 16 bits for each of the two numbers.",
        "weights * (bits + 32 / block) / 1e6": "Those are megabits. A byte has 8 bits.",
        "weights * (bits + 4 / block) / 8 / 1e6": "The 4 bytes of a block are 32 bits: count in one unit.",
        "weights * (bits + 32) / 8 / 1e6": "Scale and minimum stand once in a block, not with each weight.",
        "weights * (bits + 32 / block) / 8": "Those are bytes. A megabyte has a million.",
        "weights * (bits + 32 / block) / 8 / 2**20": "That divides by 1,048,576. Here a megabyte has a million bytes.",
        "weights * (bits + block / 32) / 8 / 1e6": "Turned around: a larger block shares its 32 bits among more weights.",
        "weights * (bits + 32 / block) / 8 / 1e9": "Those are gigabytes.",
    },
)


def _keep(w: Array, share: float) -> Array:
    keep = np.ones(w.size, bool)
    keep[np.argsort(np.abs(w).ravel(), kind="stable")[: round(share * w.size)]] = False
    return keep.reshape(w.shape)


def _places(keys: Array, share: float) -> Array:
    keep = np.ones(keys.size, bool)
    keep[np.argsort(keys.ravel(), kind="stable")[: round(share * keys.size)]] = False
    return keep.reshape(keys.shape)


def _row_by_row(w: Array, share: float) -> Array:
    return np.stack([_keep(row, share) for row in w])


keep = Exercise(
    "which weights stay",
    reference=_keep,
    cases=lambda rng: [
        (np.array([[0.5, -3.0], [1.0, -0.2]]), 0.5),
        (np.array([[0.1, 0.2, -0.3], [4.0, -5.0, 6.0]]), 0.5),
        (rng.normal(size=(4, 5)), 0.75),
        (rng.normal(size=(3, 4)), 0.0),
        (np.array([[1.0, 1.0], [1.0, 2.0]]), 0.25),
    ],
    mistakes={
        "_places(w, share)": "Large negative weights matter, too: sort by the size, |w|.",
        "~_keep(w, share)": "True means: stays. Yours marks those that go.",
        "_keep(w, 1 - share)": "share is what is removed, not what stays.",
        "_row_by_row(w, share)": "You cut in each row. The smallest of all together go.",
        "w * _keep(w, share)": "Return the mask: True for what stays, False for what goes.",
        "np.abs(w) > np.quantile(np.abs(w), share)": "A quantile as bound removes another number of weights where some are equal, or where share is 0. Sort, and remove the first ones.",
        "np.abs(w) >= np.quantile(np.abs(w), share)": "A bound keeps all weights that are equal to it. Sort, and remove exactly as many as asked for.",
        "np.abs(w) > share * np.abs(w).max()": "share is a share of the weights, not of the largest one.",
        "np.abs(w) > share": "share is a share of the weights, not a bound for their size.",
        "_places(-np.abs(w), share)": "You removed the largest.",
    },
)


def _fixed_point(factor: float) -> tuple[int, int]:
    mantissa, exponent = math.frexp(factor)  # factor = mantissa * 2**exponent, half to 1
    return round(mantissa * 2**15), 15 - exponent


fixed_point = Exercise(
    "a factor without a decimal point",
    reference=_fixed_point,
    cases=lambda rng: [(0.5,), (0.25,), (0.01,), (0.000713,), (0.9,), (float(rng.uniform(0, 1)),)],
    mistakes={
        "(round(math.frexp(factor)[0] * 2**15), math.frexp(factor)[1])": "The number of places to shift counts the 15 of m, too: n = 15 - exponent.",
        "(round(math.frexp(factor)[0] * 2**15), 15 + math.frexp(factor)[1])": "The sign of the exponent: a smaller factor needs a longer shift to the right.",
        "(math.floor(math.frexp(factor)[0] * 2**15), 15 - math.frexp(factor)[1])": "Round m to the nearest whole number.",
        "(math.frexp(factor)[0] * 2**15, 15 - math.frexp(factor)[1])": "m is a whole number: round it.",
        "(round(factor * 2**15), 15)": "A small factor leaves m with few digits. First double the factor until it is at least one half, and count.",
        "(round(math.frexp(factor)[0] * 2**16), 16 - math.frexp(factor)[1])": "m has 15 bits: from 2^14 to 2^15.",
        "(round(math.frexp(factor)[0] * 2**14), 14 - math.frexp(factor)[1])": "m has 15 bits: from 2^14 to 2^15.",
        "(round(math.frexp(factor)[0] * 2**31), 31 - math.frexp(factor)[1])": "m has 15 bits here: from 2^14 to 2^15. (LiteRT takes 31.)",
        "(15 - math.frexp(factor)[1], round(math.frexp(factor)[0] * 2**15))": "The order: first m, then n.",
        "(round(math.frexp(factor)[0] * 2**15), -math.frexp(factor)[1])": "m carries 15 places itself: add them to n.",
    },
)
