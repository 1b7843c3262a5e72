"""Exercises on three frameworks."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.chapters.three_frameworks.pytorch_adam import pytorch_adam
from bmcourse.exercises import Case, Exercise

__all__ = ["epsilon_for_pytorch", "lowest_rate", "pytorch_adam", "to_pytorch", "without_zero_grad"]

Array = npt.NDArray[Any]


def _weight_cases(rng: np.random.Generator) -> list[Case]:
    networks = [(2, 3, 1), (4, 4, 4), (5, 2, 3, 1)]
    return [
        ([rng.normal(size=shape) for n, m in pairwise(widths) for shape in ((n, m), (m,))],)
        for widths in networks
    ]


ONE_BY_ONE = (
    "A list of arrays of different shapes cannot be transposed as a whole. Transpose each array "
    "of the list."
)


to_pytorch = Exercise(
    "weights for PyTorch",
    reference=lambda weights: [w.T for w in weights],
    cases=_weight_cases,
    mistakes={
        "list(weights)": "Nothing has changed. PyTorch keeps a kernel as (out, in); for a square kernel no error would warn you.",
        "[w.reshape(w.shape[::-1]) for w in weights]": "The shapes are right and the numbers stand in the wrong places: reshape refills row by row. Exchange rows and columns instead.",
        "[w.T for w in weights[::-1]]": "The transposes are right. Keep the order: first layer first, kernel before bias.",
        "[w.T if w.ndim > 1 else w[:, np.newaxis] for w in weights]": "A bias has one axis in both frameworks. Leave it as it is.",
        "np.transpose(weights)": ONE_BY_ONE,
        "weights.T": ONE_BY_ONE,
        "[w.T for w in weights[::2]]": "The kernels are right. The biases belong into the list, too, unchanged.",
        "[w for k, b in zip(weights[::2], weights[1::2], strict=True) for w in (b, k.T)]": "Keep the order: the kernel of a layer before its bias.",
        "[*(w.T for w in weights[::2]), *weights[1::2]]": "Keep the order: each bias follows its kernel.",
        "[w.T if w.ndim > 1 else w[np.newaxis] for w in weights]": "A bias has one axis in both frameworks. Leave it as it is.",
        "[(k.T, b) for k, b in zip(weights[::2], weights[1::2], strict=True)]": "Return one flat list of arrays, without pairs.",
        "[weights[0].T, weights[1], weights[2].T, weights[3]]": "The list may have any length: use a loop over it.",
        "[weights[0].T, *weights[1:]]": "Transpose the kernel of every layer, not of the first one only.",
    },
)


def _gradient_cases(rng: np.random.Generator) -> list[Case]:
    small = [(np.array([1.0]), 0.1), (np.array([1.0, 2.0, 3.0]), 0.1)]
    return small + [(rng.normal(size=n), 0.5) for n in (2, 5, 20)]


without_zero_grad = Exercise(
    "zero_grad forgotten",
    reference=lambda gradients, rate: -rate * np.cumsum(gradients).sum(),
    cases=_gradient_cases,
    mistakes={
        "-rate * gradients.sum()": "That is the program with zero_grad. Without it, each step walks along the sum of all gradients so far.",
        "rate * np.cumsum(gradients).sum()": "The size is right. SGD walks against the gradient.",
        "-rate * np.cumsum(gradients)": "These are the single steps. The question asks for the whole way: add them.",
        "-rate * len(gradients) * gradients.sum()": "Not every step sees all gradients: the first step sees the first one only.",
        "float(-rate * (np.cumsum(gradients) - gradients).sum())": "The gradient of a step is added before the step is taken, not after it.",
        "-rate * np.cumsum(np.cumsum(gradients))": "Those are the places after each step. Return the last one: how far it moved in all.",
        "-np.cumsum(gradients).sum()": "The learning rate is missing: each step is rate times what is stored.",
        "abs(rate * np.cumsum(gradients).sum())": "The size is right. Keep the sign: the weight moves against the gradient.",
        "np.abs(rate * np.cumsum(gradients)).sum()": "You added the lengths of the steps. Steps in opposite directions cancel: keep their signs.",
        "-rate * np.sum(np.arange(1, len(gradients) + 1) * gradients)": "The other way round: the first gradient stays in all steps, the last one is in one only.",
        "-rate * np.mean(np.cumsum(gradients))": "That is the mean step. Add the steps up.",
        "-rate * gradients[-1]": "That is one step with the last gradient. Add up all steps.",
        "np.cumsum(gradients).sum()": "The learning rate is missing, and SGD walks against the gradient.",
    },
)


epsilon_for_pytorch = Exercise(
    "epsilon for PyTorch's Adam",
    reference=lambda epsilon, beta_2, t: epsilon / math.sqrt(1 - beta_2**t),
    cases=lambda rng: [
        (1e-7, 0.75, 1),
        (1e-7, 0.999, 1),
        (1e-3, 0.999, 10),
        (0.1, 0.9, 3),
        (0.5, 0.99, 1000),
    ],
    mistakes={
        "epsilon * math.sqrt(1 - beta_2**t)": "The factor is right, and on the wrong side. Keras corrects the whole fraction; ask what that does to epsilon once the correction stands under v.",
        "epsilon / (1 - beta_2**t)": "v is corrected inside the root, so epsilon meets the root of the correction.",
        "epsilon / math.sqrt(1 - beta_2)": "That is right for the first step only: the correction depends on t.",
        "epsilon": "The same epsilon means two things: the two forms put it in two places.",
        "epsilon * (1 - beta_2**t)": "Two slips: epsilon is divided, not multiplied, and by the root of 1 - beta_2**t.",
        "epsilon / math.sqrt(beta_2**t)": "The correction is 1 - beta_2**t, not beta_2**t.",
        "epsilon / (1 - math.sqrt(beta_2**t))": "The root covers all of 1 - beta_2**t.",
        "math.sqrt(epsilon / (1 - beta_2**t))": "Epsilon stands outside the root: only 1 - beta_2**t is under it.",
        "epsilon / np.sqrt((1 - beta_2) ** t)": "The power belongs to beta_2 alone: 1 - beta_2**t.",
        "epsilon / math.sqrt(1 - beta_2 ** (t + 1))": "t counts from 1 already: take beta_2 to the power t.",
        "1 / math.sqrt(1 - beta_2**t)": "That is the factor. Multiply epsilon by it.",
        "math.sqrt(1 - beta_2**t)": "That is the root of the correction. Divide epsilon by it.",
    },
    atol=0.0,
)


lowest_rate = Exercise(
    "lowest rate that n right answers of n allow",
    reference=lambda n: 0.05 ** (1 / n),
    cases=lambda rng: [(1,), (2,), (10,), (189,), (1000,)],
    mistakes={
        "0.05**n": "That is the chance of n right answers at a rate of 5 %. Ask for which p this chance is 5 %.",
        "0.95 ** (1 / n)": "p to the power n must be 0.05, not 0.95: lower rates make n right answers too unlikely.",
        "1 - 0.05 ** (1 / n)": "That is the highest rate of errors. The rate of right answers is asked for.",
        "0.05 / n": "The chances of single answers are multiplied, not added: p to the power n is 0.05.",
        "0.05 ** 0.5": "That is for two answers. Here there are n.",
        "1 - 0.05 / n": "That divides the 5 % among the answers. Solve p to the power n = 0.05 for p.",
        "1 - 3 / n": "That is the rule of three, which is near for large n. Solve p to the power n = 0.05 exactly.",
        "0.025 ** (1 / n)": "The limit is 5 %, all of it on one side: 0.05, not 0.025.",
        "n**0.05": "Base and exponent are swapped: the n-th root of 0.05 is asked for.",
        "math.log(0.05) / n": "That is the logarithm of p. Take the exponential of it.",
    },
)
