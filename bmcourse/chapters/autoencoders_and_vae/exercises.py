"""Exercises on autoencoders."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bmcourse.exercises import Case, Exercise

Array = npt.NDArray[Any]


def _codes(rng: np.random.Generator) -> list[Case]:
    drawn = [
        (rng.normal(size=(n, k)), rng.normal(size=(n, k))) for n, k in ((1, 1), (3, 2), (4, 5))
    ]
    return [(np.array([[1.0]]), np.array([[0.0]])), (np.zeros((2, 3)), np.zeros((2, 3))), *drawn]


def _kl(mean: Array, log_variance: Array) -> Array:
    each = mean**2 + np.exp(log_variance) - 1 - log_variance
    total: Array = 0.5 * each.sum(axis=1)
    return total


kl_from_standard = Exercise(
    "divergence from N(0, 1)",
    reference=_kl,
    cases=_codes,
    mistakes={
        "2 * _kl(mean, log_variance)": "The factor ½ is missing: it stands in the exponent of the Gaussian.",
        "-_kl(mean, log_variance)": "The sign is turned. A divergence is never negative.",
        "_kl(mean, log_variance).mean()": "Return one number for each image: add over the numbers of the code only.",
        "_kl(mean, log_variance).sum()": "Return one number for each image: add over the numbers of the code only.",
        "_kl(mean, log_variance) / mean.shape[1]": "You took the mean over the numbers of the code. Their divergences add, as the logarithms of independent densities do.",
        "0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance)": "Right for each number. Now add over the numbers of the code: one result for each image.",
        "0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance).sum(axis=0)": "You added over the images. Add over the numbers of the code, axis 1.",
        "0.5 * (mean**2 + np.exp(log_variance) - log_variance).sum(axis=1)": "The -1 is missing: it comes from the mean of ε², which is 1.",
        "0.5 * (mean**2 + log_variance - 1 - np.log(np.abs(log_variance) + 1e-300)).sum(axis=1)": "You took log σ² for σ². Its exponential is σ².",
        "0.5 * (mean**2 + np.exp(2 * log_variance) - 1 - 2 * log_variance).sum(axis=1)": "You took log σ² for log σ: no factor 2 is needed.",
        "0.5 * (mean**2 + np.exp(log_variance / 2) - 1 - log_variance / 2).sum(axis=1)": "σ² is exp(log_variance), and log σ² is log_variance itself: you took half of it.",
        "0.5 * (mean + np.exp(log_variance) - 1 - log_variance).sum(axis=1)": "The mean enters squared: it comes from the mean of z².",
        "0.5 * (mean**2 + np.exp(log_variance) - 1 + log_variance).sum(axis=1)": "The sign of log σ² is wrong: a narrow Gaussian (log σ² below 0) must cost more.",
        "0.5 * (mean**2 + np.exp(-log_variance) - 1 + log_variance).sum(axis=1)": "That is nearer to the divergence the other way round. Here q is the code's Gaussian, and its draws are averaged.",
    },
)


def _draws(rng: np.random.Generator) -> list[Case]:
    shapes = ((1, 1), (3, 2), (4, 5))
    return [tuple(rng.normal(size=shape) for _ in range(3)) for shape in shapes]


def _through(dz: Array, noise: Array, log_variance: Array) -> dict[str, Array]:
    return {"dmean": dz, "dlog_variance": 0.5 * np.exp(log_variance / 2) * noise * dz}


_BACK = "_through(dz, noise, log_variance)"
through_the_draw = Exercise(
    "back through the draw",
    reference=_through,
    cases=_draws,
    mistakes={
        f"{_BACK} | {{'dlog_variance': np.exp(log_variance / 2) * noise * dz}}": "dlog_variance: the ½ is missing. σ is exp(½ log σ²), so its slope is ½ σ.",
        f"{_BACK} | {{'dlog_variance': 0.5 * np.exp(log_variance) * noise * dz}}": "dlog_variance: you multiplied by σ². z holds σ, the exponential of half of log σ².",
        f"{_BACK} | {{'dlog_variance': np.exp(log_variance) * noise * dz}}": "dlog_variance: z holds σ = exp(½ log σ²). Its slope is ½ σ.",
        f"{_BACK} | {{'dlog_variance': noise * dz}}": "dlog_variance: that is the gradient for σ. One more step of the chain rule: σ = exp(½ log σ²).",
        f"{_BACK} | {{'dlog_variance': 0.5 * np.exp(log_variance / 2) * dz}}": "dlog_variance: the noise is missing. It multiplies σ in z.",
        f"{_BACK} | {{'dlog_variance': 0.5 * noise * dz}}": "dlog_variance: σ is missing. The slope of exp(½ log σ²) is ½ exp(½ log σ²).",
        f"{_BACK} | {{'dlog_variance': dz}}": "dlog_variance: z does not move one for one with log σ². It moves by ½ σ ε.",
        f"{_BACK} | {{'dmean': noise * dz}}": "dmean: μ is added to z, without the noise. Its slope is 1.",
        f"{_BACK} | {{'dmean': dz.sum(axis=0)}}": "dmean: each image has a μ of its own. Nothing is added up.",
        f"{_BACK} | {{'dmean': dz.mean(axis=0)}}": "dmean: each image has a μ of its own. Nothing is averaged.",
        f"{_BACK}['dmean']": "Return a dictionary with dmean and dlog_variance.",
        f"{_BACK}['dlog_variance']": "Return a dictionary with dmean and dlog_variance.",
    },
)

bytes_a_picture = Exercise(
    "bytes from a bound",
    reference=lambda bound: -bound / np.log(2) / 8,
    cases=lambda _: [(-100.0,), (-8 * np.log(2),), (-543.4,)],
    mistakes={
        "bound / np.log(2) / 8": "The sign: the bound is a logarithm of a probability, so it is negative. A length is its negative.",
        "-bound / 8": "A nat is not a bit. Divide by log 2 first.",
        "-bound / np.log(2)": "Those are bits. A byte has 8.",
        "-bound * np.log(2) / 8": "Divide by log 2: one bit is 0.693 nats, so there are more bits than nats.",
        "-bound / np.log(2) / 784": "That is bits a pixel. Asked for are bytes a picture.",
        "-bound / np.log(10) / 8": "A bit is a choice between two: the logarithm to base 2.",
        "np.exp(-bound) / 8": "The bound is a logarithm already, and so is a number of bits: only the base changes.",
        "np.exp(bound)": "That is a probability. The length is its logarithm to base 2, with the sign turned.",
    },
)


def _log_weights(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([[0.0, np.log(3)]]),),
        (rng.normal(-3, 2, (4, 5)),),
        (rng.normal(-9, 1, (3, 1)),),
        (rng.normal(-1500, 4, (3, 6)),),
        (rng.normal(-1, 1, (2, 4)) + np.array([[-1500.0], [0.0]]),),
    ]


def _tighter(log_weights: Array) -> Array:
    largest = log_weights.max(axis=1)
    found: Array = largest + np.log(np.exp(log_weights - largest[:, None]).mean(axis=1))
    return found


tighter_bound = Exercise(
    "importance-weighted bound",
    reference=_tighter,
    cases=_log_weights,
    mistakes={
        "np.log(np.exp(log_weights).mean(axis=1))": "The formula is right, but exp(-1500) is 0 on a computer, and log 0 is -inf. Take the largest of each row out first.",
        "log_weights.mean(axis=1)": "That is the ordinary bound: the mean of the logarithms. Take the logarithm of the mean.",
        "_tighter(log_weights) + np.log(log_weights.shape[1])": "You took the logarithm of the sum. The mean divides by the number of draws.",
        "log_weights.max(axis=1) + np.log(np.exp(log_weights - log_weights.max(axis=1, keepdims=True)).sum(axis=1))": "You took the logarithm of the sum. The mean divides by the number of draws.",
        "log_weights.max(axis=1)": "That is the best draw alone. Take the mean of all.",
        "np.exp(log_weights - log_weights.max(axis=1, keepdims=True)).mean(axis=1)": "Now take the logarithm, and add the largest again.",
        "np.log(np.exp(log_weights - log_weights.max(axis=1, keepdims=True)).mean(axis=1))": "What you took out must be added again: the largest of each row.",
        "_tighter(log_weights).mean()": "Return one number for each image.",
        "_tighter(log_weights.T)": "Rows are images, columns are draws: take the mean over the columns, axis 1.",
        "log_weights.max() + np.log(np.exp(log_weights - log_weights.max()).mean(axis=1))": "Take out the largest of each row. With one number for all rows, a row that lies far below becomes 0.",
    },
)


def _divergences(rng: np.random.Generator) -> list[Case]:
    kl = np.abs(rng.normal(size=(6, 5))) * np.array([2.0, 0.01, 1.0, 0.02, 0.3])
    one_image = np.full((8, 3), 0.01)
    one_image[2, 1] = 0.7  # its mean is just below 0.1
    few = np.full((200, 2), 0.06)  # the sum is large, the mean is not
    edge = np.array([[0.125, 0.25], [0.125, 0.25]])
    often = np.zeros((5, 2))
    often[:2, 0] = 1.5  # used for some images only: its median is 0
    return [
        (kl, 0.1),
        (one_image, 0.1),
        (few, 0.1),
        (edge, 0.125),
        (often, 0.1),
        (np.zeros((4, 4)), 0.1),
    ]


def _used(kl: Array, least: float) -> int:
    return int((kl.mean(axis=0) > least).sum())


units_used = Exercise(
    "units in use",
    reference=_used,
    cases=_divergences,
    mistakes={
        "int((kl.max(axis=0) > least).sum())": "You ask whether any image is above. One image can be an exception: take the mean over the images.",
        "int((kl.sum(axis=0) > least).sum())": "You added over the images: with many images every unit would count. Take the mean.",
        "int((kl.mean(axis=1) > least).sum())": "You counted images. Take the mean over the images, axis 0, and count units.",
        "int((kl > least).sum())": "You counted entries. Take the mean over the images first, then count units.",
        "int((kl.mean(axis=0) >= least).sum())": "Above `least`, not at it.",
        "(kl.mean(axis=0) > least).mean()": "That is the share of the units. Asked for is their number.",
        "kl.mean(axis=0) > least": "Now count them.",
        "int((kl.mean(axis=0) < least).sum())": "You counted the units that are not in use.",
        "int((kl.mean(axis=0) <= least).sum())": "You counted the units that are not in use.",
        "int((np.median(kl, axis=0) > least).sum())": "Take the mean over the images, not the median.",
        "kl.shape[1]": "That is the length of the code. Count the units whose mean is above `least`.",
    },
)
